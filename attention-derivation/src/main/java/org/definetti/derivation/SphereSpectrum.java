package org.definetti.derivation;

import org.definetti.latent.Check;

/**
 * What the kernel {@code exp(q·k / γ)} does to functions of keys that are uniform on the unit
 * sphere of R^d.
 *
 * <pre>{@code
 * A_d(κ)      = I_{d/2}(κ) / I_{d/2-1}(κ)                     mean resultant length
 * μ_j / μ_0   = Π_{i<j} A_{d+2i}(1/γ)                         eigenvalue ratio of degree j
 * E[e^{q·k/γ}] = 0F1(; d/2; 1/(4γ²))                          normaliser
 * }</pre>
 *
 * <p>By Funk-Hecke the softmax average over many keys multiplies the degree-j part of a function by
 * {@code μ_j / μ_0}; a linear map has degree 1 and shrinks by {@code A_d(1/γ)}. Source: [derived:
 * Funk-Hecke] (check C3); the product form follows from the definition of the ratios [derived].
 */
public final class SphereSpectrum {

  private static final double ONE_ULP = 0x1p-52;
  private static final double RESCALE = 1e250;

  private SphereSpectrum() {}

  /**
   * Returns the mean resultant length A_d(κ) of the von Mises-Fisher law, the length of the mean of
   * a unit vector with density proportional to {@code exp(κ μ·x)}.
   *
   * <pre>{@code
   * A_d(κ) = 1 / (d/κ + 1 / ((d+2)/κ + 1 / ((d+4)/κ + …)))
   * }</pre>
   *
   * <ul>
   *   <li>Edge cases: 0 for κ = 0; tanh κ for d = 1; coth κ − 1/κ for d = 3.
   *   <li>Cost: O(κ + 20) steps of a continued fraction (Lentz).
   *   <li>Accuracy: about 1e-15 relative for κ up to 1e4.
   *   <li>Source: [recalled: Gauss's continued fraction].
   * </ul>
   *
   * @param dimension d, at least 1
   * @param concentration κ, finite and not negative
   */
  public static double meanResultantLength(int dimension, double concentration) {
    Check.atLeast("dimension", 1, dimension);
    Check.notNegative("concentration", concentration);
    if (concentration < 1e-150) {
      return concentration / dimension; // the first term; what follows is below rounding
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
   * Returns {@code μ_j / μ_0}, the factor in 0..1 by which softmax attention over infinitely many
   * keys multiplies the degree-j part of a function.
   *
   * @param dimension d, at least 1
   * @param temperature γ, above zero
   * @param degree j, at least 0
   */
  public static double eigenvalueRatio(int dimension, double temperature, int degree) {
    Check.atLeast("degree", 0, degree);
    Check.positive("temperature", temperature);
    double ratio = 1;
    for (int i = 0; i < degree; i++) {
      ratio *= meanResultantLength(dimension + 2 * i, 1 / temperature);
    }
    return ratio;
  }

  /**
   * Returns {@code log E[exp(κ q·k)]} for k uniform on the sphere and a unit vector q, in nats.
   *
   * <pre>{@code
   * E[e^{κ q·k}] = Σ_i (κ²/4)^i / ((d/2)_i i!)
   * }</pre>
   *
   * <p>(x)_i is the rising factorial. All terms are positive, so nothing cancels; sums beyond the
   * largest double are kept as a logarithm. O(κ + 20) terms; relative error of the exponential
   * about 1e-15 · (1 + its logarithm). Source: [recalled: 0F1 series of the Bessel function].
   *
   * @param dimension d, at least 1
   * @param concentration κ, finite and not negative
   */
  public static double logNormaliser(int dimension, double concentration) {
    Check.atLeast("dimension", 1, dimension);
    Check.notNegative("concentration", concentration);
    double x = concentration * concentration / 4;
    double logScale = 0;
    double term = 1;
    double sum = 1;
    for (long i = 0; term > sum * 1e-18; i++) {
      term *= x / ((dimension / 2.0 + i) * (i + 1));
      sum += term;
      if (sum > RESCALE) {
        term /= RESCALE;
        sum /= RESCALE;
        logScale += Math.log(RESCALE);
      }
    }
    return logScale + Math.log(sum);
  }

  /**
   * Returns the constant of {@code ∫ v exp(v·b / γ) dv = C1 b} over the unit sphere, b a unit
   * vector.
   *
   * <pre>{@code
   * C1 = (2π)^(d/2) γ^(d/2-1) I_{d/2}(1/γ) = |S^(d-1)| E[e^{q·k/γ}] A_d(1/γ)
   * }</pre>
   *
   * <p>Divided by the integral of the kernel itself it is {@link #meanResultantLength}. Infinite
   * where it is beyond the largest double. Source: that there is such a constant [source:
   * Zhang-2023, Prop E.1]; its value [derived].
   *
   * @param dimension d, at least 1
   * @param temperature γ, above zero
   */
  public static double surfaceConstant(int dimension, double temperature) {
    Check.positive("temperature", temperature);
    double concentration = 1 / temperature;
    double length = meanResultantLength(dimension, concentration);
    return sphereArea(dimension) * Math.exp(logNormaliser(dimension, concentration)) * length;
  }

  // |S^(d-1)| = 2 π^(d/2) / Γ(d/2), by its recurrence in d.
  private static double sphereArea(int dimension) {
    double area = dimension % 2 == 0 ? 2 * Math.PI : 2;
    for (int d = dimension % 2 == 0 ? 2 : 1; d < dimension; d += 2) {
      area *= 2 * Math.PI / d;
    }
    return area;
  }
}
