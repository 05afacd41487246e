package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * Linear attention between features of queries and keys: the reference form of the trained layer.
 *
 * <pre>{@code
 * φ_Q(q) = σ(W_Q q + b_Q),   φ_K(k) = σ(W_K k + b_K)
 * a_l    = c_l φ_Q(q)·φ_K(k_l),   c_l = exp(bias_l)
 * out    = Σ_l a_l v_l / N,   N = 1, Σ_l c_l or Σ_l a_l
 * }</pre>
 *
 * <ul>
 *   <li>Where: σ the {@link FeatureMap}, N by the {@link Divisor}; without maps it is {@link
 *       LinearAttention}.
 *   <li>Parameters by name: {@code query.map} W_Q (f, dk), {@code query.bias} b_Q (1, f), {@code
 *       key.map} W_K (f, dk), {@code key.bias} b_K (1, f).
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives zero, and is refused where N is the sum of the weights.
 *   <li>Cost: O((n + m) f (dk + dv)); stateless.
 *   <li>Source: [recalled]; exact for in-context regression on orthonormal designs only [derived]
 *       (model M5).
 * </ul>
 */
public final class LinearHead implements Attention {

  private static final LinearAttention SUM = new LinearAttention(1);

  private final SimpleMatrix queryMap;
  private final SimpleMatrix queryBias;
  private final SimpleMatrix keyMap;
  private final SimpleMatrix keyBias;
  private final FeatureMap features;
  private final Divisor divisor;

  private LinearHead(Map<String, SimpleMatrix> parameters, FeatureMap features, Divisor divisor) {
    this.queryMap =
        Check.matrix("query.map", SoftmaxHead.need(parameters, "query.map"), -1, -1).copy();
    int f = queryMap.getNumRows();
    this.queryBias =
        Check.matrix("query.bias", SoftmaxHead.need(parameters, "query.bias"), 1, f).copy();
    this.keyMap =
        Check.matrix("key.map", SoftmaxHead.need(parameters, "key.map"), f, queryMap.getNumCols())
            .copy();
    this.keyBias = Check.matrix("key.bias", SoftmaxHead.need(parameters, "key.bias"), 1, f).copy();
    this.features = features;
    this.divisor = divisor;
  }

  /**
   * Returns the head with these parameters, named and shaped as above; other names are ignored.
   *
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing, a number is not finite, or the weights
   *     that are to be divided by need not be positive
   */
  public static LinearHead of(
      Map<String, SimpleMatrix> parameters, FeatureMap features, Divisor divisor) {
    check(features, divisor);
    return new LinearHead(parameters, features, divisor);
  }

  /**
   * Throws if the weights that are to be divided by need not be positive.
   *
   * @throws IllegalArgumentException naming both
   */
  public static void check(FeatureMap features, Divisor divisor) {
    Objects.requireNonNull(features, "features");
    if (divisor == Divisor.WEIGHTS && features == FeatureMap.IDENTITY) {
      throw new IllegalArgumentException(
          "divisor: expected NONE or LENGTH for features IDENTITY, whose weights may cancel,"
              + " got "
              + divisor);
    }
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    Shapes.sameWidth("queries", queries, queryMap.getNumCols(), "query.map");
    SimpleMatrix asked = features(queries, queryMap, queryBias);
    SimpleMatrix seen = features(context.keys(), keyMap, keyBias);
    SimpleMatrix sum = SUM.attend(asked, new Context(seen, context.values(), context.logBiases()));
    if (divisor == Divisor.NONE) {
      return sum;
    }
    SimpleMatrix ones = SimpleMatrix.ones(context.length(), 1);
    if (divisor == Divisor.LENGTH) {
      double count = CommonOps_DDRM.elementSum(Copies.scaleRows(ones, context.logBiases(), 1));
      return count == 0 ? sum : sum.divide(count);
    }
    Shapes.notEmpty("normalised linear attention", context);
    SimpleMatrix totals = SUM.attend(asked, new Context(seen, ones, context.logBiases()));
    DMatrixRMaj out = sum.getDDRM().copy();
    CommonOps_DDRM.divideRows(totals.getDDRM().data, out);
    return SimpleMatrix.wrap(out);
  }

  private SimpleMatrix features(SimpleMatrix rows, SimpleMatrix map, SimpleMatrix bias) {
    return Rows.affine(rows, map, bias, features::value);
  }

  @Override
  public String toString() {
    return "LinearHead[" + features + ", divisor " + divisor + "]";
  }
}
