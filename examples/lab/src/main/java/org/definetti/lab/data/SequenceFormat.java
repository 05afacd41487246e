package org.definetti.lab.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.AtomicFile;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/**
 * A file format for sequences of tokens.
 *
 * <ul>
 *   <li>{@link #CSV}: a header and one token per line, {@code sequence,x1,x2,…} for real vectors,
 *       {@code sequence,category} for categories, {@code sequence,k1,…,v1,…} for pairs. Lines of
 *       one sequence stand together.
 *   <li>{@link #JSONL}: one sequence per line, {@code {"sequence":"0","tokens":[[…],[…]]}}.
 *   <li>{@link #NPY}: one NumPy array of shape (count, length, width), float64; all sequences are
 *       of one length.
 *   <li>{@link #NPZ}: a {@link NpzArchive} with the tokens and the length of each sequence.
 * </ul>
 */
public enum SequenceFormat {
  /** Comma-separated values, one token per line. */
  CSV {
    @Override
    List<Named> readFile(Path file, TokenSpace space) throws IOException {
      return CsvSequences.read(file, space);
    }

    @Override
    String text(TokenSpace space, List<Named> sequences) {
      return CsvSequences.write(space, sequences);
    }
  },
  /** JSON Lines, one sequence per line. */
  JSONL {
    @Override
    List<Named> readFile(Path file, TokenSpace space) throws IOException {
      return JsonLinesSequences.read(file, space);
    }

    @Override
    String text(TokenSpace space, List<Named> sequences) {
      return JsonLinesSequences.write(space, sequences);
    }
  },
  /** A NumPy array file. */
  NPY {
    @Override
    List<Named> readFile(Path file, TokenSpace space) throws IOException {
      return NpySequences.read(file, space);
    }

    @Override
    byte[] bytes(TokenSpace space, List<Named> sequences) {
      return NpySequences.write(space, sequences);
    }
  },
  /** A NumPy archive. */
  NPZ {
    @Override
    List<Named> readFile(Path file, TokenSpace space) throws IOException {
      return NpzArchive.read(file, space);
    }

    @Override
    byte[] bytes(TokenSpace space, List<Named> sequences) {
      return NpzArchive.of(space, sequences).bytes();
    }
  };

  /**
   * One sequence of a file.
   *
   * @param name what the file calls it
   * @param tokens its tokens
   */
  public record Named(String name, Tokens tokens) {}

  abstract List<Named> readFile(Path file, TokenSpace space) throws IOException;

  String text(TokenSpace space, List<Named> sequences) {
    throw new UnsupportedOperationException(this + " is not a text format");
  }

  byte[] bytes(TokenSpace space, List<Named> sequences) {
    return text(space, sequences).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the format that a file's ending names.
   *
   * @param argument the option to name in errors
   * @throws IllegalArgumentException if it ends in none of {@code .csv}, {@code .jsonl}, {@code
   *     .npy}, {@code .npz}
   */
  public static SequenceFormat of(String argument, Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    for (SequenceFormat format : values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        argument + ": expected a file ending in .csv, .jsonl, .npy or .npz, got " + file);
  }

  /**
   * Reads every sequence of a file, in the format its ending names.
   *
   * @throws IllegalArgumentException naming line and column if the content is not of the space
   * @throws UncheckedIOException if the file cannot be read
   */
  public static List<Named> read(Path file, TokenSpace space) {
    SequenceFormat format = of("data", file);
    checkReadable("data", file);
    try {
      return format.readFile(file, space);
    } catch (IOException e) {
      throw new UncheckedIOException("data: cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static void checkReadable(String argument, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(argument + ": expected a readable file, got " + file);
    }
  }

  /**
   * Writes sequences atomically.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(Path file, TokenSpace space, List<Named> sequences) {
    AtomicFile.write(file, bytes(space, sequences));
  }
}
