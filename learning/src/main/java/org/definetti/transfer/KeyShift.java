package org.definetti.transfer;

import org.definetti.latent.Check;
import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.simple.SimpleEVD;
import org.ejml.simple.SimpleMatrix;

/**
 * Regression learned at keys of one law and used at keys of another.
 *
 * <pre>{@code
 * E_pre = tr(Δ S_pre Δᵀ),   E_down = tr(Δ S_down Δᵀ) <= κ_shift E_pre
 * κ_shift = λ_max(S_pre^-1/2 S_down S_pre^-1/2),   for least squares κ_eff = tr(S_pre⁻¹ S_down) / d
 * }</pre>
 *
 * <ul>
 *   <li>Where: Δ the error in the regression map z of v = z k + noise, S the second moments E[k kᵀ]
 *       of the keys in pretraining and downstream. S_down = I asks for z itself.
 *   <li>Shapes: both (d, d), symmetric; S_pre positive definite, S_down positive semi-definite.
 *   <li>Cost: O(d³). Accuracy: about cond(S_pre) · 1e-16, relative.
 *   <li>Source: this project's own definition [derived] (section 7.4 of the project's notes; claims
 *       D5, X2).
 * </ul>
 *
 * <p>Immutable.
 */
public final class KeyShift {

  private final SimpleMatrix rootInverse; // S_pre^-1/2
  private final SimpleMatrix shifted; // S_pre^-1/2 S_down S_pre^-1/2

  private KeyShift(SimpleMatrix rootInverse, SimpleMatrix shifted) {
    this.rootInverse = rootInverse;
    this.shifted = shifted;
  }

  /**
   * Returns the shift between these second moments.
   *
   * @throws NotPositiveDefiniteException if S_pre is not positive definite
   */
  public static KeyShift of(SimpleMatrix pretraining, SimpleMatrix downstream) {
    int d = pretraining.getNumRows();
    Check.atLeast("pretraining, rows", 1, d);
    Check.matrix("pretraining", pretraining, d, d);
    Check.matrix("downstream", downstream, d, d);
    SimpleEVD<SimpleMatrix> spectrum = symmetric(pretraining).eig();
    double[] root = new double[d * d];
    for (int i = 0; i < d; i++) {
      double value = spectrum.getEigenvalue(i).getReal();
      if (!(value > 0)) {
        throw new NotPositiveDefiniteException("pretraining", d, i, value);
      }
      SimpleMatrix vector = spectrum.getEigenVector(i);
      for (int r = 0; r < d; r++) {
        for (int c = 0; c < d; c++) {
          root[r * d + c] += vector.get(r, 0) * vector.get(c, 0) / Math.sqrt(value);
        }
      }
    }
    SimpleMatrix rootInverse = new SimpleMatrix(d, d, true, root);
    return new KeyShift(
        rootInverse, symmetric(rootInverse.mult(symmetric(downstream)).mult(rootInverse)));
  }

  private static SimpleMatrix symmetric(SimpleMatrix a) {
    return a.plus(a.transpose()).scale(0.5);
  }

  /**
   * Returns the second moments of the keys that make {@link #kappa} least for a total of {@code
   * trace}: in proportion to the downstream ones, with value {@code tr(S_down) / trace}.
   *
   * <p>Any S_pre of this trace has {@code S_down <= κ S_pre}, so {@code tr(S_down) <= κ trace}
   * [derived]; E-optimal design where S_down = I.
   *
   * @param downstream S_down, shape (d, d), positive definite
   * @param trace tr(S_pre), above zero
   */
  public static SimpleMatrix bestDesign(SimpleMatrix downstream, double trace) {
    int d = downstream.getNumRows();
    Check.matrix("downstream", downstream, d, d);
    Check.positive("trace", trace);
    Check.positive("downstream, trace", downstream.trace());
    return symmetric(downstream).scale(trace / downstream.trace());
  }

  /** Returns κ_shift. */
  public double kappa() {
    return shifted.eig().getEigenvalues().stream().mapToDouble(z -> z.getReal()).max().orElse(0);
  }

  /** Returns the ratio E_down / E_pre for least squares, whose error has covariance ∝ S_pre⁻¹. */
  public double kappaEff() {
    return shifted.trace() / shifted.getNumRows();
  }

  /** Returns an error in z, shape (1, d), for which the ratio is {@link #kappa}. */
  public SimpleMatrix worstError() {
    SimpleEVD<SimpleMatrix> spectrum = shifted.eig();
    int top = spectrum.getIndexMax();
    return rootInverse.mult(spectrum.getEigenVector(top)).transpose();
  }
}
