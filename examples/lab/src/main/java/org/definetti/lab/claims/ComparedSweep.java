package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.lab.compare.Comparison;

/** Comparisons that differ in one number, as curves over it: one figure with all architectures. */
final class ComparedSweep {

  private ComparedSweep() {}

  /**
   * Returns what networks and bounds measured at the training length, over the number.
   *
   * @param axis its name
   * @param runs by the number, ascending, of the same architectures and seeds
   */
  static Results over(String axis, Map<Double, Comparison> runs) {
    Map<Cell, List<CellPoint>> points = new LinkedHashMap<>();
    Map<String, String> configuration = new LinkedHashMap<>();
    String version = "";
    for (Map.Entry<Double, Comparison> run : runs.entrySet()) {
      for (Results part : List.of(run.getValue().finals(), run.getValue().bounds())) {
        version = part.plan().version();
        part.plan()
            .configuration()
            .forEach((key, value) -> configuration.put(run.getKey() + " " + key, value));
        for (int i = 0; i < part.cells().size(); i++) {
          Cell cell = part.plan().cells().get(i).without("rate").without("trained-at");
          for (CellPoint point : part.cells().get(i).points()) {
            if (point.value() == run.getValue().design().items()) {
              points
                  .computeIfAbsent(cell, key -> new ArrayList<>())
                  .add(new CellPoint(run.getKey(), point.metrics()));
            }
          }
        }
      }
    }
    List<CellResult> results = points.values().stream().map(CellResult::new).toList();
    return new Results(
        Plan.of(version, configuration, axis, List.copyOf(points.keySet())), results);
  }
}
