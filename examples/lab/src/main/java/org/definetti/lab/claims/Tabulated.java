package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.lab.run.Build;

/**
 * Curves of formulas, computed and not measured: one cell a curve, no noise. They are drawn beside
 * what is measured.
 */
final class Tabulated {

  private final String claim;
  private final String model;
  private final String metric;
  private final Map<String, DoubleUnaryOperator> curves;

  private Tabulated(
      String claim, String model, String metric, Map<String, DoubleUnaryOperator> curves) {
    this.claim = claim;
    this.model = model;
    this.metric = metric;
    this.curves = curves;
  }

  /**
   * Returns a table without curves.
   *
   * @param model what the curves are about, for the title of the figure
   * @param metric what they show
   */
  static Tabulated of(String claim, String model, String metric) {
    return new Tabulated(claim, model, metric, Map.of());
  }

  /** Returns this table with one more curve. */
  Tabulated with(String name, DoubleUnaryOperator curve) {
    Map<String, DoubleUnaryOperator> more = new LinkedHashMap<>(curves);
    more.put(name, curve);
    return new Tabulated(claim, model, metric, more);
  }

  /** Computes the curves at these values, which must ascend, of an axis. Not modified. */
  Results over(String axis, double[] values, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (String name : curves.keySet()) {
      cells.add(
          Cell.of("model", model)
              .with("claim", claim)
              .with("attention", name)
              .with("origin", "derived")
              .with(Cell.SEED, "0"));
    }
    Map<String, String> configuration = Map.of("values", List.of(boxed(values)).toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, axis, cells);
    return runner.execute(
        plan, cell -> points(Objects.requireNonNull(curves.get(cell.axis("attention"))), values));
  }

  private static Double[] boxed(double[] values) {
    Double[] boxed = new Double[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }

  private CellResult points(DoubleUnaryOperator curve, double[] values) {
    List<CellPoint> points = new ArrayList<>();
    for (double value : values) {
      points.add(new CellPoint(value, Map.of(metric, Estimate.exact(curve.applyAsDouble(value)))));
    }
    return new CellResult(points);
  }
}
