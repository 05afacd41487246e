package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Gamma;

/**
 * The gamma law of a rate z &gt; 0: density {@code b^a z^(a-1) exp(-b z) / Γ(a)}.
 *
 * <p>For large shapes the terms of density and entropy cancel; there they are written around the
 * mode with Stirling's formula, so no digits are lost. Immutable.
 */
record GammaLaw(double shape, double rate) {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);
  private static final double STIRLING_FROM = 10;
  private static final double SERIES_FROM = 1000; // the first term left out is below 1e-14

  double mean() {
    return shape / rate;
  }

  double variance() {
    return shape / rate / rate;
  }

  /** Returns the log density; minus infinity for z not above zero, except at a finite limit. */
  double logDensity(double z) {
    if (z < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (z == 0) {
      return shape == 1 ? Math.log(rate) : (1 - shape) * Double.POSITIVE_INFINITY;
    }
    if (shape < STIRLING_FROM) {
      double logs = shape * Math.log(rate) + (shape - 1) * Math.log(z);
      return logs - rate * z - SpecialFunctions.logGamma(shape);
    }
    double ratio = rate * z / shape;
    double atMode = 0.5 * (Math.log(shape) - LOG_TWO_PI) - SpecialFunctions.stirlingRest(shape);
    return atMode - Math.log(z) - shape * Beliefs.excess(ratio);
  }

  double entropyNats() {
    if (shape >= SERIES_FROM) {
      double u = 1 / shape;
      double rest = u * (1.0 / 3 + u * (1.0 / 12 + u / 90)); // [derived from Stirling's series]
      return 0.5 * (LOG_TWO_PI + 1 + Math.log(shape)) - rest - Math.log(rate);
    }
    return shape
        - Math.log(rate)
        + SpecialFunctions.logGamma(shape)
        + (1 - shape) * SpecialFunctions.digamma(shape);
  }

  double klNats(GammaLaw other) {
    double more = other.shape - shape;
    double ratio = other.rate / rate;
    double ofShape =
        SpecialFunctions.logRising(shape, more) - more * SpecialFunctions.digamma(shape);
    return Math.max(0, shape * Beliefs.excess(ratio) - more * Math.log(ratio) + ofShape);
  }

  double draw(RandomGenerator rng) {
    return Gamma.draw(shape, rng) / rate;
  }
}
