package org.definetti.experiment;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file from which a run continues: {@code journal.jsonl}, append-only, one checksummed record a
 * line, the first line naming the plan.
 *
 * <p>A cell counts as finished once its line is whole. A process killed while writing leaves a torn
 * last line, which is cut off when the journal is opened again; a line damaged in any other way is
 * passed over, and its cell is computed again. Both are reported. Every record names its plan, so
 * that losing the first line loses nothing else.
 *
 * <p>The file is locked while open. Plain blocking files are used because an interrupt closes a
 * channel in the middle of a record.
 */
final class Journal implements AutoCloseable {

  static final String FILE = "journal.jsonl";

  /** Records reach the disk at least this often; only a crash of the machine can lose the rest. */
  private static final long FORCE_INTERVAL_NANOS = 200_000_000L;

  private final Path path;
  private final Plan plan;
  private final String planHash;
  private final Consumer<String> notes;
  private final RandomAccessFile file;
  private final Map<String, CellResult> finished = new HashMap<>();
  private boolean dirty;
  private long lastForceNanos = System.nanoTime();

  private Journal(Path path, Plan plan, RandomAccessFile file, Consumer<String> notes) {
    this.path = path;
    this.plan = plan;
    this.planHash = plan.hash();
    this.notes = notes;
    this.file = file;
  }

  /**
   * Opens the journal of a plan, creating directory and file when needed.
   *
   * @param resume whether an existing journal is continued
   * @param notes hears one line about everything that was dropped
   */
  static Journal open(Path directory, Plan plan, boolean resume, Consumer<String> notes) {
    Path path = directory.resolve(FILE);
    try {
      Files.createDirectories(directory);
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      boolean opened = false;
      try {
        lock(file, directory);
        Journal journal = new Journal(path, plan, file, notes);
        journal.load(resume);
        opened = true;
        return journal;
      } finally {
        if (!opened) {
          file.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("out: cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns what the journal holds for the cell at a place of the plan, or null. */
  @Nullable CellResult finished(int index) {
    return finished.get(plan.cells().get(index).key());
  }

  /** Appends a finished cell. */
  void append(int index, CellResult result, long nanos) {
    Cell cell = plan.cells().get(index);
    try {
      file.write(JournalLine.encode(JournalCodec.cell(planHash, cell, result, nanos)));
      dirty = true;
      if (System.nanoTime() - lastForceNanos > FORCE_INTERVAL_NANOS) {
        force();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("out: cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try (file) {
      force();
    } catch (IOException e) {
      throw new UncheckedIOException("out: cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private void force() throws IOException {
    if (dirty) {
      file.getFD().sync();
    }
    dirty = false;
    lastForceNanos = System.nanoTime();
  }

  private static void lock(RandomAccessFile file, Path directory) throws IOException {
    FileLock lock;
    try {
      lock = file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IllegalArgumentException(
          "out: expected a directory that no other run writes, got " + directory);
    }
  }

  private void load(boolean resume) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.length())];
    file.readFully(bytes);
    byte[] header = JournalLine.encode(JournalCodec.header(JournalCodec.Header.of(plan)));
    boolean tornHeader =
        bytes.length < header.length && Arrays.equals(bytes, Arrays.copyOf(header, bytes.length));
    if (bytes.length > 0 && !resume) {
      throw new IllegalArgumentException(
          "out: " + path.getParent() + " already holds a run; pass --resume to continue it");
    }
    if (tornHeader) {
      file.setLength(0);
      file.write(header);
      dirty = true;
      force();
      return;
    }
    readLines(bytes);
  }

  private void readLines(byte[] bytes) throws IOException {
    int readable = 0;
    int number = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = lineEnd(bytes, start);
      number++;
      String record = JournalLine.decode(Arrays.copyOfRange(bytes, start, end));
      boolean torn = end == bytes.length;
      if (record != null) {
        read(record);
        readable++;
        if (torn) {
          file.write('\n');
          dirty = true;
        }
      } else if (torn) {
        notes.accept(FILE + ": line " + number + " is torn and was cut off");
        file.setLength(start);
        file.seek(start);
      } else {
        notes.accept(FILE + ": line " + number + " fails its checksum and was passed over");
      }
      start = end + 1;
    }
    if (readable == 0) {
      throw new IllegalArgumentException(
          "out: expected the journal of plan " + planHash + ", got no readable line in " + path);
    }
  }

  private static int lineEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  private void read(String record) throws IOException {
    if (record.startsWith("{\"journal\"")) {
      JournalCodec.Header header = JournalCodec.readHeader(record);
      refuseOther(header.plan(), differences(header));
      return;
    }
    JournalCodec.CellRecord cell = JournalCodec.readCell(record);
    refuseOther(cell.plan(), "");
    finished.putIfAbsent(cell.key(), cell.result());
  }

  private void refuseOther(String otherHash, String differences) {
    if (!otherHash.equals(planHash)) {
      throw new IllegalArgumentException(
          "out: expected the journal of plan "
              + planHash
              + ", got plan "
              + otherHash
              + " in "
              + path.getParent()
              + differences);
    }
  }

  /** Returns what differs between the header and this plan, as the end of a sentence. */
  private String differences(JournalCodec.Header other) {
    JournalCodec.Header mine = JournalCodec.Header.of(plan);
    Map<String, String> expected = settings(mine);
    Map<String, String> got = settings(other);
    TreeSet<String> names = new TreeSet<>(expected.keySet());
    names.addAll(got.keySet());
    List<String> differing =
        names.stream()
            .filter(name -> !expected.getOrDefault(name, "").equals(got.getOrDefault(name, "")))
            .map(
                name ->
                    String.format(
                        Locale.ROOT,
                        "%s: expected %s, got %s",
                        name,
                        expected.getOrDefault(name, "nothing"),
                        got.getOrDefault(name, "nothing")))
            .toList();
    return differing.isEmpty() ? "; the cells differ" : "; " + String.join("; ", differing);
  }

  private static Map<String, String> settings(JournalCodec.Header header) {
    Map<String, String> settings = new TreeMap<>(header.configuration());
    settings.put("version", header.version());
    settings.put("swept axis", header.axis());
    settings.put("number of cells", Integer.toString(header.cells()));
    return settings;
  }
}
