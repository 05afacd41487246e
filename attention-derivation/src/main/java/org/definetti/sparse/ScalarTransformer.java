package org.definetti.sparse;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A number read off a token of its own, [CLS] (tf-scalar).
 *
 * <pre>{@code  value(X) = y_[CLS] w,   y = layer of the tokens with x_[CLS] appended  }</pre>
 *
 * <p>One layer needs only that row, so {@link #value} costs O(n d) where {@link #throughLayer},
 * which computes every row and takes the last, costs O(n² d): the same number, and the second is
 * there to test the first (check V3).
 *
 * <p>Source: [recalled: Edelman-2022]. Immutable.
 *
 * @param head the head, with output of width p
 * @param cls x_[CLS], shape (1, d)
 * @param readout w, shape (p, 1)
 */
public record ScalarTransformer(TransformerHead head, SimpleMatrix cls, SimpleMatrix readout) {

  /**
   * Checks the shapes.
   *
   * @throws org.definetti.latent.ShapeMismatchException if one does not fit the head
   */
  public ScalarTransformer {
    Check.matrix("cls", cls, 1, head.queryMap().getNumRows());
    Check.matrix("readout", readout, head.outputMap().getNumCols(), 1);
  }

  /**
   * Returns the value at the tokens, from the row of [CLS] alone.
   *
   * @param tokens X without [CLS], shape (T, d); T = 0 is allowed
   */
  public double value(SimpleMatrix tokens) {
    return Columns.times(head.attend(withCls(tokens), cls), readout).get(0, 0);
  }

  /** Returns the same through the full layer; O(n² d). */
  public double throughLayer(SimpleMatrix tokens) {
    SimpleMatrix rows = head.layer(withCls(tokens));
    return Columns.times(rows.extractVector(true, rows.getNumRows() - 1), readout).get(0, 0);
  }

  private SimpleMatrix withCls(SimpleMatrix tokens) {
    return Check.matrix("tokens", tokens, -1, cls.getNumCols()).concatRows(cls);
  }
}
