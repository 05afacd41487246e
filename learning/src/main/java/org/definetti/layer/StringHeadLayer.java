package org.definetti.layer;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.definetti.sparse.AdditiveMap;
import org.definetti.sparse.Normaliser;
import org.definetti.sparse.ScalarTransformer;
import org.definetti.sparse.TransformerHead;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * One attention head on bit strings and nothing else: the class of functions whose capacity {@link
 * org.definetti.sparse.CapacityBound} bounds, with trainable weights.
 *
 * <pre>{@code
 * out = Σ_t a_t (x_t·w),   a = softmax(x_1·u, …, x_T·u, x_[CLS]·u)
 * x_t = e_(b_t) + v_t,   x_[CLS] = e_[CLS],   all of e_0, e_1, e_[CLS], v_1..v_T orthonormal
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code score.map} u and {@code value.map} w, each of shape (1, T + 3): the
 *       numbers of e_0, e_1, e_[CLS] and v_1..v_T, in this order. Their Euclidean norms are B_u and
 *       B_V, and B_X = √2. There is no bias, norm or network behind.
 *   <li>Batches: those of {@link SymbolStringLayer} with two symbols; a bit is one where the second
 *       value is above 1/2. Every string has T bits.
 *   <li>Initial weights: normal of standard deviation 0.02.
 *   <li>Cost: O(T) a pass and O(T) additions a string, since a token is one of 2T + 1.
 *   <li>Accuracy: sums in double precision; scores more than 600 below the largest count as 600
 *       below, so that a string without the largest still has weights.
 *   <li>Reference form: {@link ScalarTransformer} on the orthonormal {@link AdditiveMap}.
 *   <li>Source: the head [recalled: Edelman-2022]; this class of scalar heads [derived] (checks V5,
 *       V22).
 * </ul>
 */
public final class StringHeadLayer extends SampleLayer {

  private static final int BITS = 2;
  private static final int CLS = 2; // place of e_[CLS], behind e_0 and e_1
  private static final int FIRST = 3; // place of v_1
  private static final double SPREAD = 0.02;
  private static final double FAR = -600;

  /**
   * What tells such layers apart.
   *
   * @param length T
   * @param normalised whether weights are a softmax
   */
  record Options(int length, boolean normalised) {}

  private final Options options;

  private StringHeadLayer(Options options) {
    super(
        new Widths(1, BITS, 1),
        options,
        List.of(
            new ParameterShape("score.map", 1, options.length + FIRST),
            new ParameterShape("value.map", 1, options.length + FIRST)));
    this.options = options;
  }

  /**
   * Returns the softmax head.
   *
   * @param length T, at least 1
   */
  public static StringHeadLayer of(int length) {
    return new StringHeadLayer(new Options(Check.atLeast("length", 1, length), true));
  }

  /** Returns this head whose weights are the scores themselves, of any sum: the control. */
  public StringHeadLayer withoutNormaliser() {
    return new StringHeadLayer(new Options(options.length, false));
  }

  @Override
  @Nullable String whyNotEmpty() {
    return "a string has " + options.length + " bits";
  }

  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes());
    for (int i = 0; i < parameters.size(); i++) {
      parameters.data()[i] = (float) (SPREAD * Normal.draw(rng));
    }
    return parameters;
  }

  /** The numbers of every token there is: (t, b) at 2 t + b, [CLS] last. */
  private static final class Table extends SampleWorkspace {

    private final double[] weights; // (2 T + 1): e^(score - largest), or the score
    private final double[] values; // (2 T + 1): x·w
    private final double[] totals; // (strings): what the weights sum to, or 1
    private final double[] shares; // (2 T + 1): Σ over strings of gradient / total
    private final double[] means; // (2 T + 1): the same times the output

    Table(StringHeadLayer layer, int size, int length) {
      super(layer, size, length);
      int tokens = BITS * layer.options.length + 1;
      weights = new double[tokens];
      values = new double[tokens];
      totals = new double[size];
      shares = new double[tokens];
      means = new double[tokens];
    }
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Table(this, size, length);
  }

  private void fill(float[] theta, Table table) {
    int value = offset("value.map");
    int last = table.weights.length - 1;
    for (int t = 0; t < options.length; t++) {
      for (int b = 0; b < BITS; b++) {
        table.weights[BITS * t + b] = (double) theta[b] + theta[FIRST + t];
        table.values[BITS * t + b] = (double) theta[value + b] + theta[value + FIRST + t];
      }
    }
    table.weights[last] = theta[CLS];
    table.values[last] = theta[value + CLS];
    if (options.normalised) {
      double largest = Double.NEGATIVE_INFINITY;
      for (double score : table.weights) {
        largest = Math.max(largest, score);
      }
      for (int i = 0; i <= last; i++) {
        table.weights[i] = Math.exp(Math.max(FAR, table.weights[i] - largest));
      }
    }
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Table table = (Table) workspace;
    fill(theta, table);
    int last = table.weights.length - 1;
    for (int s = from; s < to; s++) {
      float[] bits = bits(batch, s);
      double total = table.weights[last];
      double sum = table.weights[last] * table.values[last];
      for (int t = 0; t < options.length; t++) {
        int token = BITS * t + (bits[s * options.length + t] > 0.5f ? 1 : 0);
        total += table.weights[token];
        sum += table.weights[token] * table.values[token];
      }
      table.totals[s - from] = options.normalised ? total : 1;
      workspace.output()[s] = (float) (sum / table.totals[s - from]);
    }
  }

  private float[] bits(Batch batch, int sample) {
    if (batch.length(sample) != options.length || batch.length() != options.length) {
      throw new IllegalArgumentException(
          "batch: expected strings of "
              + options.length
              + " bits, got "
              + batch.length(sample)
              + " for sample "
              + sample);
    }
    return batch.values(BITS - 1);
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Table table = (Table) workspace;
    int last = table.weights.length - 1;
    Arrays.fill(table.shares, 0);
    Arrays.fill(table.means, 0);
    for (int s = from; s < to; s++) {
      float[] bits = bits(batch, s);
      double share = workspace.outputGradient()[s] / table.totals[s - from];
      double mean = share * workspace.output()[s];
      table.shares[last] += share;
      table.means[last] += mean;
      for (int t = 0; t < options.length; t++) {
        int token = BITS * t + (bits[s * options.length + t] > 0.5f ? 1 : 0);
        table.shares[token] += share;
        table.means[token] += mean;
      }
    }
    int value = offset("value.map");
    for (int i = 0; i <= last; i++) {
      // Softmax: ∂out/∂score = a (x·w - out). Without it: ∂out/∂score = x·w.
      double towards = table.values[i] * table.shares[i];
      float score =
          (float) (options.normalised ? table.weights[i] * (towards - table.means[i]) : towards);
      float own = (float) (table.weights[i] * table.shares[i]);
      int bit = i == last ? CLS : i % BITS;
      gradient[bit] += score;
      gradient[value + bit] += own;
      if (i < last) {
        gradient[FIRST + i / BITS] += score;
        gradient[value + FIRST + i / BITS] += own;
      }
    }
  }

  /** Returns the head as an attention that reads its query nowhere: [CLS] asks. */
  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    AdditiveMap map = AdditiveMap.orthonormal(options.length);
    SimpleMatrix cls = new SimpleMatrix(1, map.dimension(), true, map.cls());
    TransformerHead head =
        TransformerHead.of(
                cls.transpose(),
                parameters.matrix("score.map").transpose(),
                parameters.matrix("value.map").transpose())
            .withNormaliser(options.normalised ? Normaliser.SOFTMAX : Normaliser.NONE);
    ScalarTransformer scalar = new ScalarTransformer(head, cls, SimpleMatrix.identity(1));
    return (queries, context) ->
        SimpleMatrix.filled(queries.getNumRows(), 1, scalar.value(tokens(map, context)));
  }

  private SimpleMatrix tokens(AdditiveMap map, Context context) {
    SimpleMatrix values = Check.matrix("context", context.values(), options.length, BITS);
    double[] rows = new double[options.length * map.dimension()];
    for (int t = 0; t < options.length; t++) {
      double[] token = map.token(t, values.get(t, BITS - 1) > 0.5);
      System.arraycopy(token, 0, rows, t * token.length, token.length);
    }
    return new SimpleMatrix(options.length, map.dimension(), true, rows);
  }

  @Override
  public String label() {
    return options.normalised ? "one softmax head" : "one head of scores";
  }
}
