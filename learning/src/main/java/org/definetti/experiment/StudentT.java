package org.definetti.experiment;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's t: the quantiles and tail probabilities that intervals over few seeds need. */
final class StudentT {

  private StudentT() {}

  /**
   * Returns {@code centre ± t · standardError}, t the two-sided quantile of the level.
   *
   * <p>A standard error of 0 gives a point, whatever the degrees of freedom; one that is NaN, or no
   * degree of freedom, gives the unknown interval.
   */
  static Interval interval(double centre, double standardError, long freedom, double level) {
    if (standardError == 0) {
      return new Interval(centre, centre);
    }
    if (freedom < 1 || !(standardError > 0)) {
      return Interval.unknown();
    }
    double t = new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
    return Interval.around(centre, t * standardError);
  }

  /** Returns the probability of a value as far from zero as this one; NaN without freedom. */
  static double twoSided(double value, double standardError, long freedom) {
    if (freedom < 1 || Double.isNaN(value) || Double.isNaN(standardError)) {
      return Double.NaN;
    }
    if (standardError == 0) {
      return value == 0 ? 1 : 0;
    }
    return 2 * new TDistribution(freedom).cumulativeProbability(-Math.abs(value / standardError));
  }
}
