package org.definetti.experiment;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are there whole or not at all. */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes a text as UTF-8; otherwise as {@link #write(Path, byte[])}. */
  public static void write(Path path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file, replacing it if it exists.
   *
   * <p>The content goes to a temporary file beside it, reaches the disk, and is then moved over the
   * old file in one step; a reader sees the old content or the new. Missing directories are
   * created. Interrupting the thread does not cut it short.
   *
   * @param content the bytes. Not modified.
   * @throws UncheckedIOException if that fails; the old file is then untouched, and nothing else is
   *     left behind
   */
  public static void write(Path path, byte[] content) {
    Path target = path.toAbsolutePath();
    Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
    try {
      Files.createDirectories(target.getParent());
      try {
        // A stream, not a channel: an interrupt closes a channel in the middle of a write.
        try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
          out.write(content);
          out.getFD().sync();
        }
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }
}
