package org.definetti.attention;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * An attention whose output is multiplied by a constant.
 *
 * <pre>{@code  out = factor · inner(q, K, V)  }</pre>
 *
 * <p>Softmax attention over keys uniform on the sphere tends to {@code A_d(1/γ)} times a linear
 * map; the factor {@code 1 / A_d(1/γ)} corrects it (check C5). Shapes, edge cases and cost are
 * those of {@code inner}. Source: [derived].
 *
 * @param factor the constant, finite
 * @param inner the attention whose output is scaled
 */
public record ScaledAttention(double factor, Attention inner) implements Attention {

  /**
   * Checks the factor.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public ScaledAttention {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("factor: expected finite, got " + factor);
    }
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    SimpleMatrix inside = inner.attend(queries, context);
    DMatrixRMaj out = new DMatrixRMaj(inside.getNumRows(), inside.getNumCols());
    CommonOps_DDRM.scale(factor, inside.getDDRM(), out);
    return SimpleMatrix.wrap(out);
  }
}
