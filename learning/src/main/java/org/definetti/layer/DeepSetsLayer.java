package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Activation;
import org.definetti.attention.Attention;
import org.definetti.attention.DeepSets;
import org.definetti.attention.Pooling;
import org.definetti.engine.Batch;
import org.definetti.engine.FloatActivation;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.TokenRows;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Deep sets: a network of each token, a pool, a network of the pool and the query. The baseline
 * that has no attention.
 *
 * <pre>{@code
 * φ(k, v) = σ(T_2 σ(T_1 [k; v] + t_1) + t_2)
 * g       = mean or sum over tokens of φ(k_l, v_l)
 * out     = S_2 σ(S_1 [g; q] + s_1) + s_2
 * }</pre>
 *
 * <ul>
 *   <li>Where: m the width of every hidden row, σ the {@link Activation}.
 *   <li>Parameters: {@code token.first.map} T_1 (m, dk + dv), {@code token.first.bias} t_1 (1, m),
 *       {@code token.second.map} T_2 (m, m), {@code token.second.bias} t_2 (1, m), {@code
 *       set.first.map} S_1 (m, m + dk), {@code set.first.bias} s_1 (1, m), {@code set.second.map}
 *       S_2 (p, m), {@code set.second.bias} s_2 (1, p).
 *   <li>Cost: O(L m (dk + dv + m)) per sample forward, twice that backward. Samples of one call run
 *       through φ together, as rows of one hidden coordinate over all their tokens; {@link #tile}
 *       keeps these rows in cache.
 *   <li>Reference form: {@link DeepSets}, {@link #toAttention}; gradients are tested against its
 *       central differences.
 *   <li>Edge cases: the mean refuses an empty context, the sum of none is zero.
 *   <li>Source: the form ρ(mean φ) [source: Zhang-2023, Prop 5.4/F.8]; the networks [recalled].
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class DeepSetsLayer extends SampleLayer {

  private static final int DEFAULT_WIDTH = 64;
  private static final int TILE_TOKENS = 512; // 4 rows of 64 such coordinates are half a megabyte

  private static final String TOKEN_FIRST = "token.first";
  private static final String TOKEN_SECOND = "token.second";
  private static final String SET_FIRST = "set.first";
  private static final String SET_SECOND = "set.second";

  private record Options(int width, Activation activation, Pooling pooling) {}

  private final Options options;
  private final int tokenFirst;
  private final int tokenFirstBias;
  private final int tokenSecond;
  private final int tokenSecondBias;
  private final int setFirst;
  private final int setFirstBias;
  private final int setSecond;
  private final int setSecondBias;

  private DeepSetsLayer(Widths widths, Options options) {
    super(widths, options, shapes(widths, options.width));
    this.options = options;
    this.tokenFirst = offset(TOKEN_FIRST + ".map");
    this.tokenFirstBias = offset(TOKEN_FIRST + ".bias");
    this.tokenSecond = offset(TOKEN_SECOND + ".map");
    this.tokenSecondBias = offset(TOKEN_SECOND + ".bias");
    this.setFirst = offset(SET_FIRST + ".map");
    this.setFirstBias = offset(SET_FIRST + ".bias");
    this.setSecond = offset(SET_SECOND + ".map");
    this.setSecondBias = offset(SET_SECOND + ".bias");
  }

  /** Returns deep sets for these widths: 64 hidden numbers, ReLU, the mean. */
  public static DeepSetsLayer of(Widths widths) {
    return new DeepSetsLayer(widths, new Options(DEFAULT_WIDTH, Activation.RELU, Pooling.MEAN));
  }

  /** Returns these deep sets with {@code width} hidden numbers. */
  public DeepSetsLayer withWidth(int width) {
    Check.atLeast("width", 1, width);
    return new DeepSetsLayer(widths(), new Options(width, options.activation, options.pooling));
  }

  /** Returns these deep sets with another activation. */
  public DeepSetsLayer withActivation(Activation activation) {
    return new DeepSetsLayer(widths(), new Options(options.width, activation, options.pooling));
  }

  /** Returns these deep sets with another pool. */
  public DeepSetsLayer withPooling(Pooling pooling) {
    return new DeepSetsLayer(widths(), new Options(options.width, options.activation, pooling));
  }

  private static List<ParameterShape> shapes(Widths widths, int m) {
    List<ParameterShape> list = new ArrayList<>();
    add(list, TOKEN_FIRST, m, widths.key() + widths.value());
    add(list, TOKEN_SECOND, m, m);
    add(list, SET_FIRST, m, m + widths.key());
    add(list, SET_SECOND, widths.target(), m);
    return list;
  }

  private static void add(List<ParameterShape> list, String name, int rows, int columns) {
    list.add(new ParameterShape(name + ".map", rows, columns));
    list.add(new ParameterShape(name + ".bias", 1, rows));
  }

  /** Returns σ. */
  public Activation activation() {
    return options.activation;
  }

  /** Returns how tokens are pooled. */
  public Pooling pooling() {
    return options.pooling;
  }

  /** Draws maps with independent normal entries of variance one over their columns; else zero. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    return drawMaps(rng);
  }

  @Override
  public int tile(int length) {
    return Math.max(1, TILE_TOKENS / Math.max(1, length));
  }

  @Override
  @Nullable String whyNotEmpty() {
    return options.pooling == Pooling.MEAN ? "no mean of nothing" : null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    int m = options.width;
    long ofSample = 4L * m * length + 3L * m + widths().key() + 2L * widths().target();
    long block = (TokenRows.BLOCK + 1L) * Math.max(m, widths().key() + widths().value());
    return Float.BYTES * (size * ofSample + block);
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Space(this, size, length);
  }

  /** What is kept between forward and backward, and scratch. */
  private static final class Space extends SampleWorkspace {

    final float[][] tokens; // (dk + dv)(batch * length): the batch's own rows
    final float[][] first; // (m)(batch * length): before the activation
    final float[][] firstActive; // (m)(batch * length)
    final float[][] second; // (m)(batch * length)
    final float[][] secondGradient; // (m)(batch * length); φ in the forward pass
    final float[][] block; // (block + 1)(m or dk + dv, the larger)
    final float[] pool; // (batch, m + dk): [g; q]
    final float[] hidden; // (batch, m)
    final float[] hiddenActive; // (batch, m)
    final float[] hiddenGradient; // (m)
    final float[] poolGradient; // (m + dk)

    Space(DeepSetsLayer layer, int size, int length) {
      super(layer, size, length);
      int m = layer.options.width;
      int dk = layer.widths().key();
      tokens = new float[dk + layer.widths().value()][];
      first = new float[m][tokens()];
      firstActive = new float[m][tokens()];
      second = new float[m][tokens()];
      secondGradient = new float[m][tokens()];
      block = new float[TokenRows.BLOCK + 1][Math.max(m, tokens.length)];
      pool = new float[size * (m + dk)];
      hidden = new float[size * m];
      hiddenActive = new float[size * m];
      hiddenGradient = new float[m];
      poolGradient = new float[m + dk];
    }

    /** Points at the keys and values of a batch, one row a coordinate. */
    void show(Batch batch) {
      int dk = batch.widths().key();
      System.arraycopy(batch.keys(), 0, tokens, 0, dk);
      System.arraycopy(batch.values(), 0, tokens, dk, batch.widths().value());
    }
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Space ws = (Space) workspace;
    int m = options.width;
    int start = from * batch.length();
    int end = to * batch.length();
    ws.show(batch);
    TokenRows.map(theta, tokenFirst, tokenFirstBias, m, ws.tokens, start, end, ws.first);
    for (int i = 0; i < m; i++) {
      FloatActivation.forward(options.activation, ws.first[i], ws.firstActive[i], start, end);
    }
    TokenRows.map(theta, tokenSecond, tokenSecondBias, m, ws.firstActive, start, end, ws.second);
    for (int i = 0; i < m; i++) {
      FloatActivation.forward(options.activation, ws.second[i], ws.secondGradient[i], start, end);
    }
    for (int b = from; b < to; b++) {
      forwardSet(theta, batch, b, ws);
    }
  }

  private void forwardSet(float[] theta, Batch batch, int b, Space ws) {
    int m = options.width;
    int dk = widths().key();
    int p = widths().target();
    int columns = m + dk;
    int first = b * batch.length();
    int last = first + batch.length(b);
    float scale = scale(batch.length(b));
    for (int i = 0; i < m; i++) {
      ws.pool[b * columns + i] = scale * TokenRows.sum(ws.secondGradient[i], first, last);
    }
    System.arraycopy(batch.queries(), b * dk, ws.pool, b * columns + m, dk);
    SmallMatrix.multiply(theta, setFirst, m, columns, ws.pool, b * columns, ws.hidden, b * m);
    SmallMatrix.add(ws.hidden, b * m, m, theta, setFirstBias, 1f);
    FloatActivation.forward(options.activation, ws.hidden, ws.hiddenActive, b * m, (b + 1) * m);
    SmallMatrix.multiply(theta, setSecond, p, m, ws.hiddenActive, b * m, ws.output(), b * p);
    SmallMatrix.add(ws.output(), b * p, p, theta, setSecondBias, 1f);
  }

  private float scale(int count) {
    return options.pooling == Pooling.MEAN ? 1f / count : 1f;
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    int m = options.width;
    int start = from * batch.length();
    int end = to * batch.length();
    ws.show(batch);
    for (int b = from; b < to; b++) {
      backwardSet(theta, batch, b, ws, gradient);
    }
    float[][] dSecond = ws.secondGradient;
    for (int i = 0; i < m; i++) {
      FloatActivation.backward(options.activation, ws.second[i], dSecond[i], start, end);
    }
    TokenRows.addGradient(
        gradient, tokenSecond, tokenSecondBias, m, dSecond, ws.firstActive, start, end, ws.block);
    // What was active is not needed any more.
    float[][] dFirst = ws.firstActive;
    TokenRows.mapTransposed(theta, tokenSecond, m, dSecond, start, end, dFirst);
    for (int i = 0; i < m; i++) {
      FloatActivation.backward(options.activation, ws.first[i], dFirst[i], start, end);
    }
    TokenRows.addGradient(
        gradient, tokenFirst, tokenFirstBias, m, dFirst, ws.tokens, start, end, ws.block);
  }

  /** Adds the gradient of the second network and spreads that of the pool over the tokens. */
  private void backwardSet(float[] theta, Batch batch, int b, Space ws, float[] gradient) {
    int m = options.width;
    int p = widths().target();
    int columns = m + widths().key();
    float[] out = ws.outputGradient();
    float[] dh = ws.hiddenGradient;
    SmallMatrix.addOuter(gradient, setSecond, p, m, out, b * p, ws.hiddenActive, b * m, 1f);
    SmallMatrix.add(gradient, setSecondBias, p, out, b * p, 1f);
    SmallMatrix.multiplyTransposed(theta, setSecond, p, m, out, b * p, dh);
    // The slope is taken where the activation was, which starts at b·m.
    System.arraycopy(dh, 0, ws.hiddenActive, b * m, m);
    FloatActivation.backward(options.activation, ws.hidden, ws.hiddenActive, b * m, (b + 1) * m);
    System.arraycopy(ws.hiddenActive, b * m, dh, 0, m);
    SmallMatrix.addOuter(gradient, setFirst, m, columns, dh, 0, ws.pool, b * columns, 1f);
    SmallMatrix.add(gradient, setFirstBias, m, dh, 0, 1f);
    SmallMatrix.multiplyTransposed(theta, setFirst, m, columns, dh, 0, ws.poolGradient);
    int first = b * batch.length();
    int count = batch.length(b);
    float scale = scale(count);
    for (int i = 0; i < m; i++) {
      float[] row = ws.secondGradient[i];
      float share = scale * ws.poolGradient[i];
      Arrays.fill(row, first, first + count, share);
      Arrays.fill(row, first + count, first + batch.length(), 0f);
    }
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  DeepSets reference(Map<String, SimpleMatrix> parameters) {
    return DeepSets.of(parameters, options.activation, options.pooling);
  }

  @Override
  public LayerCost cost(int length) {
    long m = options.width;
    long tokens = length * m * (widths().key() + widths().value() + m);
    long set = m * (m + widths().key() + widths().target());
    return new LayerCost(LayerCost.parameters(this), tokens + set, 2, length);
  }

  @Override
  public String label() {
    return "deep sets, "
        + options.pooling.name().toLowerCase(Locale.ROOT)
        + ", width "
        + options.width;
  }
}
