package org.definetti.attention;

import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * An attention followed by an affine map of its output.
 *
 * <pre>{@code  out = inner(q, K, V) W_Oᵀ + c  }</pre>
 *
 * <ul>
 *   <li>Shapes: inner's output (m, e), W_O (p, e), c (1, p); result (m, p).
 *   <li>Cost: that of the inner attention plus O(m p e).
 *   <li>Source: [recalled].
 * </ul>
 *
 * @param map W_O, finite
 * @param bias c, finite
 * @param inner the attention
 */
public record ReadoutAttention(SimpleMatrix map, SimpleMatrix bias, Attention inner)
    implements Attention {

  /**
   * Checks and copies the matrices.
   *
   * @throws org.definetti.latent.ShapeMismatchException if they do not fit each other
   * @throws IllegalArgumentException if a number is not finite
   */
  public ReadoutAttention {
    map = Check.matrix("map", map, -1, -1).copy();
    bias = Check.matrix("bias", bias, 1, map.getNumRows()).copy();
    Objects.requireNonNull(inner, "inner");
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    SimpleMatrix out = inner.attend(queries, context);
    Shapes.sameWidth("output of the inner attention", out, map.getNumCols(), "the readout map");
    return Rows.affine(out, map, bias, x -> x);
  }
}
