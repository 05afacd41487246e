package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * Linear attention: one gradient step of least squares from zero.
 *
 * <pre>{@code  out = η Σ_l c_l (q·k_l) v_l = η q Kᵀ diag(c) V,   c_l = exp(b_l)  }</pre>
 *
 * <ul>
 *   <li>Where: η step size ({@code scale}), b_l log bias: a token counts as exp(b_l) copies. The
 *       sum is not divided by its length.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives zero.
 *   <li>Cost: O((n + m) dk dv) time, O(dk dv) memory; stateless.
 *   <li>Exact for in-context linear regression only if {@code KᵀK} is a multiple of the identity.
 *   <li>Source: [recalled]; exact on orthonormal designs only [derived] (model M5).
 * </ul>
 *
 * @param scale η, finite
 */
public record LinearAttention(double scale) implements Attention {

  /**
   * Checks the step size.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public LinearAttention {
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale: expected finite, got " + scale);
    }
  }

  /**
   * Returns linear attention with preconditioned queries, {@code out = q P Kᵀ diag(c) V}: one
   * gradient step that is scaled differently in each direction.
   *
   * <p>With {@code P = (KᵀK + λ I)⁻¹} it is kernel ridge, exact; with a fixed P it is exact only
   * for contexts whose KᵀK is the one that P was made for. Source: [derived] (model M5).
   *
   * @param preconditioner P, shape (dk, dk), finite
   */
  public static Head preconditioned(SimpleMatrix preconditioner) {
    int width = Check.matrix("preconditioner", preconditioner, -1, -1).getNumRows();
    Check.matrix("preconditioner", preconditioner, width, width);
    return Head.of(new LinearAttention(1)).withQueryMap(preconditioner.transpose());
  }

  /**
   * Returns {@code η q Kᵀ diag(c) V}.
   *
   * @throws ShapeMismatchException if queries and keys differ in width
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    DMatrixRMaj keys = Copies.scaleRows(context.keys(), context.logBiases(), 1);
    DMatrixRMaj step = new DMatrixRMaj(keys.numCols, context.values().getNumCols());
    if (context.length() > 0) {
      CommonOps_DDRM.multTransA(scale, keys, context.values().getDDRM(), step);
    }
    DMatrixRMaj out = new DMatrixRMaj(queries.getNumRows(), step.numCols);
    CommonOps_DDRM.mult(queries.getDDRM(), step, out);
    return SimpleMatrix.wrap(out);
  }
}
