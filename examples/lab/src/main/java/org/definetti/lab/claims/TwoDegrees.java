package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.run.Build;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * The first counterexample of C5 by fresh sequences: keys uniform on the circle at angle t, unit
 * values at angle t or 3t with probability 1/2, query at 0.3, kernel and softmax at γ = 0.3.
 *
 * <pre>{@code
 * E‖C softmax(q) - E[v|q]‖² → residual² ‖E[v|q]‖²,   C the best for this query
 * E‖CME(q) - E[v|q]‖²       → 0,   λ = 1
 * }</pre>
 */
final class TwoDegrees {

  private static final double TEMPERATURE = 0.3;
  private static final double QUERY = 0.3;
  private static final String CME = "cme";
  private static final String SOFTMAX = "softmax-times-best-C";
  private static final CircleLimit LIMIT = CircleLimit.uniform(1, 3);

  /** What was measured. */
  record Outcome(List<ClaimPart> parts, Results results) {}

  private record Size(List<Integer> lengths, int seeds, int sequences) {}

  private TwoDegrees() {}

  static Outcome check(String claim, Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(List.of(64, 256), 4, 16);
          case STANDARD -> new Size(Judging.octaves(6, 9, 1), 8, 4);
          case FULL -> new Size(Judging.octaves(6, 10, 1), 20, 4);
        };
    Results results = runner.execute(plan(claim, size, seed), cell -> measure(size, seed, cell));
    CurvePoint softmax = last(curve(results, SOFTMAX));
    CurvePoint cme = last(curve(results, CME));
    Verdict smaller =
        Judging.below(cme, softmax)
            .withReason("CME over softmax times its best C, at the longest sequence");
    Verdict larger = Judging.below(softmax, cme);
    return new Outcome(
        List.of(
            ClaimPart.of("two-degrees-measured", smaller)
                .withControl(Judging.control(larger, "the other way round: ratio %.1f"))),
        results);
  }

  private static CurvePoint last(Curve curve) {
    return curve.points().get(curve.points().size() - 1);
  }

  private static Curve curve(Results results, String attention) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(attention))
        .findFirst()
        .orElseThrow();
  }

  private static Plan plan(String claim, Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of(SOFTMAX, CME)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "two-degrees-on-circle")
                .with("claim", claim)
                .with("attention", attention)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    configuration.put("lengths", size.lengths.toString());
    return Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
    Attention attention =
        cell.axis("attention").equals(CME)
            ? KernelRidgeAttention.of(new RbfKernel(TEMPERATURE), 1)
            : new ScaledAttention(
                LIMIT.bestFactor(TEMPERATURE, QUERY), SoftmaxAttention.of(TEMPERATURE));
    SimpleMatrix query = new SimpleMatrix(1, 2, true, Math.cos(QUERY), Math.sin(QUERY));
    SimpleMatrix exact = new SimpleMatrix(1, 2, true, LIMIT.mean(QUERY));
    double[][] errors = new double[size.lengths.size()][size.sequences];
    for (int s = 0; s < size.sequences; s++) {
      int longest = size.lengths.get(size.lengths.size() - 1);
      Context context = tokens(longest, own.child(s).generator());
      for (int i = 0; i < size.lengths.size(); i++) {
        SimpleMatrix out = attention.attend(query, context.prefix(size.lengths.get(i)));
        errors[i][s] = out.minus(exact).elementPower(2).elementSum();
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < size.lengths.size(); i++) {
      points.add(
          new CellPoint(size.lengths.get(i), Map.of("squared-error", Estimate.of(errors[i]))));
    }
    return new CellResult(points);
  }

  private static Context tokens(int length, RandomGenerator rng) {
    double[] keys = new double[2 * length];
    double[] values = new double[2 * length];
    for (int l = 0; l < length; l++) {
      Sphere.fill(keys, 2 * l, 2, rng);
      double angle = Math.atan2(keys[2 * l + 1], keys[2 * l]);
      double turned = rng.nextBoolean() ? angle : 3 * angle;
      values[2 * l] = Math.cos(turned);
      values[2 * l + 1] = Math.sin(turned);
    }
    return Context.of(
        new SimpleMatrix(length, 2, true, keys), new SimpleMatrix(length, 2, true, values));
  }
}
