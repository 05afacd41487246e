package org.definetti.attention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.latent.Check;
import org.definetti.latent.special.SpecialFunctions;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A transformer block: self-attention of rows in several heads, then a two-layer network of each
 * row, both with a residual connection and a norm. The reference form of the trained block.
 *
 * <pre>{@code
 * post-norm   U = norm_1(X + A(X)),   Y = norm_2(U + M(U))
 * pre-norm    U = X + A(norm_1(X)),   Y = U + M(norm_2(U))
 *
 * A(X) = [A_1 | … | A_H] W_Oᵀ + b_O,  A_h = softmax(Q_h K_hᵀ / √(d/H) + bias) V_h
 *        Q = X W_Qᵀ + b_Q, K and V alike; head h has columns h·d/H to (h+1)·d/H
 * M(X) = gelu(X W_1ᵀ + b_1) W_2ᵀ + b_2,   gelu(x) = x Φ(x)
 * }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th></tr>
 *   <tr><td>{@code query.map}, {@code key.map}, {@code value.map}</td><td>W_Q, W_K, W_V</td>
 *       <td>(d, d)</td></tr>
 *   <tr><td>{@code query.bias}, {@code key.bias}, {@code value.bias}</td><td>b_Q, b_K, b_V</td>
 *       <td>(1, d)</td></tr>
 *   <tr><td>{@code null.logit}, {@code null.value}</td><td>each head's null token; both or
 *       neither</td><td>(1, H), (1, d)</td></tr>
 *   <tr><td>{@code output.map}, {@code output.bias}</td><td>W_O, b_O</td><td>(d, d), (1, d)</td>
 *       </tr>
 *   <tr><td>{@code attention.norm.gain}, {@code attention.norm.bias}</td><td>of norm_1</td>
 *       <td>(1, d)</td></tr>
 *   <tr><td>{@code expand.map}, {@code expand.bias}</td><td>W_1, b_1</td><td>(h, d), (1, h)</td>
 *       </tr>
 *   <tr><td>{@code contract.map}, {@code contract.bias}</td><td>W_2, b_2</td><td>(d, h), (1, d)
 *       </td></tr>
 *   <tr><td>{@code mlp.norm.gain}, {@code mlp.norm.bias}</td><td>of norm_2</td><td>(1, d)</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Without the two norm biases both norms are {@link Normalisation#RMS}, with them {@link
 *       Normalisation#LAYER}.
 *   <li>Shapes: rows (n, d), log biases (n, 1), one for each row as a key; result (n, d).
 *   <li>Without causal mask and rotary positions the block is equivariant to the order of rows.
 *   <li>Cost: O(n d² + n d h + n² d) time; stateless.
 *   <li>Source: block [recalled: transformer encoder layer, as PyTorch's {@code
 *       TransformerEncoderLayer} with GELU]; the null token of a head [derived] (check B2).
 * </ul>
 */
public final class TransformerBlock {

  private final Map<String, SimpleMatrix> parameters;
  private final int heads;
  private final boolean preNorm;
  private final boolean causal;
  private final boolean rotary;

  private TransformerBlock(
      Map<String, SimpleMatrix> parameters,
      int heads,
      boolean preNorm,
      boolean causal,
      boolean rotary) {
    this.parameters = parameters;
    this.heads = heads;
    this.preNorm = preNorm;
    this.causal = causal;
    this.rotary = rotary;
  }

  /**
   * Returns the post-norm block with these parameters, named and shaped as in the table above.
   *
   * @param parameters by name. Not modified.
   * @param heads H, a divisor of d
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is unknown or missing, a number is not finite or the
   *     width no multiple of the heads
   */
  public static TransformerBlock of(Map<String, SimpleMatrix> parameters, int heads) {
    int width = Check.matrix("query.map", need(parameters, "query.map"), -1, -1).getNumCols();
    int hidden = Check.matrix("expand.map", need(parameters, "expand.map"), -1, -1).getNumRows();
    if (Check.atLeast("heads", 1, heads) > width || width % heads != 0) {
      throw new IllegalArgumentException(
          "heads: expected a divisor of the width " + width + ", got " + heads);
    }
    boolean nullToken = parameters.containsKey("null.logit");
    boolean rms = !parameters.containsKey("attention.norm.bias");
    Map<String, SimpleMatrix> copy = new LinkedHashMap<>();
    shapes(width, heads, hidden, nullToken, rms)
        .forEach(
            (name, shape) ->
                copy.put(
                    name, Check.matrix(name, need(parameters, name), shape[0], shape[1]).copy()));
    if (!copy.keySet().equals(parameters.keySet())) {
      throw new IllegalArgumentException(
          "parameters: expected names " + copy.keySet() + ", got " + parameters.keySet());
    }
    return new TransformerBlock(copy, heads, false, false, false);
  }

  private static Map<String, int[]> shapes(
      int width, int heads, int hidden, boolean nullToken, boolean rms) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (String name : List.of("query", "key", "value", "output")) {
      shapes.put(name + ".map", new int[] {width, width});
      shapes.put(name + ".bias", new int[] {1, width});
    }
    if (nullToken) {
      shapes.put("null.logit", new int[] {1, heads});
      shapes.put("null.value", new int[] {1, width});
    }
    shapes.put("expand.map", new int[] {hidden, width});
    shapes.put("expand.bias", new int[] {1, hidden});
    shapes.put("contract.map", new int[] {width, hidden});
    shapes.put("contract.bias", new int[] {1, width});
    for (String norm : List.of("attention.norm", "mlp.norm")) {
      shapes.put(norm + ".gain", new int[] {1, width});
      if (!rms) {
        shapes.put(norm + ".bias", new int[] {1, width});
      }
    }
    return shapes;
  }

  private static SimpleMatrix need(Map<String, SimpleMatrix> parameters, String name) {
    SimpleMatrix parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "parameters: expected " + name + " among them, got " + parameters.keySet());
    }
    return parameter;
  }

  /** Returns this block with its norms before attention and network. */
  public TransformerBlock withPreNorm() {
    return new TransformerBlock(parameters, heads, true, causal, rotary);
  }

  /** Returns this block in which row i attends to rows 0..i only. */
  public TransformerBlock withCausalMask() {
    return new TransformerBlock(parameters, heads, preNorm, true, rotary);
  }

  /**
   * Returns this block with rotary positions: queries and keys of row t are turned by angles that
   * grow with t, so that a score depends on the distance of its rows.
   *
   * <pre>{@code
   * (y_2i, y_2i+1) = (x_2i cos φ - x_2i+1 sin φ, x_2i sin φ + x_2i+1 cos φ),  φ = t / 10000^(2i/w)
   * }</pre>
   *
   * <p>Where: w the width of a head, even. Source: [recalled: Su 2021].
   *
   * @throws IllegalArgumentException if the width of a head is odd
   */
  public TransformerBlock withRotaryPositions() {
    if (width() / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "heads: expected heads of even width (rotary positions), got " + width() / heads);
    }
    return new TransformerBlock(parameters, heads, preNorm, causal, true);
  }

  /** Returns d. */
  public int width() {
    return need(parameters, "query.map").getNumCols();
  }

  /**
   * Returns the block's output for each row.
   *
   * @param rows shape (n, d), finite. Not modified.
   * @param logBiases added to the logits of each row as a key, shape (n, 1). Not modified.
   * @throws org.definetti.latent.ShapeMismatchException if a shape differs
   */
  public SimpleMatrix transform(SimpleMatrix rows, SimpleMatrix logBiases) {
    Check.matrix("rows", rows, -1, width());
    Check.matrix("logBiases", logBiases, rows.getNumRows(), 1);
    if (rows.getNumRows() == 0) {
      return rows.copy();
    }
    if (preNorm) {
      SimpleMatrix u = rows.plus(attention(norm("attention.norm", rows), logBiases));
      return u.plus(network(norm("mlp.norm", u)));
    }
    SimpleMatrix u = norm("attention.norm", rows.plus(attention(rows, logBiases)));
    return norm("mlp.norm", u.plus(network(u)));
  }

  private SimpleMatrix attention(SimpleMatrix rows, SimpleMatrix logBiases) {
    SimpleMatrix q = turned(affine("query", rows));
    SimpleMatrix k = turned(affine("key", rows));
    SimpleMatrix v = affine("value", rows);
    int width = width() / heads;
    List<SimpleMatrix> outputs = new ArrayList<>();
    for (int h = 0; h < heads; h++) {
      int left = h * width;
      int right = left + width;
      Context context = new Context(k.cols(left, right), v.cols(left, right), logBiases);
      outputs.add(head(h).attend(q.cols(left, right), context));
    }
    SimpleMatrix first = outputs.get(0);
    SimpleMatrix all = first.concatColumns(outputs.subList(1, heads).toArray(SimpleMatrix[]::new));
    return affine("output", all);
  }

  private SimpleMatrix turned(SimpleMatrix rows) {
    if (!rotary) {
      return rows;
    }
    int width = width() / heads;
    SimpleMatrix angles = Transformer.angles(rows.getNumRows(), width);
    double[] turned = rows.getDDRM().data.clone();
    for (int i = 0; i < turned.length; i += 2) {
      double angle = angles.get(i / width(), i % width);
      double x = turned[i];
      double y = turned[i + 1];
      turned[i] = x * Math.cos(angle) - y * Math.sin(angle);
      turned[i + 1] = x * Math.sin(angle) + y * Math.cos(angle);
    }
    return SimpleMatrix.wrap(DMatrixRMaj.wrap(rows.getNumRows(), width(), turned));
  }

  private Attention head(int h) {
    int width = width() / heads;
    SoftmaxAttention softmax = SoftmaxAttention.of(Math.sqrt(width));
    @Nullable SimpleMatrix logits = parameters.get("null.logit");
    if (logits != null) {
      SimpleMatrix value = need(parameters, "null.value").cols(h * width, (h + 1) * width);
      softmax = softmax.withNullToken(new NullToken(logits.get(0, h), value));
    }
    return causal ? CausalAttention.pastAndSelf(softmax) : softmax;
  }

  private SimpleMatrix network(SimpleMatrix rows) {
    DMatrixRMaj hidden = affine("expand", rows).getDDRM();
    for (int i = 0; i < hidden.data.length; i++) {
      hidden.data[i] *= SpecialFunctions.normalDistribution(hidden.data[i]);
    }
    return affine("contract", SimpleMatrix.wrap(hidden));
  }

  private SimpleMatrix affine(String name, SimpleMatrix rows) {
    SimpleMatrix mapped = Rows.timesTransposed(rows, need(parameters, name + ".map"));
    return Rows.plusRow(mapped, need(parameters, name + ".bias"));
  }

  private SimpleMatrix norm(String name, SimpleMatrix rows) {
    @Nullable SimpleMatrix bias = parameters.get(name + ".bias");
    Normalisation norm = bias == null ? Normalisation.RMS : Normalisation.LAYER;
    return norm.normalise(rows, need(parameters, name + ".gain"), bias);
  }

  @Override
  public String toString() {
    return "TransformerBlock[width "
        + width()
        + ", heads "
        + heads
        + ", hidden "
        + need(parameters, "expand.map").getNumRows()
        + (preNorm ? ", pre-norm" : ", post-norm")
        + (causal ? ", causal" : "")
        + (rotary ? ", rotary" : "")
        + (parameters.containsKey("null.logit") ? ", null tokens" : "")
        + (parameters.containsKey("mlp.norm.bias") ? "" : ", RMS")
        + "]";
  }
}
