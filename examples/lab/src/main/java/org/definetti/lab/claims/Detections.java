package org.definetti.lab.claims;

import java.util.Locale;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.definetti.experiment.Interval;

/**
 * In how many of independent trials something was detected.
 *
 * @param count the detections
 * @param trials the trials, at least 1
 */
record Detections(int count, int trials) {

  private static final double TAIL = 0.025;

  double rate() {
    return (double) count / trials;
  }

  /** Returns the exact 95 % interval of the rate [recalled: Clopper-Pearson]. */
  Interval interval() {
    double low = count == 0 ? 0 : quantile(count, trials - count + 1, TAIL);
    double high = count == trials ? 1 : quantile(count + 1, trials - count, 1 - TAIL);
    return new Interval(low, high);
  }

  private static double quantile(double a, double b, double share) {
    return new BetaDistribution(null, a, b).inverseCumulativeProbability(share);
  }

  /** Returns the rate that is not exceeded with this probability if each has this chance. */
  double mostAt(double chance, double probability) {
    BinomialDistribution law = new BinomialDistribution(null, trials, chance);
    return (double) law.inverseCumulativeProbability(probability) / trials;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d of %d, 95 %% interval %.3f..%.3f",
        count,
        trials,
        interval().low(),
        interval().high());
  }
}
