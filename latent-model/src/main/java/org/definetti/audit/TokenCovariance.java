package org.definetti.audit;

import java.util.function.Function;
import org.definetti.latent.Tokens;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.simple.SimpleMatrix;

/**
 * Can a latent be behind the next two tokens of a predictor of categories? (A4)
 *
 * <pre>{@code
 * Cov(f(x^1), f(x^2)) = Var(E[f(x) | z]) ≥ 0     for every f, if the tokens are i.i.d. given z
 * }</pre>
 *
 * <ul>
 *   <li>An urn without replacement is exchangeable and fails: two of four balls have -1/12. What
 *       can be extended to longer exchangeable sequences for ever passes.
 *   <li>Cost: W + 1 calls of the predictor.
 *   <li>Source: section A4 of the project's notes [derived].
 * </ul>
 */
public final class TokenCovariance {

  private TokenCovariance() {}

  /**
   * Returns the covariances of the indicators of the next two tokens given those seen, (W, W).
   *
   * <pre>{@code  C_ab = Cov(1{x^{n+1} = a}, 1{x^{n+2} = b} | X)  }</pre>
   *
   * @param seen X, categories; may be empty
   * @throws IllegalArgumentException if the tokens are not categories
   */
  public static SimpleMatrix of(Tokens seen, Function<Tokens, SimpleMatrix> predictor) {
    int count = Predictors.count("seen", seen.space());
    SimpleMatrix today = Predictors.predict(predictor, seen, count);
    SimpleMatrix joint = Coherence.joint(seen, today, predictor);
    double[] tomorrow = new double[count];
    for (int i = 0; i < count * count; i++) {
      tomorrow[i % count] += joint.get(i / count, i % count);
    }
    double[] covariances = new double[count * count];
    for (int i = 0; i < covariances.length; i++) {
      covariances[i] =
          joint.get(i / count, i % count) - today.get(0, i / count) * tomorrow[i % count];
    }
    return new SimpleMatrix(count, count, true, covariances);
  }

  /**
   * Returns the least covariance over all features: below zero, no latent is behind the tokens.
   *
   * <pre>{@code  min_f Cov(f(x^{n+1}), f(x^{n+2}) | X),   Σ_w f(w)² = 1  }</pre>
   *
   * <p>It is the least eigenvalue of the symmetric part of {@link #of}; never above zero, as a
   * constant f has covariance zero.
   */
  public static double least(Tokens seen, Function<Tokens, SimpleMatrix> predictor) {
    SimpleMatrix covariance = of(seen, predictor);
    DMatrixRMaj symmetric = covariance.plus(covariance.transpose()).scale(0.5).getDDRM();
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(symmetric.getNumRows(), false, true);
    if (!eigen.decompose(symmetric)) {
      throw new ArithmeticException("eigenvalues of the covariance did not converge");
    }
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < symmetric.getNumRows(); i++) {
      least = Math.min(least, eigen.getEigenvalue(i).getReal());
    }
    return least;
  }
}
