package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Cholesky;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Gamma;
import org.definetti.random.Normal;

/**
 * The inverse-Wishart law IW(Ψ, f) of a covariance Σ, (d, d), f &gt; d - 1.
 *
 * <pre>{@code
 * log p(Σ) = f/2 log det Ψ - f d/2 log 2 - log Γ_d(f/2) - (f + d + 1)/2 log det Σ - tr(Ψ Σ⁻¹)/2
 * E log det Σ = log det Ψ - d log 2 - ψ_d(f/2),   E Σ⁻¹ = f Ψ⁻¹
 * }</pre>
 *
 * <p>Γ_d is the multivariate gamma function, ψ_d the derivative of its logarithm. The density is
 * over the entries on and below the diagonal. Source: [recalled]; entropy and divergence
 * [derived] from the two expectations. Immutable.
 */
final class InverseWishart {

  private static final double LOG_TWO = Math.log(2);

  final Cholesky scale;
  final double degrees;

  InverseWishart(Cholesky scale, double degrees) {
    this.scale = scale;
    this.degrees = degrees;
  }

  // f/2 - i/2, the arguments whose gamma functions make up Γ_d(f/2)
  private double argument(int i) {
    return 0.5 * (degrees - i);
  }

  private double logGamma() {
    int d = scale.size();
    double sum = 0.25 * d * (d - 1) * Math.log(Math.PI);
    for (int i = 0; i < d; i++) {
      sum += SpecialFunctions.logGamma(argument(i));
    }
    return sum;
  }

  /** Returns log Γ_d(f/2) of this less that of the other. */
  double logGammaRatio(InverseWishart other) {
    double sum = 0;
    for (int i = 0; i < scale.size(); i++) {
      sum += SpecialFunctions.logRising(other.argument(i), 0.5 * (degrees - other.degrees));
    }
    return sum;
  }

  double expectedLogDeterminant() {
    double sum = scale.logDeterminant() - scale.size() * LOG_TWO;
    for (int i = 0; i < scale.size(); i++) {
      sum -= SpecialFunctions.digamma(argument(i));
    }
    return sum;
  }

  private double logNormaliser() {
    return 0.5 * degrees * (scale.logDeterminant() - scale.size() * LOG_TWO) - logGamma();
  }

  double logDensity(Cholesky covariance) {
    int d = scale.size();
    double trace = 0; // of Ψ Σ⁻¹: squares of Σ^-½ Ψ^½
    double[] column = new double[d];
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < d; i++) {
        column[i] = scale.factor(i, j);
      }
      covariance.solveLower(column);
      for (int i = j; i < d; i++) {
        trace += column[i] * column[i];
      }
    }
    return logNormaliser() - 0.5 * ((degrees + d + 1) * covariance.logDeterminant() + trace);
  }

  double entropyNats() {
    int d = scale.size();
    double spread = (degrees + d + 1) * expectedLogDeterminant() + degrees * d;
    return 0.5 * spread - logNormaliser();
  }

  double klNats(InverseWishart other) {
    double half = 0.5 * (other.degrees - degrees);
    double sum = 0.5 * degrees * Beliefs.excess(other.scale, scale);
    sum += half * (scale.logDeterminant() - other.scale.logDeterminant());
    for (int i = 0; i < scale.size(); i++) {
      double x = argument(i);
      sum += SpecialFunctions.logRising(x, half) - half * SpecialFunctions.digamma(x);
    }
    return Math.max(0, sum);
  }

  /**
   * Draws B, row by row, with Σ = B Bᵀ: {@code B = Ψ^½ A⁻ᵀ}, A lower triangular with chi variables
   * of f, f - 1, … degrees of freedom on the diagonal and normal ones below (Bartlett).
   */
  double[] drawRoot(RandomGenerator rng) {
    int d = scale.size();
    double[] a = new double[d * d];
    for (int i = 0; i < d; i++) {
      Normal.fill(a, i * d, i * d + i, rng);
      a[i * d + i] = Math.sqrt(2 * Gamma.draw(argument(i), rng));
    }
    double[] root = new double[d * d];
    for (int row = 0; row < d; row++) { // row of B: solve A b = row of Ψ^½
      for (int i = 0; i < d; i++) {
        double sum = scale.factor(row, i);
        for (int j = 0; j < i; j++) {
          sum -= a[i * d + j] * root[row * d + j];
        }
        root[row * d + i] = sum / a[i * d + i];
      }
    }
    return root;
  }
}
