package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * One head of multi-head attention: an attention between its own maps.
 *
 * <pre>{@code  head(q, K, V) = attention(q W_Qᵀ, K W_Kᵀ, V W_Vᵀ) W_Oᵀ  }</pre>
 *
 * <ul>
 *   <li>Shapes: queries (m, dk), W_Q and W_K (h, dk), values (n, dv), W_V (e, dv), W_O (p, e);
 *       result (m, p). A map that is not set is the identity.
 *   <li>Log biases go to the inner attention as they are.
 *   <li>Cost: that of the attention plus O((m + n) · size of the maps).
 *   <li>Source: [source: Zhang-2023] for {@code attn(X WQ_i, X WK_i, X WV_i)}; the output map
 *       [recalled].
 * </ul>
 */
public final class Head implements Attention {

  private final Attention inner;
  private final @Nullable SimpleMatrix queryMap;
  private final @Nullable SimpleMatrix keyMap;
  private final @Nullable SimpleMatrix valueMap;
  private final @Nullable SimpleMatrix outputMap;

  private Head(
      Attention inner,
      @Nullable SimpleMatrix queryMap,
      @Nullable SimpleMatrix keyMap,
      @Nullable SimpleMatrix valueMap,
      @Nullable SimpleMatrix outputMap) {
    this.inner = inner;
    this.queryMap = queryMap;
    this.keyMap = keyMap;
    this.valueMap = valueMap;
    this.outputMap = outputMap;
  }

  /** Returns the head of this attention with all maps the identity. */
  public static Head of(Attention inner) {
    return new Head(inner, null, null, null, null);
  }

  /** Returns this head with W_Q, shape (h, dk). */
  public Head withQueryMap(SimpleMatrix map) {
    return new Head(inner, checked("queryMap", map), keyMap, valueMap, outputMap);
  }

  /** Returns this head with W_K, shape (h, dk). */
  public Head withKeyMap(SimpleMatrix map) {
    return new Head(inner, queryMap, checked("keyMap", map), valueMap, outputMap);
  }

  /** Returns this head with W_V, shape (e, dv). */
  public Head withValueMap(SimpleMatrix map) {
    return new Head(inner, queryMap, keyMap, checked("valueMap", map), outputMap);
  }

  /** Returns this head with W_O, shape (p, e). */
  public Head withOutputMap(SimpleMatrix map) {
    return new Head(inner, queryMap, keyMap, valueMap, checked("outputMap", map));
  }

  private static SimpleMatrix checked(String argument, SimpleMatrix map) {
    return Check.matrix(argument, map, -1, -1).copy();
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException naming the map that does not fit
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    if (queryMap == null && keyMap == null) {
      Shapes.check(queries, context);
    } else {
      Check.matrix("queries", queries, -1, -1);
    }
    if (queryMap != null) {
      Shapes.sameWidth("queries", queries, queryMap.getNumCols(), "queryMap");
    }
    Context mapped =
        new Context(
            apply("keyMap", keyMap, context.keys()),
            apply("valueMap", valueMap, context.values()),
            context.logBiases());
    SimpleMatrix out = inner.attend(apply("queryMap", queryMap, queries), mapped);
    return apply("outputMap", outputMap, out);
  }

  private static SimpleMatrix apply(
      String argument, @Nullable SimpleMatrix map, SimpleMatrix rows) {
    if (map == null) {
      return rows;
    }
    Shapes.sameWidth(argument, map, rows.getNumCols(), "the rows it maps");
    return rows.mult(map.transpose());
  }
}
