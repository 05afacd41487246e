package org.definetti.lab.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.jspecify.annotations.Nullable;

/** Reads sequences where no model says yet how wide tokens are or how many categories there are. */
public final class UnknownSpace {

  private static final String CATEGORIES_HEADER = "sequence,category";

  private UnknownSpace() {}

  /**
   * Returns whether a file holds categories: true or false if it is CSV, whose header says so, and
   * null if the format does not say.
   */
  public static @Nullable Boolean holdsCategories(Path file) {
    if (SequenceFormat.of("data", file) != SequenceFormat.CSV) {
      return null;
    }
    return firstLine(file).replace(" ", "").replace("\ufeff", "").equals(CATEGORIES_HEADER);
  }

  /**
   * Reads sequences of categories.
   *
   * @param count the number of categories, or 0 for one more than the largest that occurs
   * @throws IllegalArgumentException naming the line if a token is no category
   */
  public static List<Named> readCategories(Path file, int count) {
    CategoricalTokens any = new CategoricalTokens(count == 0 ? Integer.MAX_VALUE : count);
    List<Named> sequences = SequenceFormat.read(file, any);
    if (count > 0) {
      return sequences;
    }
    int largest = 1; // there are at least two categories
    for (Named sequence : sequences) {
      for (int l = 0; l < sequence.tokens().length(); l++) {
        largest = Math.max(largest, (int) sequence.tokens().at(l, 0));
      }
    }
    CategoricalTokens space = new CategoricalTokens(largest + 1);
    return sequences.stream().map(sequence -> inSpace(sequence, space)).toList();
  }

  private static Named inSpace(Named sequence, CategoricalTokens space) {
    double[] rows = new double[sequence.tokens().length()];
    sequence.tokens().copyRows(rows, 0);
    return new Named(sequence.name(), Tokens.owning(space, rows));
  }

  /**
   * Reads sequences of real vectors, as wide as the first.
   *
   * @throws IllegalArgumentException if there is no token, or a later one is of another width
   */
  public static List<Named> readNumbers(Path file) {
    int width =
        switch (SequenceFormat.of("data", file)) {
          case CSV -> firstLine(file).split(",", -1).length - 1;
          case JSONL -> firstTokenWidth(file);
          case NPY, NPZ -> lastAxis(file);
        };
    if (width < 1) {
      throw new IllegalArgumentException("data: expected at least one token, got none in " + file);
    }
    return SequenceFormat.read(file, new RealTokens(width));
  }

  private static String firstLine(Path file) {
    SequenceFormat.checkReadable("data", file);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static int firstTokenWidth(Path file) {
    SequenceFormat.checkReadable("data", file);
    ObjectMapper mapper = new ObjectMapper();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode tokens = line.isBlank() ? null : mapper.readTree(line).path("tokens");
        if (tokens != null && !tokens.isEmpty()) {
          return tokens.get(0).size();
        }
      }
      return 0;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "data: expected lines of JSON, got " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static int lastAxis(Path file) {
    SequenceFormat.checkReadable("data", file);
    try {
      return SequenceFormat.of("data", file) == SequenceFormat.NPZ
          ? NpzArchive.width(file)
          : NpyArray.read("data", file, -1, -1, -1).size(2);
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static UncheckedIOException cannotRead(Path file, IOException e) {
    return new UncheckedIOException("data: cannot read " + file + ": " + e.getMessage(), e);
  }
}
