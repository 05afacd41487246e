package org.definetti.latent.special;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/**
 * The gamma function's relatives, for positive arguments, and the normal distribution. Stateless.
 */
public final class SpecialFunctions {

  // From here on the Stirling series below is exact to 1e-15.
  private static final double STIRLING_FROM = 10;

  private SpecialFunctions() {}

  /** Returns {@code log Γ(x)}, relative error about 1e-15 away from its zeros 1 and 2. */
  public static double logGamma(double x) {
    return Gamma.logGamma(positive(x));
  }

  /**
   * Returns {@code ψ(x) = (log Γ)'(x)}, absolute error about 1e-15 · max(1, 1/x, log x).
   *
   * <p>Own code, because the digamma of Commons Math 3.6.1 is off by 3e-9: one term of its series
   * has the wrong sign. Source: recurrence and asymptotic series [recalled].
   */
  public static double digamma(double x) {
    double shift = 0;
    double y = positive(x);
    for (; y < STIRLING_FROM; y++) {
      shift += 1 / y;
    }
    double u = 1 / (y * y);
    double series = 1.0 / 132 + u * (-691.0 / 32760 + u / 12);
    series = 1.0 / 12 - u * (1.0 / 120 - u * (1.0 / 252 - u * (1.0 / 240 - u * series)));
    return Math.log(y) - 0.5 / y - u * series - shift;
  }

  /**
   * Returns {@code Φ(x)}, the standard normal distribution function, absolute error below 1e-15.
   */
  public static double normalDistribution(double x) {
    return 0.5 * Erf.erfc(-x / Math.sqrt(2));
  }

  /** Returns {@code log B(x, y) = log Γ(x) + log Γ(y) - log Γ(x + y)}. */
  public static double logBeta(double x, double y) {
    double small = Math.min(x, y);
    return logGamma(small) - logRising(Math.max(x, y), small);
  }

  /**
   * Returns the logarithm of the rising factorial, {@code log Γ(x + n) - log Γ(x)}.
   *
   * <ul>
   *   <li>n may be any real number, negative included, with x + n &gt; 0.
   *   <li>Accuracy: about 1e-15 · (1 + |n|·(1 + |log(x + n)|)), however large x is; the plain
   *       difference loses log Γ(x) · 1e-16, which is 1e-3 at x = 1e12.
   *   <li>Source: Stirling's series of both terms, subtracted by hand [recalled].
   * </ul>
   */
  public static double logRising(double x, double n) {
    double end = positive(x + n);
    if (positive(x) < STIRLING_FROM || end < STIRLING_FROM) {
      return Gamma.logGamma(end) - Gamma.logGamma(x);
    }
    return (x - 0.5) * Math.log1p(n / x)
        + n * Math.log(end)
        - n
        + stirlingRest(end)
        - stirlingRest(x);
  }

  /**
   * Returns {@code log Γ(x) - (x - 1/2) log x + x - log(2π)/2}, what Stirling's formula leaves.
   *
   * @param x at least 10, where the series is exact to 1e-15
   */
  public static double stirlingRest(double x) {
    if (!(x >= STIRLING_FROM)) {
      throw new IllegalArgumentException("x: expected >= " + STIRLING_FROM + ", got " + x);
    }
    double u = 1 / (x * x);
    double series = 1.0 / 1188 + u * (-691.0 / 360360 + u / 156);
    series = 1.0 / 12 + u * (-1.0 / 360 + u * (1.0 / 1260 + u * (-1.0 / 1680 + u * series)));
    return series / x;
  }

  private static double positive(double x) {
    if (x > 0 && x < Double.POSITIVE_INFINITY) {
      return x;
    }
    throw new IllegalArgumentException("x: expected finite and > 0, got " + x);
  }
}
