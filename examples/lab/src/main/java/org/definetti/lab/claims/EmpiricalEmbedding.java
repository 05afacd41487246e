package org.definetti.lab.claims;

import org.definetti.kernel.Kernel;
import org.ejml.simple.SimpleMatrix;

/**
 * The empirical conditional mean embedding at one query, in its operator form.
 *
 * <pre>{@code
 * E[v | q]   ≈ Ĉ_VK (Ĉ_KK + μ I)⁻¹ φ(q),   Ĉ_VK = 1/L Σ v_l φ(k_l)ᵀ,   Ĉ_KK = 1/L Σ φ(k_l) φ(k_l)ᵀ
 * leverage   = φ(q)ᵀ (Ĉ_KK + μ I)⁻¹ φ(q) / L
 * }</pre>
 *
 * <p>With μ = λ / L these are the posterior mean and variance, {@code s2 (1 + leverage)} (check
 * B1). {@link #ofMoments} has linear features and writes both moments as matrices. {@link
 * #ofOperators} needs a kernel only: the operators map the span of φ(q), φ(k_1) .. φ(k_L) into
 * itself, and their matrices in those vectors hold kernel values. Neither solves a system of kernel
 * ridge.
 */
final class EmpiricalEmbedding {

  private final SimpleMatrix mean;
  private final double leverage;

  private EmpiricalEmbedding(SimpleMatrix mean, double leverage) {
    this.mean = mean;
    this.leverage = leverage;
  }

  /**
   * Returns the embedding for φ(k) = k, in second moments.
   *
   * @param keys shape (L, dk)
   * @param values shape (L, dv)
   * @param query shape (1, dk)
   * @param ridge μ, above zero
   */
  static EmpiricalEmbedding ofMoments(
      SimpleMatrix keys, SimpleMatrix values, SimpleMatrix query, double ridge) {
    double length = keys.getNumRows();
    SimpleMatrix crossMoment = values.transpose().mult(keys).divide(length);
    SimpleMatrix moment = keys.transpose().mult(keys).divide(length);
    SimpleMatrix solved =
        moment
            .plus(SimpleMatrix.identity(moment.getNumRows()).scale(ridge))
            .solve(query.transpose());
    return new EmpiricalEmbedding(
        crossMoment.mult(solved).transpose(), query.mult(solved).get(0) / length);
  }

  /**
   * Returns the embedding for any kernel: f = Σ a_i φ_i over the span, Ĉ_KK f = 1/L Σ_l f(k_l)
   * φ(k_l), Ĉ_VK f = 1/L Σ_l f(k_l) v_l, where f(k_l) = Σ_i a_i κ(i, k_l).
   */
  static EmpiricalEmbedding ofOperators(
      Kernel kernel, SimpleMatrix keys, SimpleMatrix values, SimpleMatrix query, double ridge) {
    int length = keys.getNumRows();
    SimpleMatrix span = query.concatRows(keys); // φ(q) first
    SimpleMatrix atKeys = kernel.gram(keys, span).divide(length); // a to 1/L f(k_l)
    SimpleMatrix operator =
        new SimpleMatrix(1, length + 1)
            .concatRows(atKeys)
            .plus(SimpleMatrix.identity(length + 1).scale(ridge));
    SimpleMatrix first = SimpleMatrix.identity(length + 1).extractVector(false, 0);
    SimpleMatrix solved = operator.solve(first); // (Ĉ_KK + μ I)⁻¹ φ(q)
    SimpleMatrix mean = atKeys.mult(solved).transpose().mult(values);
    double atQuery = kernel.gram(query, span).mult(solved).get(0);
    return new EmpiricalEmbedding(mean, atQuery / length);
  }

  /** Returns Ĉ_VK (Ĉ_KK + μ I)⁻¹ φ(q), shape (1, dv). */
  SimpleMatrix mean() {
    return mean;
  }

  /** Returns φ(q)ᵀ (Ĉ_KK + μ I)⁻¹ φ(q) / L. */
  double leverage() {
    return leverage;
  }
}
