package org.definetti.audit;

import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.ejml.simple.SimpleMatrix;

/**
 * Minus the log evidence of a linear-Gaussian model as fit plus complexity plus noise. (B6)
 *
 * <pre>{@code
 * -log P(V | K) = min_z { ||V - Φ zᵀ||² / (2 s2) + ||z||² / (2 t2) }      fit
 *               + (p/2) log det(I + ΦᵀΦ / λ)                             complexity
 *               + (L p / 2) log(2π s2)                                   noise
 * }</pre>
 *
 * <ul>
 *   <li>Where: v = z φ(k) + ε, rows of z ~ N(0, t2 I), ε ~ N(0, s2 I), λ = s2 / t2.
 *   <li>Shapes: Φ (L, m), V (L, p), z (p, m).
 *   <li>The complexity is what predicting online costs above the best penalised fit in hindsight:
 *       about (p m / 2) log L, so the regret of a continuous latent is not O(1).
 *   <li>Edge cases: L = 0 gives zeros.
 *   <li>Cost: O(L m² + m³). Accuracy: about cond(ΦᵀΦ + λI) · 1e-16 relative.
 *   <li>Source: [derived] (check B6).
 * </ul>
 *
 * @param fit the least penalised squared error, in nats
 * @param complexity the price of not knowing z, in nats
 * @param noise what the noise alone costs, in nats
 */
public record LinearGaussianEvidence(double fit, double complexity, double noise) {

  /**
   * Returns the three terms of these features and values.
   *
   * @param features Φ, shape (L, m)
   * @param values V, shape (L, p)
   * @param noiseVariance s2, finite and above zero
   * @param priorVariance t2, finite and above zero
   */
  public static LinearGaussianEvidence of(
      SimpleMatrix features, SimpleMatrix values, double noiseVariance, double priorVariance) {
    int length = Check.matrix("features", features, -1, -1).getNumRows();
    int outputs = Check.matrix("values", values, length, -1).getNumCols();
    Check.positive("noiseVariance", noiseVariance);
    Check.positive("priorVariance", priorVariance);
    if (length == 0) {
      return new LinearGaussianEvidence(0, 0, 0);
    }
    int width = features.getNumCols();
    double ridge = noiseVariance / priorVariance;
    SimpleMatrix gram = features.transpose().mult(features);
    Cholesky factor = Cholesky.of("S", gram.plus(SimpleMatrix.identity(width).scale(ridge)));
    double fit = 0;
    for (int j = 0; j < outputs; j++) {
      SimpleMatrix value = values.extractVector(false, j);
      double[] z = features.transpose().mult(value).getDDRM().data;
      factor.solveLower(z);
      factor.solveUpper(z);
      SimpleMatrix best = new SimpleMatrix(width, 1, true, z);
      double residual = value.minus(features.mult(best)).normF();
      double size = best.normF();
      fit += residual * residual / (2 * noiseVariance) + size * size / (2 * priorVariance);
    }
    double logDeterminant = factor.logDeterminant() - width * Math.log(ridge);
    return new LinearGaussianEvidence(
        fit,
        0.5 * outputs * logDeterminant,
        0.5 * length * outputs * Math.log(2 * Math.PI * noiseVariance));
  }

  /** Returns the sum, minus the log evidence in nats. */
  public double total() {
    return fit + complexity + noise;
  }
}
