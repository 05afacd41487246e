package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.derivation.SphereSpectrum;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.run.Build;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LatentFunction;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * C2: the Bayes error of CME attention on a Gaussian process is about {@code s2 Γ(s2/L) / L}.
 *
 * <pre>{@code
 * posterior variance   κ(q,q) - κ(q,K) (κ(K,K) + s2 I)⁻¹ κ(K,q) = E‖attn(q) - f(q)‖² at λ = s2
 * its mean             >= s2 Γ(s2/L) / L, with ratio -> 1;   Γ(m) = tr C (C + m)⁻¹
 * at finite L          ε = (s2 + ε) Γ((s2 + ε)/L) / L
 * }</pre>
 *
 * <ul>
 *   <li>Model: Gaussian kernel of bandwidth 1/2 on the sphere of R^3, prior variance 1, s2 = 1/4.
 *   <li>Metrics: {@code posterior-variance}, the mean over fresh queries of what the attention says
 *       of itself; {@code squared-error} of its output against the drawn function, at λ = s2 and at
 *       λ = L^(3/4).
 *   <li>Parts: {@code ratio} at the longest sequence, {@code lower-bound} at every length; {@code
 *       finite-length}, the self-consistent value; {@code calibrated}, error over variance; {@code
 *       slope} and {@code slope-three-quarters} against the slopes that the two closed forms have
 *       over the same lengths; {@code far-slower}.
 *   <li>Lower bound: the trace of {@code C (I + C^½ A C^½ / s2)⁻¹} is convex in A, whose mean is L
 *       times the identity (Jensen).
 *   <li>λ = L^(3/4): {@code Σ N μ (ρ/(μ+ρ))² + (s2/L) Σ N (μ/(μ+ρ))²}, ρ = λ/L, for many keys.
 *   <li>Controls: twice the noise in the formula; λ = L^(3/4) in place of Bayes.
 *   <li>Source: [derived] (check C2); the self-consistent equation [recalled: learning curves of
 *       Gaussian processes].
 * </ul>
 */
public final class GaussianProcessRate implements Claim {

  private static final String ID = "C2";
  private static final String VARIANCE = "posterior-variance";
  private static final String ERROR = "squared-error";
  private static final String BAYES = "s2";
  private static final String SLOW = "L^3/4";
  private static final int DIMENSION = 3;
  private static final double BANDWIDTH = 0.5;
  private static final double NOISE = 0.25;
  private static final int VALUE_WIDTH = 8;
  private static final int QUERIES = 64;
  private static final int MOST_DEGREES = 60;
  private static final double SLOPE_TOLERANCE = 0.05;
  private static final GaussianProcess MODEL =
      GaussianProcess.of(new RbfKernel(BANDWIDTH), DIMENSION, 1, NOISE).withValueWidth(VALUE_WIDTH);

  /**
   * How much work a budget does.
   *
   * @param tolerance of the ratio, about twice its distance from 1 by the self-consistent equation
   */
  private record Size(List<Integer> lengths, int seeds, double tolerance) {

    double from() {
      return lengths.get(0);
    }

    double to() {
      return lengths.get(lengths.size() - 1);
    }
  }

  /** Returns the claim. */
  public GaussianProcessRate() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "gaussian-process-rate";
  }

  @Override
  public String statement() {
    return "The Bayes error of CME attention on a Gaussian process is on average about s2"
        + " Gamma(s2/L)/L, never below it, and its ratio to it tends to 1; at lambda = L^3/4 the"
        + " error falls far more slowly.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check C2; the self-consistent equation at finite length is recalled from the literature on"
            + " learning curves");
  }

  @Override
  public String prediction() {
    return "posterior variance / (s2 Gamma(s2/L)/L) = 1 ± 0.04 at L = 1600 and >= 1 throughout;"
        + " within 3 % of the self-consistent value; slopes of the closed forms ± 0.05 over"
        + " 50..1600";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "cme");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 15;
          case FULL -> 150;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(50, 100, 200), 4, 0.2);
      case STANDARD -> new Size(List.of(50, 100, 200, 400, 800), 8, 0.07);
      case FULL -> new Size(List.of(50, 100, 200, 400, 800, 1600), 20, 0.04);
    };
  }

  /** Returns {@code s2 Γ(s2/L) / L} for a noise variance s2. */
  static double formula(double noise, double length) {
    return noise * SphereSpectrum.effectiveDimension(DIMENSION, BANDWIDTH, noise / length) / length;
  }

  /** Returns the ε with {@code ε = (s2 + ε) Γ((s2 + ε)/L) / L}; the iteration contracts. */
  static double selfConsistent(double length) {
    double error = formula(NOISE, length);
    for (int i = 0; i < 200; i++) {
      error = formula(NOISE + error, length);
    }
    return error;
  }

  /** Returns the error for many keys at ridge λ = L^(3/4). */
  static double slow(double length) {
    double ridge = Math.pow(length, -0.25);
    double sum = 0;
    for (int j = 0; j < MOST_DEGREES; j++) {
      double filter = SphereSpectrum.ridgeFilter(DIMENSION, BANDWIDTH, j, ridge);
      double bias =
          SphereSpectrum.eigenvalue(DIMENSION, BANDWIDTH, j) * (1 - filter) * (1 - filter);
      sum += SphereSpectrum.multiplicity(DIMENSION, j) * (bias + NOISE / length * filter * filter);
    }
    return sum;
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = run(size, seed, runner);
    Curve variance = curve(results, BAYES, VARIANCE);
    Curve error = curve(results, BAYES, ERROR);
    Curve slow = curve(results, SLOW, ERROR);
    Rate rate = variance.rate(size.from(), size.to());
    Rate slowRate = slow.rate(size.from(), size.to());
    double bayes = Judging.slope(GaussianProcessRate::selfConsistent, variance.values());
    double slower = Judging.slope(GaussianProcessRate::slow, slow.values());
    Verdict judged = Judging.bentSlope(budget, rate, Prediction.near(bayes, SLOPE_TOLERANCE));
    Verdict judgedSlow =
        Judging.bentSlope(budget, slowRate, Prediction.near(slower, SLOPE_TOLERANCE));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(ratio(size, variance, slow));
    parts.add(lowerBound(variance));
    parts.add(finiteLength(budget, variance));
    parts.add(calibrated(budget, error, variance, slow));
    parts.add(
        ClaimPart.of("slope", judged)
            .withControl(
                caught(slowRate.expect(bayes, SLOPE_TOLERANCE), "lambda = L^(3/4): slope %.2f")));
    parts.add(ClaimPart.of("slope-three-quarters", judgedSlow));
    parts.add(farSlower(budget, rate, slowRate));
    Tabulated variances =
        Tabulated.of(ID, "gaussian-process", VARIANCE)
            .with("s2-gamma-over-L", length -> formula(NOISE, length))
            .with("self-consistent", GaussianProcessRate::selfConsistent);
    Tabulated errors =
        Tabulated.of(ID, "gaussian-process", ERROR)
            .with("many-keys-at-L^3/4", GaussianProcessRate::slow);
    double[] lengths = size.lengths.stream().mapToDouble(Integer::doubleValue).toArray();
    return ClaimResult.of(parts)
        .withResults(
            List.of(
                results,
                variances.over(Sweep.LENGTH, lengths, runner.within("variances")),
                errors.over(Sweep.LENGTH, lengths, runner.within("errors"))))
        .withRates(List.of(new JudgedRate(rate, judged), new JudgedRate(slowRate, judgedSlow)));
  }

  private static ClaimPart ratio(Size size, Curve variance, Curve slow) {
    Prediction one = Prediction.near(1, size.tolerance);
    double longest = size.to();
    Verdict verdict = Judging.share(variance, longest, formula(NOISE, longest), one);
    Verdict wrong = Judging.share(slow, longest, formula(NOISE, longest), one);
    return ClaimPart.of("ratio", verdict)
        .withControl(caught(wrong, "lambda = L^(3/4): ratio %.1f"));
  }

  /** Judges the ratio at the length where the low end of its interval is lowest. */
  private static ClaimPart lowerBound(Curve variance) {
    double worst = variance.values().get(0);
    double lowest = Double.POSITIVE_INFINITY;
    for (CurvePoint point : variance.points()) {
      double low = point.interval().low() / formula(NOISE, point.value());
      if (low < lowest) {
        lowest = low;
        worst = point.value();
      }
    }
    Prediction above = Prediction.atLeast(1);
    Verdict verdict =
        Judging.share(variance, worst, formula(NOISE, worst), above)
            .withReason(String.format(Locale.ROOT, "lowest at length %.0f", worst));
    Verdict wrong = Judging.share(variance, worst, formula(2 * NOISE, worst), above);
    return ClaimPart.of("lower-bound", verdict)
        .withControl(caught(wrong, "twice the noise in the formula: ratio %.2f"));
  }

  private static ClaimPart finiteLength(Budget budget, Curve variance) {
    double tolerance = budget == Budget.FULL ? 0.03 : budget == Budget.STANDARD ? 0.06 : 0.12;
    Prediction one = Prediction.near(1, tolerance);
    Verdict verdict =
        Judging.againstFormula(variance, 50, GaussianProcessRate::selfConsistent, one);
    Verdict wrong = Judging.againstFormula(variance, 50, length -> formula(NOISE, length), one);
    return ClaimPart.of("finite-length", verdict)
        .withControl(caught(wrong, "s2 Gamma(s2/L)/L at these lengths: ratio %.2f"));
  }

  private static ClaimPart calibrated(Budget budget, Curve error, Curve variance, Curve slow) {
    double tolerance = budget == Budget.FULL ? 0.05 : budget == Budget.STANDARD ? 0.1 : 0.2;
    Prediction one = Prediction.near(1, tolerance);
    return ClaimPart.of("calibrated", Judging.ratio(error, variance, 0, one))
        .withControl(
            caught(
                Judging.ratio(slow, variance, 0, one),
                "lambda = L^(3/4): error over Bayes variance %.1f"));
  }

  private static ClaimPart farSlower(Budget budget, Rate bayes, Rate slow) {
    // Both ends of the intervals that lie nearest to each other.
    double nearest = slow.interval().low() - bayes.interval().high();
    double furthest = slow.interval().high() - bayes.interval().low();
    Verdict verdict =
        Verdict.of(
            slow.slope() - bayes.slope(),
            new Interval(nearest, furthest),
            Prediction.atLeast(0.25));
    return ClaimPart.of("far-slower", Judging.slope(budget, verdict));
  }

  private static Control caught(Verdict verdict, String text) {
    return Control.of(verdict, String.format(Locale.ROOT, text, verdict.measured()));
  }

  private static Curve curve(Results results, String ridge, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("ridge").equals(ridge))
        .filter(curve -> curve.key().metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  private static Results run(Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (String ridge : List.of(BAYES, SLOW)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "gaussian-process")
                .with("claim", ID)
                .with("attention", "cme")
                .with("origin", "derived")
                .with("ridge", ridge)
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("model", MODEL.description().toString());
    configuration.put("lengths", size.lengths.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
    return runner.execute(plan, cell -> measure(size, seed, cell));
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
    LatentFunction function = MODEL.drawLatent(own.child("function").generator());
    SimpleMatrix queries = queries(own.child("queries"));
    Tokens tokens = MODEL.drawTokens(function, (int) size.to(), own.child("tokens").generator());
    Context context = Context.of(MODEL, tokens);
    SimpleMatrix exact = function.at(queries);
    boolean bayes = cell.axis("ridge").equals(BAYES);
    List<CellPoint> points = new ArrayList<>();
    for (int length : size.lengths) {
      double ridge = bayes ? NOISE : Math.pow(length, 0.75);
      KernelRidgeAttention cme = KernelRidgeAttention.of(MODEL.kernel(), ridge);
      Context prefix = context.prefix(length);
      SimpleMatrix gap = cme.attend(queries, prefix).minus(exact);
      double error = gap.elementPower(2).elementSum() / QUERIES / VALUE_WIDTH;
      Map<String, Estimate> metrics = new LinkedHashMap<>();
      metrics.put(ERROR, Estimate.exact(error));
      if (bayes) {
        SimpleMatrix variance = cme.predictiveVariance(queries, prefix, NOISE);
        metrics.put(VARIANCE, Estimate.exact(variance.elementSum() / QUERIES - NOISE));
      }
      points.add(new CellPoint(length, metrics));
    }
    return new CellResult(points);
  }

  private static SimpleMatrix queries(Seed seed) {
    double[] numbers = new double[QUERIES * DIMENSION];
    var rng = seed.generator();
    for (int i = 0; i < QUERIES; i++) {
      Sphere.fill(numbers, i * DIMENSION, DIMENSION, rng);
    }
    return new SimpleMatrix(QUERIES, DIMENSION, true, numbers);
  }
}
