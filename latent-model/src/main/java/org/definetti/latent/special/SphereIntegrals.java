package org.definetti.latent.special;

/**
 * Integrals of {@code exp(κ μ·x)} over the unit sphere of R^d: what the von Mises-Fisher law needs.
 *
 * <pre>{@code
 * M_d(κ) = E[exp(κ μ·x)] = Γ(d/2) (2/κ)^(d/2-1) I_{d/2-1}(κ)      x uniform on the sphere
 * A_d(κ) = (log M_d)'(κ) = I_{d/2}(κ) / I_{d/2-1}(κ)              mean resultant length
 * }</pre>
 *
 * <p>μ is a unit vector, I_ν the modified Bessel function. d = 2 is the von Mises law: M_2 = I_0 and
 * A_2 = I_1 / I_0. Everything is scaled or a ratio, so nothing overflows at any finite κ.
 *
 * <p>Hankel's series in 1/κ is used from {@code κ >= max(50, (d/2)^2)} on, where its terms fall below
 * rounding before they grow; below, a power series or a continued fraction of positive terms, of
 * O(κ + 20) steps. Source: [recalled: Hankel's asymptotic series, Gauss's continued fraction].
 * Stateless.
 */
public final class SphereIntegrals {

  private static final double ONE_ULP = 0x1p-52;
  private static final double RESCALE = 1e250;
  private static final double ASYMPTOTIC_FROM = 50;

  private SphereIntegrals() {}

  /**
   * Returns A_d(κ), the length of the mean of a unit vector with density proportional to {@code
   * exp(κ μ·x)}.
   *
   * <pre>{@code
   * A_d(κ) = 1 / (d/κ + 1 / ((d+2)/κ + 1 / ((d+4)/κ + …)))
   * }</pre>
   *
   * <p>0 for κ = 0; tanh κ for d = 1; coth κ − 1/κ for d = 3. Relative error about 1e-15.
   *
   * @param dimension d, at least 1
   * @param concentration κ, finite and not negative
   */
  public static double meanResultantLength(int dimension, double concentration) {
    check(dimension, concentration);
    if (concentration < 1e-150) {
      return concentration / dimension; // the first term; what follows is below rounding
    }
    if (isAsymptotic(dimension, concentration)) {
      return 1 - shortfall(dimension, concentration);
    }
    // Modified Lentz for the denominator b_0 + 1/(b_1 + 1/(b_2 + …)), b_i = (d + 2i)/κ.
    double value = dimension / concentration;
    double c = value;
    double d = 0;
    for (long i = 1; ; i++) {
      double b = (dimension + 2.0 * i) / concentration;
      d = 1 / (b + d);
      c = b + 1 / c;
      double change = c * d;
      value *= change;
      if (Math.abs(change - 1) <= ONE_ULP) {
        return 1 / value;
      }
    }
  }

  /**
   * Returns {@code 1 - A_d(κ)}, about (d - 1) / (2κ) for large κ, without the rounding of a
   * difference of two numbers near one there.
   */
  public static double shortfall(int dimension, double concentration) {
    check(dimension, concentration);
    if (!isAsymptotic(dimension, concentration)) {
      return 1 - meanResultantLength(dimension, concentration);
    }
    Hankel lower = new Hankel(dimension / 2.0 - 1, concentration);
    Hankel upper = new Hankel(dimension / 2.0, concentration);
    return (lower.rest - upper.rest) / (1 + lower.rest);
  }

  /**
   * Returns A_d'(κ), the variance of {@code μ·x}: 1/d for κ = 0, about (d - 1) / (2κ²) for large κ.
   *
   * <p>{@code A' = 1 - A² - (d-1) A / κ}. Absolute error about 1e-15 below the asymptotic range,
   * relative error about d · 1e-15 in it.
   */
  public static double variance(int dimension, double concentration) {
    check(dimension, concentration);
    if (concentration < 1e-5) {
      return 1.0 / dimension; // the next term is of order κ², below rounding
    }
    if (isAsymptotic(dimension, concentration)) {
      Hankel lower = new Hankel(dimension / 2.0 - 1, concentration);
      Hankel upper = new Hankel(dimension / 2.0, concentration);
      double below = 1 + lower.rest;
      return (upper.slope * below - (1 + upper.rest) * lower.slope) / (below * below);
    }
    double length = meanResultantLength(dimension, concentration);
    double next = meanResultantLength(dimension + 2, concentration);
    // The same by 1 = A_d · (d/κ + A_{d+2}), which leaves less to cancel.
    return Math.max(0, length * (1 / concentration + next - length));
  }

  /**
   * Returns {@code log M_d(κ)}, in nats.
   *
   * <p>Absolute error about 1e-15 · (1 + κ); see {@link #logScaledNormaliser} for large κ.
   */
  public static double logNormaliser(int dimension, double concentration) {
    check(dimension, concentration);
    return isAsymptotic(dimension, concentration)
        ? asymptotic(dimension, concentration) + concentration
        : series(dimension, concentration);
  }

  /**
   * Returns {@code log M_d(κ) - κ}, about −(d − 1)/2 · log κ for large κ: what is left when the
   * largest value of {@code exp(κ μ·x)} is taken out. Relative error about 1e-15 for large κ.
   */
  public static double logScaledNormaliser(int dimension, double concentration) {
    check(dimension, concentration);
    return isAsymptotic(dimension, concentration)
        ? asymptotic(dimension, concentration)
        : series(dimension, concentration) - concentration;
  }

  /** Returns the logarithm of the area of the unit sphere of R^d: log 2 for d = 1, log 2π for 2. */
  public static double logArea(int dimension) {
    check(dimension, 0);
    double half = dimension / 2.0;
    return Math.log(2) + half * Math.log(Math.PI) - SpecialFunctions.logGamma(half);
  }

  private static void check(int dimension, double concentration) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension: expected >= 1, got " + dimension);
    }
    if (!(concentration >= 0 && concentration < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "concentration: expected finite and >= 0, got " + concentration);
    }
  }

  private static boolean isAsymptotic(int dimension, double concentration) {
    return concentration >= ASYMPTOTIC_FROM && concentration >= dimension * (dimension / 4.0);
  }

  private static double asymptotic(int dimension, double concentration) {
    double order = dimension / 2.0 - 1;
    return SpecialFunctions.logGamma(dimension / 2.0)
        + order * Math.log(2 / concentration)
        - 0.5 * Math.log(2 * Math.PI * concentration)
        + Math.log1p(new Hankel(order, concentration).rest);
  }

  /**
   * The power series Σ_i (κ²/4)^i / ((d/2)_i i!), (x)_i the rising factorial: positive terms, so
   * nothing cancels; sums beyond the largest double are kept as a logarithm.
   */
  private static double series(int dimension, double concentration) {
    double x = concentration * concentration / 4;
    double logScale = 0;
    double one = 1; // the first term, after rescaling
    double rest = 0;
    double term = 1;
    for (long i = 0; i == 0 || term > (one + rest) * 1e-18; i++) {
      term *= x / ((dimension / 2.0 + i) * (i + 1));
      rest += term;
      if (rest > RESCALE) {
        term /= RESCALE;
        rest /= RESCALE;
        one /= RESCALE;
        logScale += Math.log(RESCALE);
      }
    }
    return logScale == 0 ? Math.log1p(rest) : logScale + Math.log(one + rest);
  }

  /**
   * Hankel's series of {@code I_ν(κ) e^-κ √(2πκ) = 1 + rest}, and its slope in κ.
   *
   * <pre>{@code  1 + Σ_k Π_{j<=k} ((2j-1)² - 4ν²) / (8 κ j)  }</pre>
   */
  private static final class Hankel {

    final double rest;
    final double slope;

    Hankel(double order, double concentration) {
      double sum = 0;
      double derivative = 0;
      double term = 1;
      for (int k = 1; k <= 2 * concentration && Math.abs(term) > 1e-18; k++) {
        double odd = 2 * k - 1;
        term *= (odd - 2 * order) * (odd + 2 * order) / (8 * concentration * k);
        sum += term;
        derivative -= k * term / concentration;
      }
      this.rest = sum;
      this.slope = derivative;
    }
  }
}
