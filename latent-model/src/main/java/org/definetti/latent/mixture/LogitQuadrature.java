package org.definetti.latent.mixture;

import java.util.function.DoubleUnaryOperator;

/**
 * Expectations over a law on (0, 1) by the trapezoidal rule in a double exponential variable.
 *
 * <pre>{@code  E[g] = ∫ p(s) g(s) ds,   s = log z/(1-z) = centre + width · sinh t  }</pre>
 *
 * <p>Integrands are smooth in t and fall faster than exponentially, so the error falls exponentially
 * in the number of points; that number is doubled until the value moves by less than 1e-12.
 * Densities that grow without bound at 0 or 1 are no exception. Source: [recalled: Takahasi-Mori].
 */
final class LogitQuadrature {

  private static final double NEGLIGIBLE = 60; // nats below the largest value
  private static final double TOLERANCE = 1e-12;
  private static final int FIRST_POINTS = 64;
  private static final int LAST_POINTS = 1 << 18;

  private LogitQuadrature() {}

  /**
   * Returns E[g].
   *
   * @param reach no structure of the density is farther from {@code centre} than this: beyond it
   *     the density only falls
   * @param logDensity log density per unit of s
   * @throws ArithmeticException if 262,144 points do not suffice
   */
  static double expectation(
      double centre,
      double width,
      double reach,
      DoubleUnaryOperator logDensity,
      DoubleUnaryOperator value) {
    double peak = logDensity.applyAsDouble(centre);
    double below = extent(centre, -Math.max(width, reach), peak, logDensity);
    double above = extent(centre, Math.max(width, reach), peak, logDensity);
    double from = asinh(below / width);
    double to = asinh(above / width);
    double last = Double.NaN;
    for (int points = FIRST_POINTS; points <= LAST_POINTS; points *= 2) {
      double mass = 0;
      double sum = 0;
      for (int i = 0; i <= points; i++) {
        double t = from + (to - from) * i / points;
        double s = centre + width * Math.sinh(t);
        double weight = Math.exp(logDensity.applyAsDouble(s) - peak) * Math.cosh(t);
        if (weight > 0) {
          mass += weight;
          sum += weight * value.applyAsDouble(s);
        }
      }
      double mean = sum / mass;
      if (Math.abs(mean - last) <= TOLERANCE * Math.max(1, Math.abs(mean))) {
        return mean;
      }
      last = mean;
    }
    throw new ArithmeticException("quadrature: expected 262,144 points to suffice, got " + last);
  }

  /** Returns how far from the centre, in the direction of {@code start}, the density matters. */
  private static double extent(
      double centre, double start, double peak, DoubleUnaryOperator logDensity) {
    double largest = peak;
    double distance = start;
    while (true) {
      double log = logDensity.applyAsDouble(centre + distance);
      if (log < largest - NEGLIGIBLE || Math.abs(distance) > 1e300) {
        return distance;
      }
      largest = Math.max(largest, log);
      distance *= 2;
    }
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    return Math.signum(x) * Math.log(size + Math.sqrt(size * size + 1));
  }
}
