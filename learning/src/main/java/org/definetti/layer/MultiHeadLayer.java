package org.definetti.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Head;
import org.definetti.attention.KeyBiasAttention;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.attention.SoftmaxHead;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.SingleQuerySoftmax;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Softmax heads side by side, for one query per sample.
 *
 * <pre>{@code
 * logit_hl = (W_Q,h q + b_Q,h)·(W_K,h k_l) / sqrt(d) + r_h·k_l
 * w_h      = softmax(logits, and b_0,h if there is a null token)
 * out      = Σ_h W_O,h (Σ_l w_hl W_V,h v_l + w_h0 v_0,h) + c
 * }</pre>
 *
 * <ul>
 *   <li>Where: H heads, d head width, e map width, both of one head. r_h is the log bias: what a
 *       token counts for whatever is asked, a learned log weight for each category if keys are
 *       one-hot. With a class query W_Q does not exist, and b_Q is a learned constant query, as of
 *       a [CLS] token: for models whose tokens have no query.
 *   <li>Parameters, head after head: {@code query.map} W_Q (H d, dk), {@code query.bias} b_Q (1, H
 *       d), {@code key.map} W_K (H d, dk), {@code bias.map} r (H, dk), {@code value.map} W_V (H e,
 *       dv), {@code null.logit} b_0 (1, H), {@code null.value} v_0 (1, H e), {@code readout.map}
 *       W_O (p, H e), {@code readout.bias} c (1, p).
 *   <li>Cost: O(H L (dk + dv)) per sample forward and backward, because W_K and r are folded into
 *       one vector u_h = W_K,hᵀ (W_Q,h q + b_Q,h) / sqrt(d) + r_h and W_V is applied to the
 *       weighted sum.
 *   <li>Reference form: {@link MultiHeadAttention} of {@link SoftmaxHead}, {@link #toAttention};
 *       gradients are tested against its central differences.
 *   <li>Edge cases: an empty context is refused without a null token.
 *   <li>Source: [recalled]; a null token per direction is exact for a Gaussian location [derived]
 *       (check MS7).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class MultiHeadLayer extends SampleLayer {

  private static final String QUERY_MAP = "query.map";
  private static final String QUERY_BIAS = "query.bias";
  private static final String KEY_MAP = "key.map";
  private static final String BIAS_MAP = "bias.map";
  private static final String VALUE_MAP = "value.map";
  private static final String NULL_LOGIT = "null.logit";
  private static final String NULL_VALUE = "null.value";
  private static final String READOUT_MAP = "readout.map";
  private static final String READOUT_BIAS = "readout.bias";

  private record Options(
      int heads,
      int headWidth,
      int mapWidth,
      boolean nullToken,
      boolean logBias,
      boolean classQuery) {}

  private final Options options;
  private final Readout readout;

  // Offsets into the parameters' storage; -1 where a parameter does not exist.
  private final int queryMap;
  private final int queryBias;
  private final int keyMap;
  private final int biasMap;
  private final int valueMap;
  private final int nullLogit;
  private final int nullValue;

  private MultiHeadLayer(Widths widths, Options options) {
    super(widths, options, shapes(widths, options));
    this.options = options;
    this.readout = new Readout(this, options.heads * options.mapWidth);
    this.queryMap = offset(QUERY_MAP);
    this.queryBias = offset(QUERY_BIAS);
    this.keyMap = offset(KEY_MAP);
    this.biasMap = offset(BIAS_MAP);
    this.valueMap = offset(VALUE_MAP);
    this.nullLogit = offset(NULL_LOGIT);
    this.nullValue = offset(NULL_VALUE);
  }

  /** Returns {@code heads} heads for these widths: d = dk, e = dv, no null token, no log bias. */
  public static MultiHeadLayer of(Widths widths, int heads) {
    Check.atLeast("heads", 1, heads);
    return new MultiHeadLayer(
        widths, new Options(heads, widths.key(), widths.value(), false, false, false));
  }

  /** Returns these heads with query and key maps to {@code headWidth} numbers each. */
  public MultiHeadLayer withHeadWidth(int headWidth) {
    Check.atLeast("headWidth", 1, headWidth);
    Options o = options;
    return new MultiHeadLayer(
        widths(),
        new Options(o.heads, headWidth, o.mapWidth, o.nullToken, o.logBias, o.classQuery));
  }

  /** Returns these heads with value maps to {@code mapWidth} numbers each. */
  public MultiHeadLayer withMapWidth(int mapWidth) {
    Check.atLeast("mapWidth", 1, mapWidth);
    Options o = options;
    return new MultiHeadLayer(
        widths(),
        new Options(o.heads, o.headWidth, mapWidth, o.nullToken, o.logBias, o.classQuery));
  }

  /** Returns these heads with a null token of learned logit and value each. */
  public MultiHeadLayer withNullToken() {
    Options o = options;
    return new MultiHeadLayer(
        widths(), new Options(o.heads, o.headWidth, o.mapWidth, true, o.logBias, o.classQuery));
  }

  /** Returns these heads with a learned log bias of each token, a linear function of its key. */
  public MultiHeadLayer withLogBias() {
    Options o = options;
    return new MultiHeadLayer(
        widths(), new Options(o.heads, o.headWidth, o.mapWidth, o.nullToken, true, o.classQuery));
  }

  /** Returns these heads with a learned constant query each, whatever is asked. */
  public MultiHeadLayer withClassQuery() {
    Options o = options;
    return new MultiHeadLayer(
        widths(), new Options(o.heads, o.headWidth, o.mapWidth, o.nullToken, o.logBias, true));
  }

  private static List<ParameterShape> shapes(Widths widths, Options o) {
    List<ParameterShape> list = new ArrayList<>();
    int queries = o.heads * o.headWidth;
    int mapped = o.heads * o.mapWidth;
    if (!o.classQuery) {
      list.add(new ParameterShape(QUERY_MAP, queries, widths.key()));
    }
    list.add(new ParameterShape(QUERY_BIAS, 1, queries));
    list.add(new ParameterShape(KEY_MAP, queries, widths.key()));
    if (o.logBias) {
      list.add(new ParameterShape(BIAS_MAP, o.heads, widths.key()));
    }
    list.add(new ParameterShape(VALUE_MAP, mapped, widths.value()));
    if (o.nullToken) {
      list.add(new ParameterShape(NULL_LOGIT, 1, o.heads));
      list.add(new ParameterShape(NULL_VALUE, 1, mapped));
    }
    list.addAll(Readout.shapes(widths, mapped, false));
    return list;
  }

  /** Returns H, the number of heads. */
  public int heads() {
    return options.heads;
  }

  /**
   * Draws initial parameters: maps with independent normal entries of variance one over their
   * number of columns, a class query of normal entries of variance one, the rest zero.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = drawMaps(rng);
    if (options.classQuery) {
      // Zero would be a stationary point of the key map, and the same for all heads.
      InitialDraws.normal(parameters, QUERY_BIAS, rng);
    }
    return parameters;
  }

  @Override
  @Nullable String whyNotEmpty() {
    return options.nullToken ? null : "no null token";
  }

  @Override
  public long workspaceBytes(int size, int length) {
    Options o = options;
    long ofHead = length + 1L + o.headWidth + widths().value() + o.mapWidth;
    long ofSample = o.heads * ofHead + length + 2L * widths().target();
    return (long) Float.BYTES * size * ofSample;
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Space(this, size, length);
  }

  /** What is kept between forward and backward, and scratch of one sample. */
  private static final class Space extends SampleWorkspace {

    final float[][] weights; // (heads)(batch * length)
    final float[] logitGradients; // (batch * length)
    final float[] nullWeights; // (batch, heads)
    final float[] head; // (batch, heads, d): a = W_Q q + b_Q
    final float[] sums; // (batch, heads, dv): s = Σ w_l v_l
    final float[] mapped; // (batch, heads, e): g = W_V s + w_0 v_0
    final float[] folded; // (dk): u
    final float[] foldedGradient; // (dk)
    final float[] headGradient; // (d)
    final float[] sumGradient; // (dv)
    final float[] mappedGradient; // (heads, e)

    Space(MultiHeadLayer layer, int size, int length) {
      super(layer, size, length);
      Options o = layer.options;
      weights = new float[o.heads][tokens()];
      logitGradients = new float[tokens()];
      nullWeights = new float[size * o.heads];
      head = new float[size * o.heads * o.headWidth];
      sums = new float[size * o.heads * layer.widths().value()];
      mapped = new float[size * o.heads * o.mapWidth];
      folded = new float[layer.widths().key()];
      foldedGradient = new float[layer.widths().key()];
      headGradient = new float[o.headWidth];
      sumGradient = new float[layer.widths().value()];
      mappedGradient = new float[o.heads * o.mapWidth];
    }
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Space ws = (Space) workspace;
    int queries = options.heads * options.headWidth;
    int mapped = options.heads * options.mapWidth;
    int dk = widths().key();
    for (int b = from; b < to; b++) {
      // a = W_Q q + b_Q of all heads.
      if (options.classQuery) {
        System.arraycopy(theta, queryBias, ws.head, b * queries, queries);
      } else {
        SmallMatrix.multiply(
            theta, queryMap, queries, dk, batch.queries(), b * dk, ws.head, b * queries);
        SmallMatrix.add(ws.head, b * queries, queries, theta, queryBias, 1f);
      }
      for (int h = 0; h < options.heads; h++) {
        forwardHead(theta, batch, b, h, ws);
      }
      readout.forward(theta, ws.mapped, b * mapped, ws.output(), b * widths().target());
    }
  }

  private void forwardHead(float[] theta, Batch batch, int b, int h, Space ws) {
    int d = options.headWidth;
    int e = options.mapWidth;
    int dk = widths().key();
    int dv = widths().value();
    int place = b * options.heads + h;
    // u = W_Kᵀ a / sqrt(d) + r.
    SmallMatrix.multiplyTransposed(
        theta, keyMap + h * d * dk, d, dk, ws.head, place * d, ws.folded);
    float scale = keyScale();
    for (int j = 0; j < dk; j++) {
      ws.folded[j] *= scale;
    }
    if (options.logBias) {
      SmallMatrix.add(ws.folded, 0, dk, theta, biasMap + h * dk, 1f);
    }
    // s = Σ w_l v_l, g = W_V s + w_0 v_0.
    int first = b * batch.length();
    int last = first + batch.length(b);
    float b0 = options.nullToken ? theta[nullLogit + h] : Float.NEGATIVE_INFINITY;
    float w0 =
        SingleQuerySoftmax.forward(
            ws.folded,
            batch.keys(),
            batch.values(),
            first,
            last,
            b0,
            ws.weights[h],
            ws.sums,
            place * dv);
    ws.nullWeights[place] = w0;
    SmallMatrix.multiply(
        theta, valueMap + h * e * dv, e, dv, ws.sums, place * dv, ws.mapped, place * e);
    if (options.nullToken) {
      SmallMatrix.add(ws.mapped, place * e, e, theta, nullValue + h * e, w0);
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    int mapped = options.heads * options.mapWidth;
    for (int b = from; b < to; b++) {
      readout.backward(
          theta,
          ws.mapped,
          b * mapped,
          ws.outputGradient(),
          b * widths().target(),
          gradient,
          ws.mappedGradient);
      for (int h = 0; h < options.heads; h++) {
        backwardHead(theta, batch, b, h, ws, gradient);
      }
    }
  }

  private void backwardHead(float[] theta, Batch batch, int b, int h, Space ws, float[] gradient) {
    int d = options.headWidth;
    int e = options.mapWidth;
    int dk = widths().key();
    int dv = widths().value();
    int place = b * options.heads + h;
    // Value map: dW_V = dg sᵀ, ds = W_Vᵀ dg.
    float[] dg = ws.mappedGradient;
    SmallMatrix.addOuter(
        gradient, valueMap + h * e * dv, e, dv, dg, h * e, ws.sums, place * dv, 1f);
    SmallMatrix.multiplyTransposed(theta, valueMap + h * e * dv, e, dv, dg, h * e, ws.sumGradient);
    // Softmax, and its null token: db_0 = w_0 (dw_0 - m).
    float w0 = ws.nullWeights[place];
    float dw0 = options.nullToken ? SmallMatrix.dot(dg, h * e, theta, nullValue + h * e, e) : 0f;
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
            ws.weights[h],
            ws.logitGradients,
            ws.foldedGradient);
    if (options.nullToken) {
      SmallMatrix.add(gradient, nullValue + h * e, e, dg, h * e, w0);
      gradient[nullLogit + h] += w0 * (dw0 - mean);
    }
    // dr = du, dW_K = a duᵀ / sqrt(d), da = W_K du / sqrt(d), dW_Q = da qᵀ, db_Q = da.
    float scale = keyScale();
    float[] du = ws.foldedGradient;
    float[] da = ws.headGradient;
    if (options.logBias) {
      SmallMatrix.add(gradient, biasMap + h * dk, dk, du, 0, 1f);
    }
    SmallMatrix.addOuter(gradient, keyMap + h * d * dk, d, dk, ws.head, place * d, du, 0, scale);
    SmallMatrix.multiply(theta, keyMap + h * d * dk, d, dk, du, 0, da, 0);
    if (!options.classQuery) {
      SmallMatrix.addOuter(
          gradient, queryMap + h * d * dk, d, dk, da, 0, batch.queries(), b * dk, scale);
    }
    SmallMatrix.add(gradient, queryBias + h * d, d, da, 0, scale);
  }

  private float keyScale() {
    return (float) (1.0 / Math.sqrt(options.headWidth));
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  MultiHeadAttention reference(Map<String, SimpleMatrix> parameters) {
    List<Head> heads = new ArrayList<>();
    for (int h = 0; h < options.heads; h++) {
      heads.add(Head.of(head(parameters, h)));
    }
    return new MultiHeadAttention(heads);
  }

  private Attention head(Map<String, SimpleMatrix> parameters, int h) {
    int d = options.headWidth;
    int e = options.mapWidth;
    Map<String, SimpleMatrix> own = new LinkedHashMap<>();
    own.put(
        QUERY_MAP,
        options.classQuery
            ? new SimpleMatrix(d, widths().key())
            : rows(parameters, QUERY_MAP, h * d, d));
    own.put(QUERY_BIAS, columns(parameters, QUERY_BIAS, h * d, d));
    own.put(KEY_MAP, rows(parameters, KEY_MAP, h * d, d));
    own.put(VALUE_MAP, rows(parameters, VALUE_MAP, h * e, e));
    if (options.nullToken) {
      own.put(NULL_LOGIT, columns(parameters, NULL_LOGIT, h, 1));
      own.put(NULL_VALUE, columns(parameters, NULL_VALUE, h * e, e));
    }
    own.put(READOUT_MAP, columns(parameters, READOUT_MAP, h * e, e));
    // The heads are added up, so the first one carries the bias of the sum.
    SimpleMatrix bias = parameter(parameters, READOUT_BIAS);
    own.put(READOUT_BIAS, h == 0 ? bias : bias.scale(0));
    SoftmaxHead head = SoftmaxHead.of(own);
    return options.logBias ? new KeyBiasAttention(rows(parameters, BIAS_MAP, h, 1), head) : head;
  }

  private static SimpleMatrix rows(
      Map<String, SimpleMatrix> parameters, String name, int first, int count) {
    return parameter(parameters, name).rows(first, first + count);
  }

  private static SimpleMatrix columns(
      Map<String, SimpleMatrix> parameters, String name, int first, int count) {
    return parameter(parameters, name).cols(first, first + count);
  }

  private static SimpleMatrix parameter(Map<String, SimpleMatrix> parameters, String name) {
    SimpleMatrix parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "parameters: expected " + name + " among them, got " + parameters.keySet());
    }
    return parameter;
  }

  @Override
  public String label() {
    return options.heads
        + " softmax heads, learned temperature, "
        + (options.nullToken ? "null tokens" : "no null token")
        + (options.logBias ? ", log bias by key" : "")
        + (options.classQuery ? ", class query" : "");
  }
}
