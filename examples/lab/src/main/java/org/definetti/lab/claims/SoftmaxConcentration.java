package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.Sample;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * C4: softmax attention concentrates around its own limit, with a known constant.
 *
 * <pre>{@code
 * S(q) = A z q,  A = A_d(1/γ)
 * L E‖attn(q) − S(q)‖² → V,        L E‖attn(q)/A − z q‖² → V / A²
 * }</pre>
 *
 * <ul>
 *   <li>Where: z the latent map, which the check knows and attention does not; V as in {@link
 *       org.definetti.derivation.SoftmaxAsymptotics}.
 *   <li>Metrics: {@code distance-to-limit}, {@code corrected-distance}, and {@code
 *       distance-to-mean}, that of attn(q) from {@code z q = E[v|k=q]}; all squared.
 *   <li>Parts: {@code directional-…} on M7, see {@link DirectionalConcentration}; on linear
 *       regression the slope of the first, and the constants of the first two over the lengths from
 *       2048 on, where terms of order 1/L² are well below the tolerance.
 *   <li>Control: the third does not fall.
 *   <li>Source: delta method for a ratio [derived] (check C4); V in closed form [derived].
 * </ul>
 */
public final class SoftmaxConcentration implements Claim {

  private static final String ID = "C4";

  private static final String TO_LIMIT = "distance-to-limit";
  private static final String CORRECTED = "corrected-distance";
  private static final String TO_MEAN = "distance-to-mean";
  private static final double SLOPE_TOLERANCE = 0.05;
  private static final double LEAST_LENGTH_OF_CONSTANT = 2048;

  /** How much work a budget does. */
  private record Size(List<Integer> lengths, int seeds, int sequences) {}

  /** Returns the claim. */
  public SoftmaxConcentration() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "softmax-concentration";
  }

  @Override
  public String statement() {
    return "Softmax attention at a fixed temperature concentrates around its own limit"
        + " S(q) = A_d(1/gamma) z q: L times the mean squared distance tends to the constant of the"
        + " delta method, and to that over A_d^2 once corrected.";
  }

  @Override
  public Source source() {
    return Source.derived("check C4: delta method for a ratio; the constant in closed form");
  }

  @Override
  public String prediction() {
    return String.format(
        Locale.ROOT,
        "squared distance to the limit ~ L^-1 ± %.2f; constants ± 5 %%: %s (M7), %.2f and, corrected,"
            + " %.2f (linear regression); distance to E[v|k=q] stays .386 (M7)",
        SLOPE_TOLERANCE,
        DirectionalConcentration.REFERENCE,
        SphereRegression.LIMIT.varianceConstant(),
        SphereRegression.LIMIT.correctedVarianceConstant());
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed("a ratio of two means of independent bounded weights");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 15;
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results =
        runner.execute(plan(size, seed), cell -> measure(size, seed, cell.axis(Cell.SEED)));
    double from = size.lengths.get(0);
    double to = size.lengths.get(size.lengths.size() - 1);
    Curve toLimit = curve(results, TO_LIMIT);
    Rate rate = toLimit.rate(from, to);
    Verdict slope = Judging.slope(budget, rate.expect(-1, SLOPE_TOLERANCE));
    Rate wrong = curve(results, TO_MEAN).rate(from, to);
    Control control =
        Control.of(
            wrong.expect(-1, SLOPE_TOLERANCE),
            String.format(
                Locale.ROOT,
                "distance to E[v|k=q] without the correction: slope %.3f",
                wrong.slope()));
    double constant = SphereRegression.LIMIT.varianceConstant();
    double corrected = SphereRegression.LIMIT.correctedVarianceConstant();
    ClaimResult directional =
        DirectionalConcentration.check(
            ID, budget, seed.child("directional"), runner.within("directional"));
    List<ClaimPart> parts = new ArrayList<>(directional.parts());
    parts.add(ClaimPart.of("slope", slope).withControl(control));
    parts.add(ClaimPart.of("constant", constant(budget, toLimit, constant)));
    parts.add(ClaimPart.of("corrected", constant(budget, curve(results, CORRECTED), corrected)));
    List<Results> all = new ArrayList<>(directional.results());
    all.add(results);
    List<JudgedRate> rates = new ArrayList<>(directional.rates());
    rates.add(new JudgedRate(rate, slope));
    rates.add(new JudgedRate(wrong, null));
    return ClaimResult.of(parts).withResults(all).withRates(rates);
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(Judging.octaves(7, 9, 1), 4, 100);
      case STANDARD -> new Size(Judging.octaves(7, 12, 1), 10, 300);
      case FULL -> new Size(Judging.octaves(7, 13, 1), 20, 500);
    };
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.seeds; s++) {
      cells.add(
          Cell.of("model", SphereRegression.MODEL.description().name())
              .with("claim", ID)
              .with("attention", "softmax")
              .with("origin", "derived")
              .with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("model", SphereRegression.MODEL.description().toString());
    configuration.put("temperature", String.valueOf(SphereRegression.TEMPERATURE));
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    configuration.put("longest", String.valueOf(size.lengths.get(size.lengths.size() - 1)));
    return Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
  }

  private static Curve curve(Results results, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  private static Verdict constant(Budget budget, Curve curve, double predicted) {
    double from = budget == Budget.SMOKE ? curve.values().get(0) : LEAST_LENGTH_OF_CONSTANT;
    return Judging.constant(curve, from, Prediction.near(predicted, tolerance(budget) * predicted));
  }

  /** At full 5 %; below, about as many standard errors of the fewer sequences. */
  private static double tolerance(Budget budget) {
    return switch (budget) {
      case SMOKE -> 0.3;
      case STANDARD -> 0.1;
      case FULL -> 0.05;
    };
  }

  private static Attention attention(String form) {
    return Derivation.of(SphereRegression.MODEL, form, SphereRegression.TEMPERATURE).attention();
  }

  /** Measures the three distances on nested prefixes of fresh sequences. */
  private static CellResult measure(Size size, Seed seed, String cell) {
    Seed own = seed.child(Long.parseLong(cell));
    double[][] toLimit = new double[size.lengths.size()][size.sequences];
    double[][] corrected = new double[size.lengths.size()][size.sequences];
    double[][] toMean = new double[size.lengths.size()][size.sequences];
    double factor = SphereRegression.LIMIT.limitFactor();
    Attention softmax = attention("softmax");
    Attention correctedSoftmax = attention("corrected-softmax");
    for (int s = 0; s < size.sequences; s++) {
      int longest = size.lengths.get(size.lengths.size() - 1);
      Sample<SimpleMatrix> sample =
          SphereRegression.MODEL.sample(longest, own.child(s).child("tokens").generator());
      SimpleMatrix query =
          SphereRegression.MODEL.drawQuery(own.child(s).child("query").generator());
      SimpleMatrix mean = query.mult(sample.latent().transpose());
      for (int i = 0; i < size.lengths.size(); i++) {
        Context context =
            Context.of(SphereRegression.MODEL, sample.tokens().prefix(size.lengths.get(i)));
        SimpleMatrix out = softmax.attend(query, context);
        toLimit[i][s] = squaredNorm(out.minus(mean.scale(factor)));
        corrected[i][s] = squaredNorm(correctedSoftmax.attend(query, context).minus(mean));
        toMean[i][s] = squaredNorm(out.minus(mean));
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < size.lengths.size(); i++) {
      points.add(
          new CellPoint(
              size.lengths.get(i),
              Map.of(
                  TO_LIMIT, Estimate.of(toLimit[i]),
                  CORRECTED, Estimate.of(corrected[i]),
                  TO_MEAN, Estimate.of(toMean[i]))));
    }
    return new CellResult(points);
  }

  private static double squaredNorm(SimpleMatrix row) {
    double norm = row.normF();
    return norm * norm;
  }
}
