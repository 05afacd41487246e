package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * Deep sets: a network of each token, a pool, a network of the pool and the query. The baseline
 * that has no attention, and the reference form of the trained layer.
 *
 * <pre>{@code
 * φ(k, v) = σ(T_2 σ(T_1 [k; v] + t_1) + t_2)
 * g       = mean or sum over tokens of φ(k_l, v_l)
 * out     = S_2 σ(S_1 [g; q] + s_1) + s_2
 * }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th></tr>
 *   <tr><td>{@code token.first.map, .bias}</td><td>T_1, t_1</td><td>(m, dk + dv), (1, m)</td></tr>
 *   <tr><td>{@code token.second.map, .bias}</td><td>T_2, t_2</td><td>(m, m), (1, m)</td></tr>
 *   <tr><td>{@code set.first.map, .bias}</td><td>S_1, s_1</td><td>(m, m + dk), (1, m)</td></tr>
 *   <tr><td>{@code set.second.map, .bias}</td><td>S_2, s_2</td><td>(p, m), (1, p)</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Where: m the width, σ the {@link Activation}. φ ends in σ: a linear map behind it could
 *       change places with the pool and become part of S_1.
 *   <li>Shapes: queries (r, dk); keys (n, dk), values (n, dv); result (r, p).
 *   <li>Edge cases: the mean of no tokens is refused, their sum is zero.
 *   <li>Cost: O(n m (dk + dv + m) + r m (m + dk + p)); stateless.
 *   <li>With the mean it forgets how many tokens it saw (check A7); with the sum its outputs change
 *       without bound as the length grows (the control of D2).
 *   <li>Source: the form ρ(mean φ) [source: Zhang-2023, Prop 5.4/F.8]; the networks [recalled].
 * </ul>
 */
public final class DeepSets implements Attention {

  private final Layer tokenFirst;
  private final Layer tokenSecond;
  private final Layer setFirst;
  private final Layer setSecond;
  private final Activation activation;
  private final Pooling pooling;

  /** A map and a bias. */
  private record Layer(SimpleMatrix map, SimpleMatrix bias) {}

  private DeepSets(Map<String, SimpleMatrix> parameters, Activation activation, Pooling pooling) {
    this.tokenFirst = layer(parameters, "token.first", -1, -1);
    int width = tokenFirst.map.getNumRows();
    this.tokenSecond = layer(parameters, "token.second", width, width);
    this.setFirst = layer(parameters, "set.first", width, -1);
    this.setSecond = layer(parameters, "set.second", -1, width);
    this.activation = Objects.requireNonNull(activation, "activation");
    this.pooling = Objects.requireNonNull(pooling, "pooling");
  }

  /**
   * Returns the network with these parameters, named and shaped as in the table above.
   *
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static DeepSets of(
      Map<String, SimpleMatrix> parameters, Activation activation, Pooling pooling) {
    return new DeepSets(parameters, activation, pooling);
  }

  private static Layer layer(
      Map<String, SimpleMatrix> parameters, String name, int rows, int columns) {
    SimpleMatrix map =
        Check.matrix(name + ".map", SoftmaxHead.need(parameters, name + ".map"), rows, columns);
    SimpleMatrix bias = SoftmaxHead.need(parameters, name + ".bias");
    Check.matrix(name + ".bias", bias, 1, map.getNumRows());
    return new Layer(map.copy(), bias.copy());
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    SimpleMatrix pool = pool(context);
    SimpleMatrix pools = new SimpleMatrix(queries.getNumRows(), pool.getNumCols());
    for (int i = 0; i < queries.getNumRows(); i++) {
      Rows.write(pool, pools, i);
    }
    SimpleMatrix hidden = active(pools.concatColumns(queries), setFirst);
    return Rows.affine(hidden, setSecond.map, setSecond.bias, x -> x);
  }

  private SimpleMatrix pool(Context context) {
    SimpleMatrix ones = SimpleMatrix.ones(context.length(), 1);
    DMatrixRMaj copies = Copies.scaleRows(ones, context.logBiases(), 1);
    if (pooling == Pooling.MEAN) {
      Shapes.notEmpty("deep sets with a mean", context);
      CommonOps_DDRM.divide(copies, CommonOps_DDRM.elementSum(copies));
    }
    SimpleMatrix tokens = context.keys().concatColumns(context.values());
    SimpleMatrix features = active(active(tokens, tokenFirst), tokenSecond);
    DMatrixRMaj pool = new DMatrixRMaj(1, features.getNumCols());
    if (context.length() > 0) {
      CommonOps_DDRM.multTransA(copies, features.getDDRM(), pool);
    }
    return SimpleMatrix.wrap(pool);
  }

  private SimpleMatrix active(SimpleMatrix rows, Layer layer) {
    return Rows.affine(rows, layer.map, layer.bias, activation::value);
  }

  @Override
  public String toString() {
    return "DeepSets[" + activation + ", " + pooling + "]";
  }
}
