package org.definetti.lab.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.experiment.Csv;
import org.definetti.lab.data.SequenceFormat.Named;

/**
 * What somebody's network predicts for each sequence of a file, one row of numbers a sequence.
 *
 * <ul>
 *   <li>CSV: a header {@code sequence,y1,y2,…}, one line a sequence, by name, in any order;
 *   <li>NumPy: an array of shape (count, width), float64, in the order of the sequences.
 * </ul>
 */
public final class Predictions {

  private Predictions() {}

  /**
   * Returns the prediction of each sequence, in the order of the sequences.
   *
   * @throws IllegalArgumentException if the file does not hold one finite row of the width for each
   *     sequence
   * @throws UncheckedIOException if the file cannot be read
   */
  public static List<double[]> read(Path file, List<Named> sequences, int width) {
    SequenceFormat.checkReadable("predictions", file);
    String name = file.toString().toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".npy")) {
        return rows(NpyArray.read("predictions", file, sequences.size(), width));
      }
      if (name.endsWith(".csv")) {
        return byName(file, sequences, width);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("predictions: cannot read " + file + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "predictions: expected a file ending in .csv or .npy, got " + file);
  }

  /** Returns rows of numbers, one a sequence, in the CSV form that {@link #read} takes. */
  public static String csv(List<Named> sequences, List<double[]> rows) {
    int width = rows.isEmpty() ? 0 : rows.get(0).length;
    List<String> columns = new ArrayList<>(List.of("sequence"));
    for (int j = 1; j <= width; j++) {
      columns.add("y" + j);
    }
    Csv csv = Csv.withColumns(columns.toArray(String[]::new));
    for (int i = 0; i < rows.size(); i++) {
      List<Object> cells = new ArrayList<>(List.of(sequences.get(i).name()));
      for (double number : rows.get(i)) {
        cells.add(number);
      }
      csv.row(cells.toArray());
    }
    return csv.text();
  }

  private static List<double[]> rows(NpyArray array) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < array.size(0); i++) {
      double[] row = array.part(i);
      for (double number : row) {
        if (!Double.isFinite(number)) {
          throw new IllegalArgumentException(
              "predictions row " + i + ": expected finite numbers, got " + number);
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<double[]> byName(Path file, List<Named> sequences, int width)
      throws IOException {
    List<String> columns = new ArrayList<>(List.of("sequence"));
    for (int i = 1; i <= width; i++) {
      columns.add("y" + i);
    }
    Map<String, double[]> found = new LinkedHashMap<>();
    CsvTable.read(
        "predictions",
        file,
        columns,
        line -> {
          if (found.put(line.name(), line.numbers()) != null) {
            throw new IllegalArgumentException(
                line.where() + ": expected each sequence once, got " + line.name() + " again");
          }
        });
    List<double[]> rows = new ArrayList<>();
    for (Named sequence : sequences) {
      double[] row = found.remove(sequence.name());
      if (row == null) {
        throw new IllegalArgumentException(
            "predictions: expected a line for sequence " + sequence.name() + ", got none");
      }
      rows.add(row);
    }
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          "predictions: expected the sequences of the data, got also "
              + found.keySet().iterator().next());
    }
    return rows;
  }
}
