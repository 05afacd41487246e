package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;

/**
 * V13: what the published figure says about the growth of the sample size.
 *
 * <pre>{@code
 * m = a + b g(T),   g = ln, identity, square root;   ln m = a + b ln T
 * }</pre>
 *
 * <ul>
 *   <li>Computed: least squares through the 18 points of Figure 2 of Edelman-2022 (digitised, ±
 *       0.3), unweighted and weighted by the half error bars.
 *   <li>Reported, not gated: whether the logarithm fits best. It does not, by R2 over all points
 *       nor by chi2, and it does by R2 from T = 300.
 *   <li>Controls: the fits exchanged.
 *   <li>Source: points [source: Edelman-2022, Figure 2]; fits [derived] (check V13).
 * </ul>
 */
public final class PublishedScaling implements Claim {

  private static final String ID = "V13";

  private static final double TOLERANCE = 0.002;
  private static final double LATE = 300;

  private static final double[] LENGTHS = {
    100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 900, 1000, 1100
  };
  private static final double[] SAMPLES = {
    50.0, 52.8, 57.7, 56.0, 69.2, 61.0, 79.5, 82.4, 80.4, 85.2, 94.1, 96.7, 88.9, 101.4, 99.7,
    108.4, 111.0, 113.4
  };
  private static final double[] HALF_BARS = {
    1.4, 4.5, 4.4, 4.9, 7.5, 6.7, 4.8, 5.7, 8.6, 7.7, 10.0, 14.9, 9.8, 10.6, 12.6, 3.6, 5.2, 5.7
  };

  /** Returns the claim. */
  public PublishedScaling() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "published-scaling";
  }

  @Override
  public String statement() {
    return "The published critical sample sizes of sparse conjunctions, digitised, do not"
        + " tell a logarithm from a line or a square root over their one decade of T.";
  }

  @Override
  public Source source() {
    return Source.derived("check V13: fits to Figure 2 of Edelman-2022, digitised to ± 0.3");
  }

  @Override
  public String prediction() {
    return "R2 = 0.915 for a + b ln T (b = 29.65), 0.941 for a + b T, 0.956 for a + b sqrt"
        + " T (± 0.002); exponent 0.39 ± 0.01; chi2 30.8, 10.9, 10.6 (± 0.1); from T ="
        + " 300: 0.923, 0.901, 0.920";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "samples");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    StraightLine log = fit(Math::log);
    StraightLine line = fit(t -> t);
    StraightLine root = fit(Math::sqrt);
    Results curves =
        Tabulated.of(ID, "figure-2-digitised", "critical-sample-size")
            .with("published", t -> SAMPLES[Arrays.binarySearch(LENGTHS, t)])
            .with("logarithm", t -> log.at(Math.log(t)))
            .with("line", line::at)
            .with("square-root", t -> root.at(Math.sqrt(t)))
            .over("length", LENGTHS, runner);
    StraightLine power =
        StraightLine.through(
            Arrays.stream(LENGTHS).map(Math::log).toArray(),
            Arrays.stream(SAMPLES).map(Math::log).toArray());
    return ClaimResult.of(
            part("log-R2", log.determination(), 0.915, TOLERANCE, line.determination()),
            part("log-slope", log.slope(), 29.65, 0.1, line.slope()),
            part("line-R2", line.determination(), 0.941, TOLERANCE, log.determination()),
            part("root-R2", root.determination(), 0.956, TOLERANCE, log.determination()),
            part("exponent", power.slope(), 0.39, 0.01, 1),
            late("late-log-R2", Math::log, 0.923, t -> t),
            late("late-line-R2", t -> t, 0.901, Math::log),
            late("late-root-R2", Math::sqrt, 0.920, t -> t),
            part("log-chi2", chi2(Math::log), 30.8, 0.1, chi2(t -> t)),
            part("line-chi2", chi2(t -> t), 10.9, 0.1, chi2(Math::log)),
            part("root-chi2", chi2(Math::sqrt), 10.6, 0.1, chi2(Math::log)),
            reported(log.determination() - line.determination()))
        .withResults(List.of(curves));
  }

  /** Returns the digitised points, T to m. */
  static SortedMap<Integer, Double> points() {
    SortedMap<Integer, Double> points = new TreeMap<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      points.put((int) LENGTHS[i], SAMPLES[i]);
    }
    return points;
  }

  private static ClaimPart part(
      String name, double measured, double reference, double tolerance, double other) {
    Prediction near = Prediction.near(reference, tolerance);
    return ClaimPart.of(name, Verdict.exact(measured, near))
        .withControl(
            Control.of(
                Verdict.exact(other, near),
                String.format(Locale.ROOT, "another form's number: %.3f", other)));
  }

  private static ClaimPart reported(double difference) {
    Prediction better = Prediction.atLeast(0);
    return ClaimPart.of(
            "log-beats-line",
            Verdict.exact(difference, better).inconclusiveBecause("reported, not gated"))
        .withExpected(
            new ExpectedOutcome(
                Outcome.INCONCLUSIVE, "one decade of T does not tell a logarithm from a line"));
  }

  private static StraightLine fit(DoubleUnaryOperator growth) {
    return StraightLine.through(Arrays.stream(LENGTHS).map(growth).toArray(), SAMPLES);
  }

  private static ClaimPart late(
      String name, DoubleUnaryOperator growth, double reference, DoubleUnaryOperator other) {
    return part(
        name, late(growth).determination(), reference, TOLERANCE, late(other).determination());
  }

  private static StraightLine late(DoubleUnaryOperator growth) {
    int from = Arrays.binarySearch(LENGTHS, LATE);
    double[] x = Arrays.stream(LENGTHS, from, LENGTHS.length).map(growth).toArray();
    return StraightLine.through(x, Arrays.copyOfRange(SAMPLES, from, SAMPLES.length));
  }

  private static double chi2(DoubleUnaryOperator growth) {
    double[] x = Arrays.stream(LENGTHS).map(growth).toArray();
    double[] weights = Arrays.stream(HALF_BARS).map(bar -> 1 / (bar * bar)).toArray();
    return StraightLine.through(x, SAMPLES, weights).residual();
  }
}
