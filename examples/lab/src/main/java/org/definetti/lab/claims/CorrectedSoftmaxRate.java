package org.definetti.lab.claims;

import java.util.List;
import java.util.Locale;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.SweepResult;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;

/**
 * Softmax attention at a fixed temperature, corrected for the single degree of a linear map, tends
 * to the exact predictive mean of in-context regression: the parts {@code slope} and {@code
 * constant} of C5.
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
final class CorrectedSoftmaxRate {

  private static final double SLOPE_TOLERANCE = 0.05;
  private static final double LEAST_LENGTH_OF_CONSTANT = 1024;

  private CorrectedSoftmaxRate() {}

  /** Returns what is predicted, in a few words. */
  static String prediction() {
    return String.format(
        Locale.ROOT,
        "corrected squared gap ~ L^-1 ± %.2f over 128..8192; L times the gap tends to %.3f",
        SLOPE_TOLERANCE,
        SphereRegression.LIMIT.gapConstant());
  }

  /** Measures both parts, with the cells and slopes behind them. */
  static ClaimResult check(String claim, Budget budget, Seed seed, Runner runner) {
    List<Integer> lengths = lengths(budget);
    double from = lengths.get(0);
    double to = lengths.get(lengths.size() - 1);
    Sweep sweep =
        Sweep.of(SphereRegression.MODEL)
            .withAxis("claim", claim)
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
