package org.definetti.attention;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * Attention of a sequence to its own past: query i sees the context up to position i only.
 *
 * <pre>{@code
 * past             out_i = inner(q_i, rows 0..i-1)
 * past and self    out_i = inner(q_i, rows 0..i)
 * }</pre>
 *
 * <ul>
 *   <li>Rows of queries and context are positions, counted from 0, so <em>their order matters</em>,
 *       unlike that of other attentions. As an attention it fits into {@link Head} and {@link
 *       MultiHeadAttention}, whose maps act row by row.
 *   <li>Next-token prediction uses {@code past}: output i predicts token i. With n context rows it
 *       takes up to n + 1 queries, the last of which has seen everything.
 *   <li>Shapes: queries (m, dk) with m ≤ n + 1 (past) or m ≤ n (past and self); result (m, p).
 *   <li>Edge cases: query 0 of {@code past} sees an empty context, which the inner attention may
 *       refuse (softmax without a null token does).
 *   <li>Cost: m calls of the inner attention, O(n²) in all for softmax, with O(n) extra memory.
 *       {@link CausalNullHead} does heads of logit 0 in O(n).
 *   <li>One layer whose queries do not see positions is, at its last position, invariant to the
 *       order of the past; a second layer on top of it is not, because the rows it attends to saw
 *       different pasts (see {@link CausalStack}).
 *   <li>Source: causal mask [recalled]; invariance [derived] (check X1).
 * </ul>
 *
 * @param inner the attention of each query to its prefix
 * @param seesSelf whether query i sees row i itself
 */
public record CausalAttention(Attention inner, boolean seesSelf) implements Attention {

  /** Returns attention of query i to rows 0..i-1: what next-token prediction needs. */
  public static CausalAttention past(Attention inner) {
    return new CausalAttention(inner, false);
  }

  /** Returns attention of query i to rows 0..i: a layer of a decoder. */
  public static CausalAttention pastAndSelf(Attention inner) {
    return new CausalAttention(inner, true);
  }

  /**
   * Returns one output per query, each from its own prefix.
   *
   * @throws ShapeMismatchException if there are more queries than positions
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    int count = queries.getNumRows();
    Shapes.positions(count, context.length() + (seesSelf ? 0 : 1));
    if (count == 0) {
      return inner.attend(queries, context);
    }
    DMatrixRMaj out = null;
    for (int i = 0; i < count; i++) {
      SimpleMatrix query = queries.extractVector(true, i);
      SimpleMatrix row = inner.attend(query, context.prefix(seesSelf ? i + 1 : i));
      if (out == null) {
        out = new DMatrixRMaj(count, row.getNumCols());
      }
      System.arraycopy(row.getDDRM().data, 0, out.data, i * out.numCols, out.numCols);
    }
    return SimpleMatrix.wrap(out);
  }
}
