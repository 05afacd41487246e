package org.definetti.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Groups the cells of a run into curves. */
final class Curves {

  // Of the squared gap: more, and a slope could be that of the oracle's error.
  private static final double LARGEST_ORACLE_SHARE = 0.1;

  private Curves() {}

  /** One seed's cell with what it measured. */
  private record Measured(Cell cell, CellResult result) {}

  static List<Curve> of(Results results) {
    Map<Cell, List<Measured>> groups = new LinkedHashMap<>();
    List<Cell> cells = results.plan().cells();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      groups
          .computeIfAbsent(cell.with(Cell.SEED, ""), key -> new ArrayList<>())
          .add(new Measured(cell, results.cells().get(i)));
    }
    List<Curve> curves = new ArrayList<>();
    for (List<Measured> group : groups.values()) {
      for (String metric : metrics(group)) {
        CurveKey key = new CurveKey(group.get(0).cell().axes(), metric, results.plan().sweptAxis());
        curves.add(curve(key, group));
      }
    }
    return List.copyOf(curves);
  }

  /** Returns the curve of a metric; every seed must have it at the same values. */
  private static Curve curve(CurveKey key, List<Measured> group) {
    List<Map<Double, Estimate>> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Measured one : group) {
      Map<Double, Estimate> column = new LinkedHashMap<>();
      for (CellPoint point : one.result().points()) {
        Estimate estimate = point.metrics().get(key.metric());
        if (estimate == null && key.metric().equals(Metric.ORACLE_ERROR.label())) {
          estimate = Estimate.exact(0); // a cell whose answers happened to be exact
        }
        if (estimate != null) {
          column.put(point.value(), estimate);
        }
      }
      columns.add(column);
      names.add(one.cell().axis(Cell.SEED));
    }
    List<Double> values = new ArrayList<>(columns.get(0).keySet());
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).keySet().equals(columns.get(0).keySet())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "cells: expected %s at the same %s of every seed, got %s of seed %s and %s of %s",
                key.metric(),
                key.sweptAxis(),
                values,
                names.get(0),
                columns.get(i).keySet(),
                group.get(i).cell()));
      }
    }
    List<SeedCurve> seeds = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      seeds.add(new SeedCurve(names.get(i), List.copyOf(columns.get(i).values())));
    }
    List<Double> doubtful = Metric.isAgainstOracle(key.metric()) ? doubtful(group) : List.of();
    return new Curve(key, values, seeds, values.stream().filter(doubtful::contains).toList());
  }

  /** Returns the values at which a cell's exact answers are too coarse for its gap. */
  private static List<Double> doubtful(List<Measured> group) {
    return group.stream()
        .flatMap(one -> one.result().points().stream())
        .filter(Curves::isDoubtful)
        .map(CellPoint::value)
        .distinct()
        .toList();
  }

  /** Returns whether the error of the exact answers may exceed a tenth of the squared gap. */
  static boolean isDoubtful(CellPoint point) {
    Estimate error = point.metrics().get(Metric.ORACLE_ERROR.label());
    Estimate gap = point.metrics().get(Metric.SQUARED_GAP.label());
    return error != null && gap != null && !(error.mean() <= LARGEST_ORACLE_SHARE * gap.mean());
  }

  private static Set<String> metrics(List<Measured> group) {
    Set<String> names = new TreeSet<>();
    for (Measured one : group) {
      one.result().points().forEach(point -> names.addAll(point.metrics().keySet()));
    }
    return names;
  }
}
