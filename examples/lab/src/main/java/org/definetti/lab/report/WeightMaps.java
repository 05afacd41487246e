package org.definetti.lab.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * Turns attention weights measured over positions into heat maps: one for each model, a row a head,
 * a column a position. As curves they would hide each other.
 */
final class WeightMaps {

  private static final String METRIC = "attention-weight";
  private static final String AXIS = "position";

  private WeightMaps() {}

  /** Returns whether a row of {@code curves.csv} belongs to a map and to no curve. */
  static boolean isPartOfOne(Row row) {
    return row.text("metric").equals(METRIC) && row.text("axis").equals(AXIS);
  }

  /** Returns the maps of a run by file name without ending, in the order of the rows. */
  static Map<String, HeatMap> of(RunFiles files) {
    Map<String, Map<String, SortedMap<Double, Double>>> models = new LinkedHashMap<>();
    Map<String, Row> firsts = new LinkedHashMap<>();
    for (Row row : files.curves()) {
      if (isPartOfOne(row)) {
        String name = CurveFigures.fileName(row, "");
        firsts.putIfAbsent(name, row);
        models
            .computeIfAbsent(name, key -> new LinkedHashMap<>())
            .computeIfAbsent(CurveFigures.label(row), key -> new TreeMap<>())
            .put(row.number("value"), row.number("mean"));
      }
    }
    Map<String, HeatMap> maps = new LinkedHashMap<>();
    firsts.forEach(
        (name, row) ->
            maps.put(
                name,
                new HeatMap(
                    CurveFigures.title(row),
                    "head",
                    AXIS,
                    matrix(models.getOrDefault(name, Map.of())))));
    return maps;
  }

  private static SimpleMatrix matrix(Map<String, SortedMap<Double, Double>> heads) {
    int width = heads.values().stream().mapToInt(Map::size).max().orElse(0);
    DMatrixRMaj matrix = new DMatrixRMaj(heads.size(), width);
    int row = 0;
    for (SortedMap<Double, Double> head : heads.values()) {
      int column = 0;
      for (double weight : head.values()) {
        matrix.data[row * width + column++] = Double.isFinite(weight) ? Math.max(0, weight) : 0;
      }
      row++;
    }
    return SimpleMatrix.wrap(matrix);
  }
}
