package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.SphericalTarget;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * The part {@code schedule} of C5: softmax attention on the circle whose temperature falls as
 * {@code 0.6 L^(-2/5)}, against a linear conditional mean seen through noise of variance 1/2.
 *
 * <p>Control: a fixed temperature of 0.3.
 */
final class TemperatureSchedule {

  private static final double SLOPE = -0.8;
  private static final double FIXED = 0.3;
  private static final int VALUE_WIDTH = 4;
  private static final SphericalTarget TARGET = SphericalTarget.of(2, 0.5).withDegree(1, 1);

  /** What was measured. */
  record Outcome(ClaimPart part, Results results, List<JudgedRate> rates) {}

  private record Size(List<Integer> lengths, int seeds, int sequences, double tolerance) {}

  private TemperatureSchedule() {}

  static Outcome check(String claim, Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(Judging.octaves(9, 10, 1), 4, 50, 0.06);
          case STANDARD -> new Size(Judging.octaves(9, 12, 1), 10, 300, 0.06);
          case FULL -> new Size(Judging.octaves(9, 14, 1), 20, 500, 0.03);
        };
    Results results = runner.execute(plan(claim, size, seed), cell -> measure(size, seed, cell));
    double from = size.lengths.get(0);
    double to = size.lengths.get(size.lengths.size() - 1);
    Rate falling = curve(results, "scheduled-softmax").rate(from, to);
    Rate fixed = curve(results, "softmax").rate(from, to);
    Verdict slope = Judging.slope(budget, falling.expect(SLOPE, size.tolerance));
    Control control =
        Control.of(
            fixed.expect(SLOPE, size.tolerance),
            String.format(Locale.ROOT, "temperature fixed at 0.3: slope %.3f", fixed.slope()));
    return new Outcome(
        ClaimPart.of("schedule", slope).withControl(control),
        results,
        List.of(new JudgedRate(falling, slope), new JudgedRate(fixed, null)));
  }

  private static Curve curve(Results results, String attention) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(attention))
        .findFirst()
        .orElseThrow();
  }

  private static Plan plan(String claim, Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of("scheduled-softmax", "softmax")) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "linear-mean-on-circle")
                .with("claim", claim)
                .with("attention", attention)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    configuration.put("longest", String.valueOf(size.lengths.get(size.lengths.size() - 1)));
    return Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
    boolean scheduled = cell.axis("attention").equals("scheduled-softmax");
    double[][] errors = new double[size.lengths.size()][size.sequences];
    for (int s = 0; s < size.sequences; s++) {
      Seed sequence = own.child(s);
      SphericalFunction function =
          SphericalFunction.draw(TARGET, VALUE_WIDTH, sequence.child("function").generator());
      int longest = size.lengths.get(size.lengths.size() - 1);
      Context context = function.tokens(longest, sequence.child("tokens").generator());
      double[] query = new double[2];
      Sphere.fill(query, 0, 2, sequence.child("query").generator());
      SimpleMatrix exact = new SimpleMatrix(1, VALUE_WIDTH, true, function.at(query));
      for (int i = 0; i < size.lengths.size(); i++) {
        int length = size.lengths.get(i);
        double temperature = scheduled ? 0.6 * Math.pow(length, -0.4) : FIXED;
        SimpleMatrix out =
            SoftmaxAttention.of(temperature)
                .attend(new SimpleMatrix(1, 2, true, query), context.prefix(length));
        errors[i][s] = out.minus(exact).elementPower(2).elementSum() / VALUE_WIDTH;
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < size.lengths.size(); i++) {
      points.add(
          new CellPoint(size.lengths.get(i), Map.of("squared-error", Estimate.of(errors[i]))));
    }
    return new CellResult(points);
  }
}
