package org.definetti.lab.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A NumPy archive: named arrays in one file, as {@code numpy.savez} writes them. The same arrays
 * give the same bytes, on any machine and at any time.
 *
 * <table>
 *   <caption>Arrays of n sequences</caption>
 *   <tr><th>name</th><th>what</th></tr>
 *   <tr><td>{@code tokens}</td><td>float64, shape (n, greatest length, width), zeros after the end
 *       of a shorter sequence</td></tr>
 *   <tr><td>{@code lengths}</td><td>int64, shape (n,)</td></tr>
 *   <tr><td>{@code labels}</td><td>float64, shape (n, label width), if there are labels</td></tr>
 *   <tr><td>{@code predictive_mean}, …</td><td>the {@link ExactAnswers}, float64, shape (n, size)
 *       each, (n,) where it is one number by its nature; only those that all sequences have</td></tr>
 * </table>
 */
public final class NpzArchive {

  private static final String TOKENS = "tokens";
  private static final String LENGTHS = "lengths";
  private static final String SUFFIX = ".npy";

  /** Of the year in which zip files begin, but not its first day: that one is written by zone. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Map<String, byte[]> arrays;

  NpzArchive(Map<String, byte[]> arrays) {
    this.arrays = arrays;
  }

  /** Returns the archive of these sequences: tokens and lengths. */
  public static NpzArchive of(TokenSpace space, List<Named> sequences) {
    long[] lengths = sequences.stream().mapToLong(one -> one.tokens().length()).toArray();
    int longest = Math.toIntExact(Arrays.stream(lengths).max().orElse(0));
    int size = Math.multiplyExact(longest, space.width());
    double[] numbers = new double[Math.multiplyExact(sequences.size(), size)];
    for (int i = 0; i < sequences.size(); i++) {
      sequences.get(i).tokens().copyRows(numbers, i * size);
    }
    int[] shape = {sequences.size(), longest, space.width()};
    return new NpzArchive(Map.of())
        .with(TOKENS, new NpyArray(shape, numbers).bytes())
        .with(LENGTHS, NpyArray.bytesOf(lengths));
  }

  /**
   * Returns this archive with the labels of its sequences.
   *
   * @param labels one row for each sequence, all as wide. Not modified.
   */
  public NpzArchive withLabels(List<double[]> labels) {
    return with("labels", rows(labels, false));
  }

  /**
   * Returns this archive with the exact answers about its sequences.
   *
   * @param answers what {@link ExactAnswers#of} says about each sequence. Not modified.
   */
  public NpzArchive withExact(List<Map<String, SimpleMatrix>> answers) {
    NpzArchive archive = this;
    for (String quantity : answers.isEmpty() ? List.<String>of() : answers.get(0).keySet()) {
      if (answers.stream().allMatch(one -> one.containsKey(quantity))) {
        List<double[]> rows = new ArrayList<>();
        answers.forEach(one -> rows.add(numbers(Objects.requireNonNull(one.get(quantity)))));
        archive =
            archive.with(quantity.replace('-', '_'), rows(rows, ExactAnswers.isNumber(quantity)));
      }
    }
    return archive;
  }

  private static double[] numbers(SimpleMatrix matrix) {
    return IntStream.range(0, matrix.getNumElements()).mapToDouble(matrix::get).toArray();
  }

  NpzArchive with(String name, byte[] array) {
    Map<String, byte[]> more = new LinkedHashMap<>(arrays);
    more.put(name, array);
    return new NpzArchive(more);
  }

  private static byte[] rows(List<double[]> rows, boolean flat) {
    int width = rows.isEmpty() ? 0 : rows.get(0).length;
    double[] numbers = rows.stream().flatMapToDouble(Arrays::stream).toArray();
    int[] shape = flat ? new int[] {rows.size()} : new int[] {rows.size(), width};
    return new NpyArray(shape, numbers).bytes();
  }

  /**
   * Writes the archive atomically.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    AtomicFile.write(file, bytes());
  }

  /** Returns the bytes of the file: stored, as compressors differ, and without a time. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        CRC32 sum = new CRC32();
        sum.update(array.getValue());
        ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(array.getValue().length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(array.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array of bytes cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the sequences of an archive: its tokens, and its lengths if it has them.
   *
   * @throws IllegalArgumentException if it is no archive with tokens of the space
   */
  static List<Named> read(Path file, TokenSpace space) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      NpyArray tokens = NpyArray.of("data", array(file, zip), -1, -1, space.width());
      long[] lengths = lengths(zip, tokens);
      List<Named> sequences = new ArrayList<>();
      for (int i = 0; i < tokens.size(0); i++) {
        double[] rows = tokens.part(i);
        int length = (int) lengths[i];
        for (int j = 0; j < length; j++) {
          space.check("data sequence " + i + ", token " + j, rows, j * space.width());
        }
        rows = Arrays.copyOf(rows, length * space.width());
        sequences.add(new Named(String.valueOf(i), Tokens.owning(space, rows)));
      }
      return sequences;
    } catch (ZipException e) {
      throw noArchive(file, e);
    }
  }

  /** Returns how wide an archive's tokens are. */
  static int width(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return NpyArray.of("data", array(file, zip), -1, -1, -1).size(2);
    } catch (ZipException e) {
      throw noArchive(file, e);
    }
  }

  private static IllegalArgumentException noArchive(Path file, ZipException e) {
    return new IllegalArgumentException(
        "data: expected a NumPy archive, got " + file + ": " + e.getMessage(), e);
  }

  private static byte[] array(Path file, ZipFile zip) throws IOException {
    byte[] tokens = bytes(zip, TOKENS);
    if (tokens == null) {
      throw new IllegalArgumentException(
          "data: expected an array " + TOKENS + ", got none in " + file);
    }
    return tokens;
  }

  private static long[] lengths(ZipFile zip, NpyArray tokens) throws IOException {
    byte[] array = bytes(zip, LENGTHS);
    if (array == null) {
      long[] all = new long[tokens.size(0)];
      Arrays.fill(all, tokens.size(1));
      return all;
    }
    long[] lengths = NpyArray.wholes("data lengths", array, tokens.size(0));
    for (long length : lengths) {
      if (length < 0 || length > tokens.size(1)) {
        throw new IllegalArgumentException(
            "data lengths: expected 0 to " + tokens.size(1) + ", got " + length);
      }
    }
    return lengths;
  }

  private static byte @Nullable [] bytes(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name + SUFFIX);
    return entry == null ? null : zip.getInputStream(entry).readAllBytes();
  }
}
