package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.SweepResult;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;

/**
 * C5: softmax attention at a fixed temperature, corrected for the single degree of a linear map,
 * tends to the exact predictive mean of in-context regression.
 *
 * <pre>{@code
 * E‖softmax attention(q) / A_d(1/γ) − E[v | q, X]‖² ≈ C / L,   C = V / A² − s2 d p
 * }</pre>
 *
 * <ul>
 *   <li>Where: d key and p value width, γ temperature, s2 noise variance, A and V as in {@link
 *       org.definetti.derivation.SoftmaxAsymptotics}.
 *   <li>Parts: {@code slope} of the mean squared gap on length; {@code constant} L times the gap
 *       over the lengths from 1024 on, where the terms of order 1/L² are well below the noise.
 *   <li>Control: the same attention without the correction keeps a gap of (1 − A)² t2 p.
 *   <li>Source: the factor 1/A_d and the constant [derived] (checks C3, C5). Zhang-2023, Prop 4.3,
 *       states proportionality with a constant of its own, which is not the one here.
 * </ul>
 */
public final class CorrectedSoftmaxRate implements Claim {

  private static final double SLOPE_TOLERANCE = 0.05;
  private static final double LEAST_LENGTH_OF_CONSTANT = 1024;

  /** Returns the claim. */
  public CorrectedSoftmaxRate() {}

  @Override
  public String id() {
    return "C5";
  }

  @Override
  public String slug() {
    return "corrected-softmax-rate";
  }

  @Override
  public String statement() {
    return "On in-context regression with keys uniform on the sphere, softmax attention at a fixed"
        + " temperature gamma divided by A_d(1/gamma) approaches the exact predictive mean: the"
        + " mean squared gap falls as 1/L.";
  }

  @Override
  public Source source() {
    return Source.derived("checks C3 and C5: Funk-Hecke, single degree; delta method for C");
  }

  @Override
  public String prediction() {
    return String.format(
        Locale.ROOT,
        "squared gap ~ L^-1 ± %.2f over 128..8192; L times the gap tends to %.3f",
        SLOPE_TOLERANCE,
        SphereRegression.LIMIT.gapConstant());
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed(
        "for uniform keys and a linear map the smoothing of softmax is one known factor");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 8;
          case FULL -> 35;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Integer> lengths = lengths(budget);
    double from = lengths.get(0);
    double to = lengths.get(lengths.size() - 1);
    Sweep sweep =
        Sweep.of(SphereRegression.MODEL)
            .withAxis("claim", id())
            .withLengths(Judging.ints(lengths))
            .withSeeds(budget == Budget.SMOKE ? 4 : 10)
            .withSequences(sequences(budget));
    SweepResult corrected =
        sweep
            .withDerived(derivation("corrected-softmax"))
            .withRunner(runner.within("corrected"))
            .execute(seed);
    // Its gap does not vanish, so a tenth of the sequences shows that as clearly.
    SweepResult uncorrected =
        sweep
            .withSequences(Math.max(10, sequences(budget) / 10))
            .withDerived(derivation("softmax"))
            .withRunner(runner.within("uncorrected"))
            .execute(seed.child("control"));
    Curve gap = corrected.curve("corrected-softmax", Metric.SQUARED_GAP.label());
    Rate rate = gap.rate(from, to);
    Verdict slope = Judging.slope(budget, rate.expect(-1, SLOPE_TOLERANCE));
    Rate wrong = uncorrected.curve("softmax", Metric.SQUARED_GAP.label()).rate(from, to);
    Control control =
        Control.of(
            wrong.expect(-1, SLOPE_TOLERANCE),
            String.format(
                Locale.ROOT, "temperature correction omitted: slope %.3f", wrong.slope()));
    return ClaimResult.of(
            ClaimPart.of("slope", slope).withControl(control),
            ClaimPart.of("constant", constant(budget, gap)))
        .withResults(List.of(corrected.results(), uncorrected.results()))
        .withRates(List.of(new JudgedRate(rate, slope), new JudgedRate(wrong, null)));
  }

  private static Derivation derivation(String form) {
    return Derivation.of(SphereRegression.MODEL, form, SphereRegression.TEMPERATURE);
  }

  private static Verdict constant(Budget budget, Curve gap) {
    double predicted = SphereRegression.LIMIT.gapConstant();
    double from = budget == Budget.SMOKE ? gap.values().get(0) : LEAST_LENGTH_OF_CONSTANT;
    Prediction prediction = Prediction.near(predicted, tolerance(budget) * predicted);
    return Judging.constant(gap, from, prediction);
  }

  /**
   * About three half-widths of the interval that so many sequences give, if the squared gap of a
   * sequence has a relative deviation of about one and lengths share their tokens.
   */
  private static double tolerance(Budget budget) {
    return switch (budget) {
      case SMOKE -> 0.3;
      case STANDARD -> 0.15;
      case FULL -> 0.1;
    };
  }

  private static List<Integer> lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> Judging.octaves(7, 9, 1);
      case STANDARD -> Judging.octaves(7, 11, 1);
      case FULL -> Judging.octaves(7, 13, 1);
    };
  }

  private static int sequences(Budget budget) {
    return switch (budget) {
      case SMOKE -> 50;
      case STANDARD -> 200;
      case FULL -> 400;
    };
  }
}
