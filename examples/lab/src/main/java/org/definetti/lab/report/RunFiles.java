package org.definetti.lab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ResultFiles;

/**
 * The result files of one run, as read: whatever is there, and emptiness for what is not.
 *
 * @param manifest the manifest, a missing node where there is none
 * @param verdicts rows of {@code verdicts.csv}
 * @param curves rows of {@code curves.csv}
 * @param slopes rows of {@code slopes.csv}
 * @param localSlopes rows of {@code local-slopes.csv}
 * @param diagnosis rows of {@code diagnosis.csv}
 * @param losses rows of {@code loss.csv}
 * @param validation rows of {@code validation.csv}
 * @param finishedCount how many cells have a result, 0 where none is recorded
 */
record RunFiles(
    JsonNode manifest,
    List<Row> verdicts,
    List<Row> curves,
    List<Row> slopes,
    List<Row> localSlopes,
    List<Row> diagnosis,
    List<Row> losses,
    List<Row> validation,
    long finishedCount) {

  /** The columns that say which curve a row belongs to. */
  static final List<String> CURVE_KEY =
      List.of(
          "model", "attention", "origin", "objective", "train_length", "metric", "axis", "fixed");

  private static final List<String> KNOWN =
      List.of("manifest.json", "verdicts.csv", "curves.csv", "slopes.csv", "journal.jsonl");

  /**
   * Reads a run directory.
   *
   * @throws IllegalArgumentException if it does not exist, holds no file of a run, or a file in it
   *     is not of its form
   * @throws UncheckedIOException if a file cannot be read
   */
  static RunFiles read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "directory: expected the directory of a run, got " + directory);
    }
    if (KNOWN.stream().noneMatch(name -> Files.exists(directory.resolve(name)))) {
      throw new IllegalArgumentException(
          "directory: expected at least one of "
              + String.join(", ", KNOWN)
              + ", got none of them in "
              + directory);
    }
    return new RunFiles(
        manifest(directory.resolve("manifest.json")),
        rows(directory.resolve("verdicts.csv"), List.of("claim", "verdict")),
        rows(directory.resolve("curves.csv"), List.of("model", "metric", "value", "mean")),
        rows(directory.resolve("slopes.csv"), List.of("model", "metric", "from", "to", "slope")),
        rows(directory.resolve("local-slopes.csv"), List.of("model", "metric", "slope")),
        rows(directory.resolve("diagnosis.csv"), List.of("posterior", "diagnostic", "value")),
        rows(directory.resolve("loss.csv"), List.of("step", "loss")),
        rows(directory.resolve("validation.csv"), List.of("step", "loss")),
        finished(directory));
  }

  /** Returns what a run with these curves and nothing else leaves. */
  static RunFiles of(List<Curve> curves) {
    List<Row> rows;
    try (Reader reader = new StringReader(ResultFiles.curves(curves))) {
      rows = rows("curves.csv", reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    List<Row> none = List.of();
    return new RunFiles(MissingNode.getInstance(), none, rows, none, none, none, none, none, 0);
  }

  private static JsonNode manifest(Path file) {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode tree = new ObjectMapper().readTree(Files.readAllBytes(file));
      return tree.isObject() ? tree : MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": expected JSON, got: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static List<Row> rows(Path file, List<String> required) {
    if (!Files.exists(file)) {
      return List.of();
    }
    String name = String.valueOf(file.getFileName());
    List<Row> rows;
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      rows = rows(name, reader);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          name + ": expected comma-separated values, got: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    for (String column : required) {
      if (!rows.isEmpty() && !rows.get(0).cells().containsKey(column)) {
        throw new IllegalArgumentException(
            name + ": expected a column " + column + ", got " + rows.get(0).cells().keySet());
      }
    }
    return rows;
  }

  private static List<Row> rows(String name, Reader reader) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(reader)) {
      while (lines.hasNextValue()) {
        rows.add(new Row(name, rows.size() + 2L, lines.nextValue()));
      }
    }
    return List.copyOf(rows);
  }

  /** Counts the cells that have a result; the journal is complete before the other file exists. */
  private static long finished(Path directory) {
    for (String name : List.of("cells.jsonl", "journal.jsonl")) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        // A torn last record may hold bytes that are no letters: read as Latin, nothing is refused.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          return lines.filter(line -> !line.isBlank()).count();
        } catch (IOException e) {
          throw unreadable(file, e);
        }
      }
    }
    return 0;
  }

  private static UncheckedIOException unreadable(Path file, IOException cause) {
    return new UncheckedIOException("cannot read " + file + ": " + cause.getMessage(), cause);
  }
}
