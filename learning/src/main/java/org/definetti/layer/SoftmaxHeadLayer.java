package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.SoftmaxHead;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.SingleQuerySoftmax;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;

/**
 * One softmax head with learned query, key and value maps, a readout, and optionally a null token.
 *
 * <pre>{@code
 * logit_l = (W_Q q + b_Q)·(W_K k_l) / sqrt(h)
 * w       = softmax(logits, and b_0 if there is a null token)
 * out     = W_O (Σ_l w_l W_V v_l + w_0 v_0) + c
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code query.map} W_Q (h, dk), {@code query.bias} b_Q (1, h), {@code key.map}
 *       W_K (h, dk), {@code value.map} W_V (e, dv), {@code null.logit} b_0 (1, 1), {@code
 *       null.value} v_0 (1, e), {@code readout.map} W_O (p, e), {@code readout.bias} c (1, p). With
 *       {@link #withIdentityValues} value map and readout are the identity and do not exist: e = dv
 *       = p.
 *   <li>Cost: O(L (dk + dv)) per sample forward and backward, because W_K is folded into the query
 *       (u = W_Kᵀ a / sqrt(h)) and W_V is applied to the weighted sum.
 *   <li>Reference form: {@link SoftmaxHead}, {@link #toAttention}; gradients are tested against its
 *       central differences.
 *   <li>Edge cases: an empty context is refused without a null token.
 *   <li>Source: a null token with identity values is exact for conjugate families [derived]; the
 *       trained form is this library's.
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class SoftmaxHeadLayer implements Layer {

  /** Half of a second-level cache of the usual size. */
  private static final int TILE_BYTES = 256 * 1024;

  private static final String QUERY_MAP = "query.map";
  private static final String QUERY_BIAS = "query.bias";
  private static final String KEY_MAP = "key.map";
  private static final String VALUE_MAP = "value.map";
  private static final String NULL_LOGIT = "null.logit";
  private static final String NULL_VALUE = "null.value";
  private static final String READOUT_MAP = "readout.map";
  private static final String READOUT_BIAS = "readout.bias";

  private final Widths widths;
  private final int headWidth; // h
  private final int mapWidth; // e
  private final boolean nullToken;
  private final boolean identityValues;
  private final List<ParameterShape> shapes;

  // Offsets into the parameters' storage; -1 where a parameter does not exist.
  private final int queryMap;
  private final int queryBias;
  private final int keyMap;
  private final int valueMap;
  private final int nullLogit;
  private final int nullValue;
  private final int readoutMap;
  private final int readoutBias;

  private SoftmaxHeadLayer(
      Widths widths, int headWidth, int mapWidth, boolean nullToken, boolean identityValues) {
    this.widths = widths;
    this.headWidth = headWidth;
    this.mapWidth = mapWidth;
    this.nullToken = nullToken;
    this.identityValues = identityValues;
    this.shapes = listShapes();
    Parameters layout = Parameters.zeros(shapes);
    this.queryMap = offset(layout, QUERY_MAP);
    this.queryBias = offset(layout, QUERY_BIAS);
    this.keyMap = offset(layout, KEY_MAP);
    this.valueMap = offset(layout, VALUE_MAP);
    this.nullLogit = offset(layout, NULL_LOGIT);
    this.nullValue = offset(layout, NULL_VALUE);
    this.readoutMap = offset(layout, READOUT_MAP);
    this.readoutBias = offset(layout, READOUT_BIAS);
  }

  private static int offset(Parameters layout, String name) {
    return layout.has(name) ? layout.offset(name) : -1;
  }

  /**
   * Returns the head for these widths: h = dk, e = dv, free value map and readout, no null token.
   */
  public static SoftmaxHeadLayer of(Widths widths) {
    return new SoftmaxHeadLayer(widths, widths.key(), widths.value(), false, false);
  }

  /** Returns this head with query and key maps to {@code headWidth} numbers. */
  public SoftmaxHeadLayer withHeadWidth(int headWidth) {
    Check.atLeast("headWidth", 1, headWidth);
    return new SoftmaxHeadLayer(widths, headWidth, mapWidth, nullToken, identityValues);
  }

  /**
   * Returns this head with a value map to {@code mapWidth} numbers.
   *
   * @throws IllegalArgumentException if the values are identities
   */
  public SoftmaxHeadLayer withMapWidth(int mapWidth) {
    Check.atLeast("mapWidth", 1, mapWidth);
    if (identityValues && mapWidth != widths.value()) {
      throw new IllegalArgumentException(
          "mapWidth: expected " + widths.value() + " (identity values), got " + mapWidth);
    }
    return new SoftmaxHeadLayer(widths, headWidth, mapWidth, nullToken, identityValues);
  }

  /** Returns this head with a null token of learned logit and value. */
  public SoftmaxHeadLayer withNullToken() {
    return new SoftmaxHeadLayer(widths, headWidth, mapWidth, true, identityValues);
  }

  /**
   * Returns this head with value map and readout fixed to the identity.
   *
   * @throws ShapeMismatchException if values and targets differ in width
   */
  public SoftmaxHeadLayer withIdentityValues() {
    if (widths.value() != widths.target()) {
      throw new ShapeMismatchException(
          "widths: expected equal value and target width (identity values), got " + widths);
    }
    return new SoftmaxHeadLayer(widths, headWidth, widths.value(), nullToken, true);
  }

  private List<ParameterShape> listShapes() {
    List<ParameterShape> list = new ArrayList<>();
    list.add(new ParameterShape(QUERY_MAP, headWidth, widths.key()));
    list.add(new ParameterShape(QUERY_BIAS, 1, headWidth));
    list.add(new ParameterShape(KEY_MAP, headWidth, widths.key()));
    if (!identityValues) {
      list.add(new ParameterShape(VALUE_MAP, mapWidth, widths.value()));
    }
    if (nullToken) {
      list.add(new ParameterShape(NULL_LOGIT, 1, 1));
      list.add(new ParameterShape(NULL_VALUE, 1, mapWidth));
    }
    if (!identityValues) {
      list.add(new ParameterShape(READOUT_MAP, widths.target(), mapWidth));
      list.add(new ParameterShape(READOUT_BIAS, 1, widths.target()));
    }
    return List.copyOf(list);
  }

  @Override
  public Widths widths() {
    return widths;
  }

  @Override
  public List<ParameterShape> shapes() {
    return shapes;
  }

  /**
   * Draws initial parameters: maps with independent normal entries of variance one over their
   * number of columns, biases and null logit zero. The null value is zero, with identity values the
   * uniform probability vector 1/e, so that cross-entropy never meets an output of zero.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes);
    for (ParameterShape shape : shapes) {
      if (shape.name().endsWith(".map")) {
        int offset = parameters.offset(shape.name());
        double scale = 1.0 / Math.sqrt(shape.columns());
        for (int i = 0; i < shape.size(); i++) {
          parameters.data()[offset + i] = (float) (scale * Normal.draw(rng));
        }
      }
    }
    if (nullToken && identityValues) {
      Arrays.fill(parameters.data(), nullValue, nullValue + mapWidth, 1f / mapWidth);
    }
    return parameters;
  }

  /** Keys and values, read by both passes, are what has to stay in cache. */
  @Override
  public int tile(int length) {
    long bytes = (long) Float.BYTES * length * (widths.key() + widths.value());
    return (int) Math.max(1, TILE_BYTES / Math.max(1, bytes));
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  @Override
  public Workspace workspace(int size, int length) {
    Check.atLeast("size", 1, size);
    Check.atLeast("length", 0, length);
    return new SoftmaxHeadWorkspace(widths, headWidth, mapWidth, size, length);
  }

  @Override
  public long workspaceBytes(int size, int length) {
    long ofSample = 2L * length + 2L * widths.target() + headWidth + widths.value() + mapWidth + 1;
    return (long) Float.BYTES * size * ofSample;
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    SoftmaxHeadWorkspace ws = check(parameters, batch, from, to, workspace);
    for (int b = from; b < to; b++) {
      forward(parameters.data(), batch, b, ws);
    }
  }

  private void forward(float[] theta, Batch batch, int b, SoftmaxHeadWorkspace ws) {
    int h = headWidth;
    int e = mapWidth;
    int dk = widths.key();
    int dv = widths.value();
    int p = widths.target();
    // a = W_Q q + b_Q, then u = W_Kᵀ a / sqrt(h).
    SmallMatrix.multiply(theta, queryMap, h, dk, batch.queries(), b * dk, ws.head, b * h);
    SmallMatrix.add(ws.head, b * h, h, theta, queryBias, 1f);
    SmallMatrix.multiplyTransposed(theta, keyMap, h, dk, ws.head, b * h, ws.folded);
    float scale = keyScale();
    for (int j = 0; j < dk; j++) {
      ws.folded[j] *= scale;
    }
    // s = Σ w_l v_l.
    int first = b * batch.length();
    int last = first + batch.length(b);
    float b0 = nullToken ? theta[nullLogit] : Float.NEGATIVE_INFINITY;
    float w0 =
        SingleQuerySoftmax.forward(
            ws.folded, batch.keys(), batch.values(), first, last, b0, ws.weights, ws.sums, b * dv);
    ws.nullWeights[b] = w0;
    // g = W_V s + w_0 v_0, then out = W_O g + c.
    if (identityValues) {
      System.arraycopy(ws.sums, b * dv, ws.mapped, b * e, e);
    } else {
      SmallMatrix.multiply(theta, valueMap, e, dv, ws.sums, b * dv, ws.mapped, b * e);
    }
    if (nullToken) {
      SmallMatrix.add(ws.mapped, b * e, e, theta, nullValue, w0);
    }
    if (identityValues) {
      System.arraycopy(ws.mapped, b * e, ws.output, b * p, p);
    } else {
      SmallMatrix.multiply(theta, readoutMap, p, e, ws.mapped, b * e, ws.output, b * p);
      SmallMatrix.add(ws.output, b * p, p, theta, readoutBias, 1f);
    }
  }

  @Override
  public void backward(
      Parameters parameters,
      Batch batch,
      int from,
      int to,
      Workspace workspace,
      Parameters gradient) {
    SoftmaxHeadWorkspace ws = check(parameters, batch, from, to, workspace);
    checkLayout("gradient", gradient);
    for (int b = from; b < to; b++) {
      backward(parameters.data(), batch, b, ws, gradient.data());
    }
  }

  private void backward(
      float[] theta, Batch batch, int b, SoftmaxHeadWorkspace ws, float[] gradient) {
    int h = headWidth;
    int e = mapWidth;
    int dk = widths.key();
    int dv = widths.value();
    int p = widths.target();
    // Readout: dW_O = dout gᵀ, dc = dout, dg = W_Oᵀ dout.
    if (identityValues) {
      System.arraycopy(ws.outputGradient, b * p, ws.mappedGradient, 0, e);
    } else {
      float[] out = ws.outputGradient;
      SmallMatrix.addOuter(gradient, readoutMap, p, e, out, b * p, ws.mapped, b * e, 1f);
      SmallMatrix.add(gradient, readoutBias, p, out, b * p, 1f);
      SmallMatrix.multiplyTransposed(theta, readoutMap, p, e, out, b * p, ws.mappedGradient);
    }
    // Value map: dW_V = dg sᵀ, ds = W_Vᵀ dg.
    float[] dg = ws.mappedGradient;
    if (identityValues) {
      System.arraycopy(dg, 0, ws.sumGradient, 0, dv);
    } else {
      SmallMatrix.addOuter(gradient, valueMap, e, dv, dg, 0, ws.sums, b * dv, 1f);
      SmallMatrix.multiplyTransposed(theta, valueMap, e, dv, dg, 0, ws.sumGradient);
    }
    // Softmax, and its null token: db_0 = w_0 (dw_0 - m).
    float w0 = ws.nullWeights[b];
    float dw0 = nullToken ? SmallMatrix.dot(dg, 0, theta, nullValue, e) : 0f;
    int first = b * batch.length();
    int last = first + batch.length(b);
    float mean =
        SingleQuerySoftmax.backward(
            ws.sumGradient,
            w0,
            dw0,
            batch.keys(),
            batch.values(),
            first,
            last,
            ws.weights,
            ws.logitGradients,
            ws.foldedGradient);
    if (nullToken) {
      SmallMatrix.add(gradient, nullValue, e, dg, 0, w0);
      gradient[nullLogit] += w0 * (dw0 - mean);
    }
    // Maps: dW_K = a duᵀ / sqrt(h), da = W_K du / sqrt(h), dW_Q = da qᵀ, db_Q = da.
    float scale = keyScale();
    float[] du = ws.foldedGradient;
    float[] da = ws.headGradient;
    SmallMatrix.addOuter(gradient, keyMap, h, dk, ws.head, b * h, du, 0, scale);
    SmallMatrix.multiply(theta, keyMap, h, dk, du, 0, da, 0);
    SmallMatrix.addOuter(gradient, queryMap, h, dk, da, 0, batch.queries(), b * dk, scale);
    SmallMatrix.add(gradient, queryBias, h, da, 0, scale);
  }

  private float keyScale() {
    return (float) (1.0 / Math.sqrt(headWidth));
  }

  private SoftmaxHeadWorkspace check(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    checkLayout("parameters", parameters);
    if (!batch.widths().equals(widths)) {
      throw new ShapeMismatchException("batch: expected " + widths + ", got " + batch.widths());
    }
    for (int b = from; b < to && !nullToken; b++) {
      if (batch.length(b) == 0) {
        throw new IllegalArgumentException("batch: expected length >= 1 (no null token), got 0");
      }
    }
    if (workspace instanceof SoftmaxHeadWorkspace ws
        && ws.folded.length == widths.key()
        && ws.headGradient.length == headWidth
        && ws.mappedGradient.length == mapWidth
        && ws.sumGradient.length == widths.value()
        && ws.size >= batch.size()
        && ws.tokens >= batch.size() * batch.length()) {
      return ws;
    }
    throw new IllegalArgumentException(
        "workspace: expected one made by this layer for at least " + batch + ", got another");
  }

  private void checkLayout(String argument, Parameters parameters) {
    if (parameters.shapes() != shapes && !parameters.shapes().equals(shapes)) {
      throw new IllegalArgumentException(
          argument + ": expected layout " + shapes + ", got " + parameters.shapes());
    }
  }

  @Override
  public SoftmaxHead toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return SoftmaxHead.of(parameters.matrices());
  }

  /** Two heads are equal when widths and options are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SoftmaxHeadLayer that
        && widths.equals(that.widths)
        && headWidth == that.headWidth
        && mapWidth == that.mapWidth
        && nullToken == that.nullToken
        && identityValues == that.identityValues;
  }

  @Override
  public int hashCode() {
    return shapes.hashCode();
  }

  @Override
  public String label() {
    return "softmax, learned temperature, "
        + (nullToken ? "null token" : "no null token")
        + (identityValues ? ", identity values" : "");
  }

  @Override
  public String toString() {
    return "SoftmaxHeadLayer["
        + widths
        + ", headWidth="
        + headWidth
        + ", mapWidth="
        + mapWidth
        + ", nullToken="
        + nullToken
        + ", identityValues="
        + identityValues
        + "]";
  }
}
