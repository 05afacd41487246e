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
 *   <li>Cost: O(L (dk + dv) + dk² + dv p) per sample forward and backward, because the maps are
 *       multiplied once a step: logits are u·k_l with u = Qᵀ (q, 1), outputs Rᵀ (s, w_0, 1) with s
 *       the weighted sum of the values themselves. A sample needs these two products only, and
 *       their gradients; {@link #finish} finds those of the maps.
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
  private static final String READOUT_SUMS = "readout.product";

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

  private final List<ParameterShape> sums;
  private final int readoutSums; // offset, as the next
  private final int nullLogitSum;

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
    this.sums = listSums();
    Parameters sumLayout = Parameters.zeros(sums);
    this.readoutSums = offset(sumLayout, READOUT_SUMS);
    this.nullLogitSum = offset(sumLayout, NULL_LOGIT);
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

  /** Whether value map and readout are the identity. */
  boolean hasIdentityValues() {
    return identityValues;
  }

  /** Whether there is a null token. */
  boolean hasNullToken() {
    return nullToken;
  }

  private List<ParameterShape> listSums() {
    List<ParameterShape> list = new ArrayList<>();
    list.add(new ParameterShape("query.product", widths.key() + 1, widths.key()));
    if (!identityValues) {
      list.add(new ParameterShape(READOUT_SUMS, readoutRows(), widths.target()));
    } else if (nullToken) {
      list.add(new ParameterShape(READOUT_SUMS, 1, mapWidth));
    }
    if (nullToken) {
      list.add(new ParameterShape(NULL_LOGIT, 1, 1));
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

  @Override
  public List<ParameterShape> sums() {
    return sums;
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
    return new SoftmaxHeadWorkspace(this, readoutRows(), size, length);
  }

  @Override
  public long workspaceBytes(int size, int length) {
    long ofSample = 2L * length + 2L * widths.target() + readoutRows();
    long maps = (widths.key() + 1L) * widths.key();
    if (!identityValues) {
      maps += (long) widths.target() * (readoutRows() + widths.value());
    }
    return Float.BYTES * (size * ofSample + maps);
  }

  /** Multiplies the maps: what a sample needs are the two products. */
  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    SoftmaxHeadWorkspace ws = own(workspace);
    float[] theta = parameters.data();
    int h = headWidth;
    int e = mapWidth;
    int dk = widths.key();
    int dv = widths.value();
    int p = widths.target();
    // Q_j· = scale Σ_i (W_Q)_ij (W_K)_i·, its last row the same of b_Q.
    float[] column = new float[h];
    for (int j = 0; j <= dk; j++) {
      for (int i = 0; i < h; i++) {
        column[i] = keyScale() * (j < dk ? theta[queryMap + i * dk + j] : theta[queryBias + i]);
      }
      SmallMatrix.multiplyTransposed(theta, keyMap, h, dk, column, 0, ws.query, j * dk);
    }
    if (!identityValues) {
      // T = W_O W_V, R its transpose, then W_O v_0 and c.
      for (int o = 0; o < p; o++) {
        int row = readoutMap + o * e;
        SmallMatrix.multiplyTransposed(theta, valueMap, e, dv, theta, row, ws.transposed, o * dv);
        for (int j = 0; j < dv; j++) {
          ws.readout[j * p + o] = ws.transposed[o * dv + j];
        }
        if (nullToken) {
          ws.readout[dv * p + o] = SmallMatrix.dot(theta, row, theta, nullValue, e);
        }
      }
      System.arraycopy(theta, readoutBias, ws.readout, (readoutRows() - 1) * p, p);
    }
    ws.prepared = true;
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    SoftmaxHeadWorkspace ws = check(parameters, batch, from, to, workspace);
    for (int b = from; b < to; b++) {
      forward(parameters.data(), batch, b, ws);
    }
  }

  private void forward(float[] theta, Batch batch, int b, SoftmaxHeadWorkspace ws) {
    int dv = widths.value();
    int p = widths.target();
    // s = Σ w_l v_l.
    fold(batch, b, ws);
    int first = b * batch.length();
    int last = first + batch.length(b);
    int at = b * readoutRows();
    float b0 = nullToken ? theta[nullLogit] : Float.NEGATIVE_INFINITY;
    float w0 =
        SingleQuerySoftmax.forward(
            ws.folded, batch.keys(), batch.values(), first, last, b0, ws.weights, ws.sums, at);
    if (nullToken) {
      ws.sums[at + dv] = w0;
    }
    readOut(theta, ws, ws.sums, at, ws.output, b * p);
  }

  /**
   * Writes {@code out = Rᵀ (s, w_0, 1)}.
   *
   * @param ws prepared. Not modified.
   * @param sums (s, w_0 if there is a null token, 1) from {@code at}. Not modified.
   */
  void readOut(
      float[] theta, SoftmaxHeadWorkspace ws, float[] sums, int at, float[] output, int outputAt) {
    int p = widths.target();
    if (!identityValues) {
      SmallMatrix.multiplyTransposed(ws.readout, 0, readoutRows(), p, sums, at, output, outputAt);
      return;
    }
    System.arraycopy(sums, at, output, outputAt, p);
    if (nullToken) {
      SmallMatrix.add(output, outputAt, p, theta, nullValue, sums[at + widths.value()]);
    }
  }

  @Override
  public void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    SoftmaxHeadWorkspace ws = check(parameters, batch, from, to, workspace);
    LayerChecks.layout("sums", this.sums, sums);
    for (int b = from; b < to; b++) {
      backward(parameters.data(), batch, b, ws, sums.data());
    }
  }

  private void backward(float[] theta, Batch batch, int b, SoftmaxHeadWorkspace ws, float[] sums) {
    int dv = widths.value();
    int p = widths.target();
    int at = b * readoutRows();
    float[] dout = ws.outputGradient;
    float w0 = nullToken ? ws.sums[at + dv] : 0f;
    float dw0 = readOutBackward(theta, ws, ws.sums, at, dout, b * p, sums);
    // Softmax, and its null token: db_0 = w_0 (dw_0 - m).
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
      sums[nullLogitSum] += w0 * (dw0 - mean);
    }
    foldBackward(batch, b, ws, sums);
  }

  /** Writes {@code u = Qᵀ (q, 1)} of a sample's query to the workspace. */
  void fold(Batch batch, int b, SoftmaxHeadWorkspace ws) {
    int dk = widths.key();
    System.arraycopy(batch.queries(), b * dk, ws.asked, 0, dk);
    SmallMatrix.multiplyTransposed(ws.query, 0, dk + 1, dk, ws.asked, 0, ws.folded);
  }

  /** Adds {@code dQ = (q, 1) duᵀ} of a sample's query, du from the workspace. */
  void foldBackward(Batch batch, int b, SoftmaxHeadWorkspace ws, float[] sums) {
    int dk = widths.key();
    System.arraycopy(batch.queries(), b * dk, ws.asked, 0, dk);
    SmallMatrix.addOuter(sums, 0, dk + 1, dk, ws.asked, 0, ws.foldedGradient, 0, 1f);
  }

  /**
   * Adds {@code dR = (s, w_0, 1) doutᵀ}, leaves {@code ds = T dout} in the workspace and returns
   * {@code dw_0 = dout·W_O v_0}.
   */
  float readOutBackward(
      float[] theta,
      SoftmaxHeadWorkspace ws,
      float[] row,
      int at,
      float[] dout,
      int doutAt,
      float[] sums) {
    int dv = widths.value();
    int p = widths.target();
    if (!identityValues) {
      SmallMatrix.addOuter(sums, readoutSums, readoutRows(), p, row, at, dout, doutAt, 1f);
      SmallMatrix.multiplyTransposed(ws.transposed, 0, p, dv, dout, doutAt, ws.sumGradient);
      return nullToken ? SmallMatrix.dot(dout, doutAt, ws.readout, dv * p, p) : 0f;
    }
    System.arraycopy(dout, doutAt, ws.sumGradient, 0, p);
    if (!nullToken) {
      return 0f;
    }
    SmallMatrix.add(sums, readoutSums, p, dout, doutAt, row[at + dv]);
    return SmallMatrix.dot(dout, doutAt, theta, nullValue, p);
  }

  /** Where the logit of the null token is among the parameters, -1 without. */
  int nullLogitAt() {
    return nullLogit;
  }

  /** Where its gradient is among the sums. */
  int nullLogitSumAt() {
    return nullLogitSum;
  }

  /**
   * Finds the factors' gradients from those of the products.
   *
   * <pre>{@code
   * dW_K = (W_Q dQ + b_Q dQ_last) / sqrt(h),   (dW_Q, db_Q) = W_K dQᵀ / sqrt(h)
   * dW_O = (W_V dR)ᵀ + dR_0 v_0ᵀ,   dW_V = W_Oᵀ dRᵀ,   dv_0 = W_Oᵀ dR_0,   dc = dR_last
   * }</pre>
   *
   * <p>Where: dR_0 the row of the null token.
   */
  @Override
  public void finish(Parameters parameters, Parameters sums, Parameters gradient) {
    LayerChecks.layout("gradient", shapes, gradient);
    float[] theta = parameters.data();
    float[] sum = sums.data();
    float[] out = gradient.data();
    int dk = widths.key();
    float scale = keyScale();
    float[] row = new float[dk + 1];
    float[] product = new float[dk + 1];
    for (int i = 0; i < headWidth; i++) {
      System.arraycopy(theta, queryMap + i * dk, row, 0, dk);
      row[dk] = theta[queryBias + i];
      SmallMatrix.multiplyTransposed(sum, 0, dk + 1, dk, row, 0, product);
      for (int j = 0; j < dk; j++) {
        out[keyMap + i * dk + j] = scale * product[j];
      }
      SmallMatrix.multiply(sum, 0, dk + 1, dk, theta, keyMap + i * dk, product, 0);
      for (int j = 0; j < dk; j++) {
        out[queryMap + i * dk + j] = scale * product[j];
      }
      out[queryBias + i] = scale * product[dk];
    }
    if (nullToken) {
      out[nullLogit] = sum[nullLogitSum];
    }
    if (!identityValues) {
      finishReadout(theta, sum, out);
    } else if (nullToken) {
      System.arraycopy(sum, readoutSums, out, nullValue, mapWidth);
    }
  }

  private void finishReadout(float[] theta, float[] sum, float[] out) {
    int e = mapWidth;
    int dv = widths.value();
    int p = widths.target();
    int nullSums = readoutSums + dv * p;
    float[] product = new float[Math.max(e, p)];
    for (int k = 0; k < e; k++) {
      SmallMatrix.multiplyTransposed(sum, readoutSums, dv, p, theta, valueMap + k * dv, product);
      if (nullToken) {
        SmallMatrix.add(product, 0, p, sum, nullSums, theta[nullValue + k]);
      }
      for (int o = 0; o < p; o++) {
        out[readoutMap + o * e + k] = product[o];
      }
    }
    for (int j = 0; j < dv; j++) {
      int row = readoutSums + j * p;
      SmallMatrix.multiplyTransposed(theta, readoutMap, p, e, sum, row, product);
      for (int k = 0; k < e; k++) {
        out[valueMap + k * dv + j] = product[k];
      }
    }
    if (nullToken) {
      SmallMatrix.multiplyTransposed(theta, readoutMap, p, e, sum, nullSums, out, nullValue);
    }
    System.arraycopy(sum, readoutSums + (readoutRows() - 1) * p, out, readoutBias, p);
  }

  /** Rows of R: values, the null token if there is one, and one. */
  int readoutRows() {
    return widths.value() + (nullToken ? 1 : 0) + 1;
  }

  private float keyScale() {
    return (float) (1.0 / Math.sqrt(headWidth));
  }

  private SoftmaxHeadWorkspace check(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    LayerChecks.widths(widths, batch);
    for (int b = from; b < to && !nullToken; b++) {
      if (batch.length(b) == 0) {
        throw new IllegalArgumentException("batch: expected length >= 1 (no null token), got 0");
      }
    }
    SoftmaxHeadWorkspace ws = own(workspace);
    if (ws.size < batch.size() || ws.tokens < batch.size() * batch.length()) {
      throw new IllegalArgumentException(
          "workspace: expected one for at least " + batch + ", got a smaller one");
    }
    if (!ws.prepared) {
      throw new IllegalArgumentException(
          "workspace: expected one prepared for the parameters, got one never prepared");
    }
    return ws;
  }

  private SoftmaxHeadWorkspace own(Workspace workspace) {
    if (workspace instanceof SoftmaxHeadWorkspace ws && equals(ws.layer)) {
      return ws;
    }
    throw new IllegalArgumentException("workspace: expected one made by this layer, got another");
  }

  @Override
  public SoftmaxHead toAttention(Parameters parameters) {
    LayerChecks.layout("parameters", shapes, parameters);
    return SoftmaxHead.of(parameters.matrices());
  }

  /** Two heads are equal when widths and options are. */
  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof SoftmaxHeadLayer that && isLike(that));
  }

  private boolean isLike(SoftmaxHeadLayer that) {
    return widths.equals(that.widths)
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
