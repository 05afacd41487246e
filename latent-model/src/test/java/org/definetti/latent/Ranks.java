package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/** The ranks of a true value among draws, which are uniform if the draws are from its law. */
final class Ranks {

  /** Draws per run: 20 ranks, whose middle ten are the central half. */
  static final int DRAWS = 19;

  private static final double FALSE_ALARM = 1e-6;
  private static final double CLEAR = 3; // standard errors that say in which way it is wrong

  private final String law;
  private final String what;
  private final int length;
  private final int[] counts = new int[DRAWS + 1];
  private int runs;

  Ranks(String law, String what, int length) {
    this.law = law;
    this.what = what;
    this.length = length;
  }

  /** Returns Σ (i + 1) v_i: coordinates that sum to a constant do not cancel. */
  static double weightedSum(double[] v) {
    double sum = 0;
    for (int i = 0; i < v.length; i++) {
      sum += (i + 1) * v[i];
    }
    return sum;
  }

  /** Counts one run by how many draws are below the true value. */
  void add(int below) {
    counts[below]++;
    runs++;
  }

  void add(
      double[] value, double[][] draws, ToDoubleFunction<double[]> summary, RandomGenerator rng) {
    double truth = summary.applyAsDouble(value);
    int below = 0;
    int ties = 0;
    for (double[] draw : draws) {
      int order = Double.compare(summary.applyAsDouble(draw), truth);
      below += order < 0 ? 1 : 0;
      ties += order == 0 ? 1 : 0;
    }
    add(below + rng.nextInt(ties + 1));
  }

  void check() {
    double expected = (double) runs / counts.length;
    double chiSquare = 0;
    int central = 0;
    int upper = 0;
    for (int rank = 0; rank < counts.length; rank++) {
      chiSquare += (counts[rank] - expected) * (counts[rank] - expected) / expected;
      central += rank >= counts.length / 4 && rank < 3 * counts.length / 4 ? counts[rank] : 0;
      upper += rank >= counts.length / 2 ? counts[rank] : 0;
    }
    double limit =
        new ChiSquaredDistribution(counts.length - 1).inverseCumulativeProbability(1 - FALSE_ALARM);
    if (!(chiSquare <= limit)) {
      fail(
          String.format(
              Locale.ROOT,
              "calibration, %s after %d tokens: the truth is within the central half of the %s in"
                  + " %.1f %% of %d runs, expected 50 %%, and above its median in %.1f %%, expected"
                  + " 50 %% (chi-square %.0f, limit %.0f): %s",
              what,
              length,
              law,
              100.0 * central / runs,
              runs,
              100.0 * upper / runs,
              chiSquare,
              limit,
              verdict((double) central / runs - 0.5, (double) upper / runs - 0.5)));
    }
  }

  private String verdict(double central, double upper) {
    double clear = CLEAR * 0.5 / Math.sqrt(runs);
    if (Math.abs(central) >= Math.abs(upper) && Math.abs(central) > clear) {
      return "the " + law + " is too " + (central < 0 ? "narrow" : "wide");
    }
    if (Math.abs(upper) > clear) {
      return "the " + law + " is too " + (upper > 0 ? "low" : "high");
    }
    return "the " + law + " has the wrong shape";
  }
}
