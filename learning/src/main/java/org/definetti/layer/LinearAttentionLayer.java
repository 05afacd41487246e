package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.LinearHead;
import org.definetti.engine.Batch;
import org.definetti.engine.FloatExp;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.TokenRows;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Linear attention between learned features of query and keys, for one query per sample.
 *
 * <pre>{@code
 * φ_Q(q) = σ(W_Q q + b_Q),   φ_K(k) = σ(W_K k + b_K)
 * a_l    = φ_Q(q)·φ_K(k_l)
 * out    = W_O Σ_l a_l v_l / N + c,   N = 1, the number of tokens, or Σ_l a_l
 * }</pre>
 *
 * <ul>
 *   <li>Where: σ the identity or elu + 1, which is positive ({@link FeatureMap}); N by the {@link
 *       Divisor}, of which the last needs positive weights.
 *   <li>Parameters: {@code query.map} W_Q (f, dk), {@code query.bias} b_Q (1, f), {@code key.map}
 *       W_K (f, dk), {@code key.bias} b_K (1, f), {@code readout.map} W_O (p, dv), {@code
 *       readout.bias} c (1, p). With {@link #withIdentityValues} the readout is the identity and
 *       does not exist: dv = p.
 *   <li>Cost: O(L (dk + dv)) per sample forward and backward for σ the identity, because φ_Q(q) is
 *       then folded into W_K; else O(L (f dk + dv)).
 *   <li>Reference form: {@link LinearHead}, {@link #toAttention}; gradients are tested against its
 *       central differences.
 *   <li>Edge cases: an empty context gives c, and is refused if N is the sum of the weights.
 *   <li>Source: [recalled]; one gradient step of least squares, exact for in-context regression on
 *       orthonormal designs only [derived] (model M5).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class LinearAttentionLayer extends SampleLayer {

  private static final String QUERY_MAP = "query.map";
  private static final String QUERY_BIAS = "query.bias";
  private static final String KEY_MAP = "key.map";
  private static final String KEY_BIAS = "key.bias";

  private record Options(
      int featureWidth, FeatureMap features, Divisor divisor, boolean identityValues) {}

  private final Options options;
  private final Readout readout;
  private final int queryMap;
  private final int queryBias;
  private final int keyMap;
  private final int keyBias;

  private LinearAttentionLayer(Widths widths, Options options) {
    super(widths, options, shapes(widths, options));
    this.options = options;
    this.readout = new Readout(this, widths.value());
    this.queryMap = offset(QUERY_MAP);
    this.queryBias = offset(QUERY_BIAS);
    this.keyMap = offset(KEY_MAP);
    this.keyBias = offset(KEY_BIAS);
  }

  /** Returns linear attention with f = dk, σ the identity, divided by the number of tokens. */
  public static LinearAttentionLayer of(Widths widths) {
    return new LinearAttentionLayer(
        widths, new Options(widths.key(), FeatureMap.IDENTITY, Divisor.LENGTH, false));
  }

  /** Returns this attention with {@code featureWidth} features. */
  public LinearAttentionLayer withFeatureWidth(int featureWidth) {
    Check.atLeast("featureWidth", 1, featureWidth);
    return new LinearAttentionLayer(
        widths(),
        new Options(featureWidth, options.features, options.divisor, options.identityValues));
  }

  /**
   * Returns this attention with another feature map and divisor.
   *
   * @throws IllegalArgumentException if the weights that are to be divided by need not be positive
   */
  public LinearAttentionLayer withFeatures(FeatureMap features, Divisor divisor) {
    LinearHead.check(features, divisor);
    return new LinearAttentionLayer(
        widths(), new Options(options.featureWidth, features, divisor, options.identityValues));
  }

  /**
   * Returns this attention without a readout.
   *
   * @throws org.definetti.latent.ShapeMismatchException if values and targets differ in width
   */
  public LinearAttentionLayer withIdentityValues() {
    return new LinearAttentionLayer(
        Readout.requireIdentity(widths()),
        new Options(options.featureWidth, options.features, options.divisor, true));
  }

  private static List<ParameterShape> shapes(Widths widths, Options o) {
    List<ParameterShape> list = new ArrayList<>();
    list.add(new ParameterShape(QUERY_MAP, o.featureWidth, widths.key()));
    list.add(new ParameterShape(QUERY_BIAS, 1, o.featureWidth));
    list.add(new ParameterShape(KEY_MAP, o.featureWidth, widths.key()));
    list.add(new ParameterShape(KEY_BIAS, 1, o.featureWidth));
    list.addAll(Readout.shapes(widths, widths.value(), o.identityValues));
    return list;
  }

  /** Returns σ. */
  public FeatureMap features() {
    return options.features;
  }

  /** Returns what N is. */
  public Divisor divisor() {
    return options.divisor;
  }

  /**
   * Draws initial parameters: maps with independent normal entries of variance one over their
   * number of columns. Biases are zero, but for identity features, where those of the query are one
   * over the square root of f and those of the keys normal: an empty query then has weights too.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = drawMaps(rng);
    if (options.features == FeatureMap.IDENTITY) {
      float[] data = parameters.data();
      float start = (float) (1.0 / Math.sqrt(options.featureWidth));
      for (int i = 0; i < options.featureWidth; i++) {
        data[queryBias + i] = start;
      }
      InitialDraws.normal(parameters, KEY_BIAS, rng);
    }
    return parameters;
  }

  @Override
  @Nullable String whyNotEmpty() {
    return options.divisor == Divisor.WEIGHTS ? "divided by the weights" : null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    long rows = options.features == FeatureMap.IDENTITY ? 2 : 3 + options.featureWidth;
    long ofSample =
        rows * length + options.featureWidth + widths().value() + 2L * widths().target() + 1;
    return (long) Float.BYTES * size * ofSample;
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Space(this, size, length);
  }

  /** What is kept between forward and backward, and scratch of one sample. */
  private static final class Space extends SampleWorkspace {

    final float[][] features; // (f)(batch * length): φ_K, unless σ is the identity
    final float[] weights; // (batch * length): a
    final float[] queryFeatures; // (batch, f): φ_Q
    final float[] sums; // (batch, dv): s = Σ a_l v_l / N
    final float[] scales; // (batch): 1 / N
    final float[] weightGradients; // (batch * length)
    final float[] featureGradients; // (batch * length), of one feature at a time
    final float[] folded; // (dk): W_Kᵀ φ_Q, if σ is the identity
    final float[] foldedGradient; // (dk)
    final float[] queryGradient; // (f)
    final float[] sumGradient; // (dv)

    Space(LinearAttentionLayer layer, int size, int length) {
      super(layer, size, length);
      int f = layer.options.featureWidth;
      boolean folds = layer.options.features == FeatureMap.IDENTITY;
      features = new float[folds ? 0 : f][tokens()];
      weights = new float[tokens()];
      queryFeatures = new float[size * f];
      sums = new float[size * layer.widths().value()];
      scales = new float[size];
      weightGradients = new float[tokens()];
      featureGradients = new float[folds ? 0 : tokens()];
      folded = new float[layer.widths().key()];
      foldedGradient = new float[layer.widths().key()];
      queryGradient = new float[f];
      sumGradient = new float[layer.widths().value()];
    }
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Space ws = (Space) workspace;
    for (int b = from; b < to; b++) {
      forward(theta, batch, b, ws);
    }
  }

  private void forward(float[] theta, Batch batch, int b, Space ws) {
    int f = options.featureWidth;
    int dk = widths().key();
    int dv = widths().value();
    int first = b * batch.length();
    int last = first + batch.length(b);
    // φ_Q = σ(W_Q q + b_Q).
    float[] phi = ws.queryFeatures;
    SmallMatrix.multiply(theta, queryMap, f, dk, batch.queries(), b * dk, phi, b * f);
    SmallMatrix.add(phi, b * f, f, theta, queryBias, 1f);
    if (options.features == FeatureMap.IDENTITY) {
      // a_l = (W_Kᵀ φ_Q)·k_l + b_K·φ_Q.
      SmallMatrix.multiplyTransposed(theta, keyMap, f, dk, phi, b * f, ws.folded);
      float constant = SmallMatrix.dot(theta, keyBias, phi, b * f, f);
      TokenRows.combine(ws.folded, 0, 1, constant, batch.keys(), dk, first, last, ws.weights);
    } else {
      positive(phi, b * f, (b + 1) * f);
      TokenRows.map(theta, keyMap, keyBias, f, batch.keys(), first, last, ws.features);
      for (float[] feature : ws.features) {
        positive(feature, first, last);
      }
      TokenRows.combine(phi, b * f, 1, 0f, ws.features, f, first, last, ws.weights);
    }
    // s = Σ a_l v_l / N.
    float scale = scale(ws, first, last);
    ws.scales[b] = scale;
    for (int j = 0; j < dv; j++) {
      ws.sums[b * dv + j] = scale * TokenRows.dot(ws.weights, batch.values(j), first, last);
    }
    readout.forward(theta, ws.sums, b * dv, ws.output(), b * widths().target());
  }

  private float scale(Space ws, int first, int last) {
    return switch (options.divisor) {
      case NONE -> 1f;
      case LENGTH -> 1f / Math.max(1, last - first);
      case WEIGHTS -> 1f / TokenRows.sum(ws.weights, first, last);
    };
  }

  /** elu(x) + 1 in place. */
  private static void positive(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = x[i] > 0f ? x[i] + 1f : FloatExp.exp(x[i]);
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    for (int b = from; b < to; b++) {
      backward(theta, batch, b, ws, gradient);
    }
  }

  private void backward(float[] theta, Batch batch, int b, Space ws, float[] gradient) {
    int f = options.featureWidth;
    int dk = widths().key();
    int dv = widths().value();
    int first = b * batch.length();
    int last = first + batch.length(b);
    float[] ds = ws.sumGradient;
    readout.backward(
        theta, ws.sums, b * dv, ws.outputGradient(), b * widths().target(), gradient, ds);
    // da_l = ds·v_l / N, less ds·s / N where N = Σ a_l.
    float scale = ws.scales[b];
    for (int j = 0; j < dv; j++) {
      ds[j] *= scale;
    }
    float mean = 0f;
    if (options.divisor == Divisor.WEIGHTS) {
      mean = SmallMatrix.dot(ds, 0, ws.sums, b * dv, dv);
    }
    float[] da = ws.weightGradients;
    TokenRows.combine(ds, 0, 1, -mean, batch.values(), dv, first, last, da);
    // dφ_Q, dW_K, db_K.
    float[] phi = ws.queryFeatures;
    float[] dphi = ws.queryGradient;
    if (options.features == FeatureMap.IDENTITY) {
      for (int j = 0; j < dk; j++) {
        ws.foldedGradient[j] = TokenRows.dot(da, batch.keys(j), first, last);
      }
      float constant = TokenRows.sum(da, first, last);
      SmallMatrix.multiply(theta, keyMap, f, dk, ws.foldedGradient, 0, dphi, 0);
      SmallMatrix.add(dphi, 0, f, theta, keyBias, constant);
      SmallMatrix.addOuter(gradient, keyMap, f, dk, phi, b * f, ws.foldedGradient, 0, 1f);
      SmallMatrix.add(gradient, keyBias, f, phi, b * f, constant);
    } else {
      for (int i = 0; i < f; i++) {
        float[] feature = ws.features[i];
        dphi[i] = TokenRows.dot(da, feature, first, last) * Math.min(phi[b * f + i], 1f);
        addFeature(gradient, i, phi[b * f + i], feature, batch, first, last, ws);
      }
    }
    // dW_Q, db_Q.
    SmallMatrix.addOuter(gradient, queryMap, f, dk, dphi, 0, batch.queries(), b * dk, 1f);
    SmallMatrix.add(gradient, queryBias, f, dphi, 0, 1f);
  }

  /** The derivative of elu + 1 is its value where that is below one, else one. */
  private void addFeature(
      float[] gradient,
      int i,
      float factor,
      float[] feature,
      Batch batch,
      int first,
      int last,
      Space ws) {
    int dk = widths().key();
    float[] dz = ws.featureGradients;
    for (int l = first; l < last; l++) {
      dz[l] = factor * ws.weightGradients[l] * Math.min(feature[l], 1f);
    }
    for (int j = 0; j < dk; j++) {
      gradient[keyMap + i * dk + j] += TokenRows.dot(dz, batch.keys(j), first, last);
    }
    gradient[keyBias + i] += TokenRows.sum(dz, first, last);
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  Attention reference(Map<String, SimpleMatrix> parameters) {
    return Readout.toAttention(
        parameters, LinearHead.of(parameters, options.features, options.divisor));
  }

  @Override
  public String label() {
    return "linear attention, "
        + options.featureWidth
        + " features "
        + options.features.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ", divided by "
        + switch (options.divisor) {
          case NONE -> "nothing";
          case LENGTH -> "length";
          case WEIGHTS -> "weights";
        };
  }
}
