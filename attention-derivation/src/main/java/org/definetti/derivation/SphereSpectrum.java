package org.definetti.derivation;

import org.definetti.latent.Check;
import org.definetti.latent.special.SphereIntegrals;

/**
 * What the kernel {@code exp(q·k / γ)} does to functions of keys that are uniform on the unit
 * sphere of R^d.
 *
 * <pre>{@code
 * A_d(κ)      = I_{d/2}(κ) / I_{d/2-1}(κ)                     mean resultant length
 * μ_j / μ_0   = Π_{i<j} A_{d+2i}(1/γ)                         eigenvalue ratio of degree j
 * E[e^{q·k/γ}] = 0F1(; d/2; 1/(4γ²))                          normaliser
 * Γ(m)        = Σ_j N(d, j) μ_j / (μ_j + m)                   effective dimension
 * }</pre>
 *
 * <p>By Funk-Hecke the softmax average over many keys multiplies the degree-j part of a function by
 * {@code μ_j / μ_0}; a linear map has degree 1 and shrinks by {@code A_d(1/γ)}. Source: [derived:
 * Funk-Hecke] (check C3); the product form follows from the definition of the ratios [derived].
 */
public final class SphereSpectrum {

  private static final double SMALLEST_SHARE = 1e-17;

  private SphereSpectrum() {}

  /**
   * Returns the mean resultant length A_d(κ) of the von Mises-Fisher law, the length of the mean of
   * a unit vector with density proportional to {@code exp(κ μ·x)}: {@link
   * SphereIntegrals#meanResultantLength}, relative error about 1e-15.
   *
   * @param dimension d, at least 1
   * @param concentration κ, finite and not negative
   */
  public static double meanResultantLength(int dimension, double concentration) {
    return SphereIntegrals.meanResultantLength(dimension, concentration);
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
   * Returns {@code log E[exp(κ q·k)]} for k uniform on the sphere and a unit vector q, in nats:
   * {@link SphereIntegrals#logNormaliser}, absolute error about 1e-15 · (1 + κ).
   *
   * @param dimension d, at least 1
   * @param concentration κ, finite and not negative
   */
  public static double logNormaliser(int dimension, double concentration) {
    return SphereIntegrals.logNormaliser(dimension, concentration);
  }

  /**
   * Returns the eigenvalue {@code μ_j} of the kernel {@code exp((q·k - 1) / γ)} for keys uniform on
   * the sphere, as a probability measure.
   *
   * <pre>{@code
   * μ_j = e^(-1/γ) Γ(d/2) (2γ)^(d/2-1) I_{j+d/2-1}(1/γ),   Σ_j N(d, j) μ_j = 1
   * }</pre>
   *
   * <p>Source: [derived: Funk-Hecke] (check C3).
   *
   * @param dimension d, at least 2
   * @param temperature γ, above zero
   * @param degree j, at least 0
   */
  public static double eigenvalue(int dimension, double temperature, int degree) {
    Check.atLeast("dimension", 2, dimension);
    double ratio = eigenvalueRatio(dimension, temperature, degree);
    return ratio * Math.exp(logNormaliser(dimension, 1 / temperature) - 1 / temperature);
  }

  /**
   * Returns N(d, j), the number of independent harmonics of degree j on the sphere of R^d; exact
   * below 2^53. Source: [recalled].
   *
   * @param dimension d, at least 2
   * @param degree j, at least 0
   */
  public static double multiplicity(int dimension, int degree) {
    Check.atLeast("dimension", 2, dimension);
    Check.atLeast("degree", 0, degree);
    // binomial(j + d - 1, d - 1) - binomial(j + d - 3, d - 1)
    return binomial(degree + dimension - 1, dimension - 1)
        - (degree < 2 ? 0 : binomial(degree + dimension - 3, dimension - 1));
  }

  private static double binomial(int n, int k) {
    double product = 1;
    for (int i = 1; i <= k; i++) {
      product = product * (n - k + i) / i;
    }
    return product;
  }

  /**
   * Returns {@code μ_j / (μ_j + ρ)}, the factor by which CME attention with this kernel multiplies
   * the degree-j part of E[v|k] for many keys.
   *
   * <p>It tends to one as ρ falls, where the softmax filter {@link #eigenvalueRatio} stays below
   * one at any length. Source: [derived] (check C3).
   *
   * @param dimension d, at least 2
   * @param temperature γ of the kernel, above zero
   * @param degree j, at least 0
   * @param ridge ρ = λ / L, the ridge per token, not negative
   */
  public static double ridgeFilter(int dimension, double temperature, int degree, double ridge) {
    Check.notNegative("ridge", ridge);
    double eigenvalue = eigenvalue(dimension, temperature, degree);
    return eigenvalue / (eigenvalue + ridge);
  }

  /**
   * Returns the effective dimension of the kernel {@code exp((q·k - 1) / γ)} for keys uniform on
   * the sphere.
   *
   * <pre>{@code  Γ(m) = tr C (C + m)⁻¹ = Σ_j N(d, j) μ_j / (μ_j + m) <= 1/m  }</pre>
   *
   * <ul>
   *   <li>Where: C the covariance operator, whose trace is one; m = λ / L the ridge per token. At m
   *       = s2 / L the mean Bayes error of a Gaussian process is about {@code s2 Γ(m) / L}.
   *   <li>Edge cases: grows without bound, more slowly than any power, as m falls to zero.
   *   <li>Accuracy: degrees are added until one adds less than 1e-17 of the sum; relative error
   *       about 1e-14.
   *   <li>Source: the bound [source: Zhang-2023, App E.4; equations reconstructed]; the sum
   *       [derived: Funk-Hecke] (checks C0, C2).
   * </ul>
   *
   * @param dimension d, at least 2
   * @param temperature γ, above zero
   * @param ridge m, above zero
   */
  public static double effectiveDimension(int dimension, double temperature, double ridge) {
    Check.positive("ridge", ridge);
    double eigenvalue = eigenvalue(dimension, temperature, 0);
    double sum = eigenvalue / (eigenvalue + ridge);
    for (int j = 0; ; j++) {
      eigenvalue *= meanResultantLength(dimension + 2 * j, 1 / temperature);
      double term = multiplicity(dimension, j + 1) * eigenvalue / (eigenvalue + ridge);
      sum += term;
      // Terms grow with the multiplicity at first, while eigenvalues exceed the ridge.
      if (term <= SMALLEST_SHARE * sum && eigenvalue < ridge) {
        return sum;
      }
    }
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
