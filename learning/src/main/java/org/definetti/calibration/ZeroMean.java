package org.definetti.calibration;

import org.definetti.experiment.Estimate;
import org.definetti.latent.special.SpecialFunctions;

/** Is the mean of independent numbers zero? The normal approximation, for a hundred or more. */
final class ZeroMean {

  /** What rounding leaves of numbers of size one that are equal on paper. */
  private static final double ROUNDING = 1e-9;

  private ZeroMean() {}

  /** Returns the p-value against a mean that is not zero. */
  static double twoSided(double... numbers) {
    double z = score(numbers);
    return 2 * SpecialFunctions.normalDistribution(-Math.abs(z));
  }

  /** Returns the p-value against a mean above zero. */
  static double above(double... numbers) {
    return SpecialFunctions.normalDistribution(-score(numbers));
  }

  private static double score(double... numbers) {
    Estimate mean = Estimate.of(numbers);
    if (Double.isNaN(mean.mean()) || Double.isInfinite(mean.mean())) {
      return Double.POSITIVE_INFINITY; // a density of zero where there is mass
    }
    if (Math.abs(mean.mean()) <= ROUNDING) {
      return 0;
    }
    return mean.standardError() > 0
        ? mean.mean() / mean.standardError()
        : Math.copySign(Double.POSITIVE_INFINITY, mean.mean());
  }
}
