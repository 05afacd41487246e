package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.PairTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Layers that answer at every prefix. */
class NextTokenLayersTest implements LayerContract {

  private static final Widths WIDTHS = new Widths(3, 2, 2);

  /** Of central differences: error about step² times a third derivative. */
  private static final double STEP = 3e-4;

  private static SoftmaxHeadLayer nullHead() {
    return SoftmaxHeadLayer.of(WIDTHS).withNullToken();
  }

  private static TransformerLayer transformer() {
    return TransformerLayer.of(WIDTHS).withBlock(BlockShape.of(8, 2).withPreNorm());
  }

  private static PrefixLayer ridge() {
    return PrefixLayer.of(KernelRidgeLayer.linear(WIDTHS).withPriorMean()).withKeysAsQueries();
  }

  @Override
  public boolean orderMatters(Layer layer) {
    return true; // rows are prefixes
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(CausalNullHeadLayer.of(WIDTHS));
    layers.add(CausalNullHeadLayer.of(nullHead().withHeadWidth(2).withMapWidth(4)));
    layers.add(PrefixLayer.of(nullHead()));
    layers.add(PrefixLayer.of(nullHead()).withKeysAsQueries());
    layers.add(PrefixLayer.of(SoftmaxHeadLayer.of(WIDTHS)).withStartRow());
    layers.add(PrefixLayer.of(MultiHeadLayer.of(WIDTHS, 2).withNullToken()));
    layers.add(PrefixLayer.of(transformer()));
    layers.add(ridge());
    layers.add(CausalTransformerLayer.of(transformer()));
    layers.add(CausalTransformerLayer.ofPairs(transformer()));
    layers.add(CausalTransformerLayer.of(transformer().withLearnedPositions(LENGTH + 3)));
    layers.add(CausalTransformerLayer.of(transformer().withSinusoidalPositions()));
    return layers;
  }

  private static float[] outputs(Layer layer, Parameters parameters, Batch batch) {
    Workspace workspace = layer.workspace(batch.size(), batch.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, batch.size(), workspace);
    return workspace.output();
  }

  private static Parameters drawn(Layer layer) {
    Parameters parameters = layer.initial(Seed.of(11).generator());
    float[] noise = new float[parameters.size()];
    Samples.fill(noise, Seed.of(12).generator());
    for (int i = 0; i < noise.length; i++) {
      parameters.data()[i] += 0.2f * noise[i];
    }
    return parameters;
  }

  /**
   * Row t of every layer is what its attention answers about the first t tokens, with the query of
   * that row.
   */
  @Test
  void everyRowIsTheAttentionOfItsPrefix() {
    for (Layer layer : layers()) {
      Batch batch = Samples.batch(layer, 2, LENGTH, Seed.of(13).generator());
      batch.setLength(1, 5);
      Parameters parameters = drawn(layer);
      float[] out = outputs(layer, parameters, batch);
      Attention attention = layer.toAttention(parameters);
      int p = WIDTHS.target();
      for (int b = 0; b < 2; b++) {
        Context whole = Samples.context(batch, b);
        int n = batch.length(b);
        for (int t = 0; t <= n; t++) {
          SimpleMatrix query =
              asksByKey(layer) && t < n
                  ? whole.keys().extractVector(true, t)
                  : Samples.query(batch, b);
          SimpleMatrix expected = attention.attend(query, whole.prefix(t));
          double scale = Math.max(1, expected.elementMaxAbs());
          for (int j = 0; j < p; j++) {
            float actual = out[(b * (LENGTH + 1) + t) * p + j];
            assertEquals(expected.get(0, j), actual, scale * TOLERANCE, "row " + t + ", " + layer);
          }
        }
      }
    }
  }

  private static boolean asksByKey(Layer layer) {
    return layer.toString().contains("key of the next token") || layer.toString().contains("pairs");
  }

  /** The largest change of a row 0..t when everything from token t + 1 on is another. */
  private static float leak(Layer layer, boolean keyIsQuestion) {
    Parameters parameters = drawn(layer);
    Batch batch = Samples.batch(layer, 1, LENGTH, Seed.of(14).generator());
    float[] before = outputs(layer, parameters, batch).clone();
    int p = WIDTHS.target();
    float largest = 0;
    for (int t = 0; t < LENGTH; t++) {
      Batch other = Samples.batch(layer, 1, LENGTH, Seed.of(14).generator());
      for (int l = t; l < LENGTH; l++) {
        for (float[] column : other.values()) {
          column[l] += 1 + l;
        }
        for (float[] column : other.keys()) {
          column[l] += keyIsQuestion && l == t ? 0 : 2 + l;
        }
      }
      float[] after = outputs(layer, parameters, other);
      for (int i = 0; i < (t + 1) * p; i++) {
        largest = Math.max(largest, Math.abs(after[i] - before[i]));
      }
    }
    return largest;
  }

  /** To the last bit: the target of row t, token t + 1, and all behind it are not read there. */
  @Test
  void noRowReadsItsTarget() {
    for (Layer layer : layers()) {
      assertEquals(0f, leak(layer, asksByKey(layer)), layer.toString());
    }
  }

  /** What the check above is worth: off by one, without a mask, or asked with the answer. */
  @Test
  void plantedLeaksAreFound() {
    Layer shifted = new OneTooMany(CausalNullHeadLayer.of(WIDTHS));
    assertTrue(leak(shifted, false) > 1e-3f, "a row that sees its own target");
    Layer asking = PrefixLayer.of(nullHead()).withKeysAsQueries();
    assertTrue(leak(asking, false) > 1e-3f, "a key that is the value");
    Layer unmasked = new Unmasked(transformer().atEveryPosition());
    assertTrue(leak(unmasked, false) > 1e-3f, "no causal mask");
  }

  /** The running sums against the same head asked about one prefix after another. */
  @Test
  void runningSumsAreTheHeadAtEveryPrefix() {
    for (SoftmaxHeadLayer head : List.of(nullHead(), nullHead().withIdentityValues())) {
      Layer fast = CausalNullHeadLayer.of(head);
      Layer plain = PrefixLayer.of(head);
      for (int length : new int[] {0, 1, 2, 7, 40}) {
        for (float scale : new float[] {1, 30}) { // logits beyond exp's range as well
          Batch batch = Samples.batch(fast, 3, length, Seed.of(15).child(length).generator());
          batch.setLength(1, length / 2);
          Parameters parameters = drawn(fast);
          for (float[] keys : batch.keys()) {
            for (int i = 0; i < keys.length; i++) {
              keys[i] *= scale;
            }
          }
          assertSameGradient(fast, plain, parameters, batch);
        }
      }
    }
  }

  private static void assertSameGradient(
      Layer fast, Layer plain, Parameters parameters, Batch batch) {
    float[] outputGradient = new float[batch.size() * batch.rows() * WIDTHS.target()];
    Samples.fill(outputGradient, Seed.of(16).generator());
    Parameters expected = gradient(plain, parameters, batch, outputGradient);
    Parameters actual = gradient(fast, parameters, batch, outputGradient);
    double scale = 1;
    for (float number : expected.data()) {
      scale = Math.max(scale, Math.abs(number));
    }
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.data()[i], actual.data()[i], scale * TOLERANCE, fast.toString());
    }
  }

  /** With zero gradient at rows of padding, as training has it. */
  private static Parameters gradient(
      Layer layer, Parameters parameters, Batch batch, float[] outputGradient) {
    Workspace workspace = layer.workspace(batch.size(), batch.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, batch.size(), workspace);
    int p = WIDTHS.target();
    for (int b = 0; b < batch.size(); b++) {
      for (int i = 0; i < batch.rows() * p; i++) {
        int at = b * batch.rows() * p + i;
        workspace.outputGradient()[at] = i / p <= batch.length(b) ? outputGradient[at] : 0f;
      }
    }
    Parameters sums = Parameters.zeros(layer.sums());
    layer.backward(parameters, batch, 0, batch.size(), workspace, sums);
    Parameters gradient = parameters.zeros();
    layer.finish(parameters, sums, gradient);
    return gradient;
  }

  /** Central differences of the double-precision attention, prefix by prefix. */
  @Test
  void gradientsAgreeWithTheReference() {
    for (Layer layer : layers()) {
      Parameters parameters = drawn(layer);
      Batch batch = Samples.batch(layer, 1, 5, Seed.of(17).generator());
      float[] outputGradient = new float[batch.rows() * WIDTHS.target()];
      Samples.fill(outputGradient, Seed.of(18).generator());
      Parameters gradient = gradient(layer, parameters, batch, outputGradient);
      for (int trial = 0; trial < 3; trial++) {
        float[] direction = new float[parameters.size()];
        Samples.fill(direction, Seed.of(19).child(trial).generator());
        Parameters up = moved(parameters, direction, STEP);
        Parameters down = moved(parameters, direction, -STEP);
        double product = 0;
        double norm = 0;
        for (int i = 0; i < direction.length; i++) {
          // As moved: float32 rounds a parameter, so the step is not quite the one asked for.
          double moved = (double) up.data()[i] - down.data()[i];
          product += moved * gradient.data()[i] / (2 * STEP);
          norm += Math.abs(moved * gradient.data()[i]) / (2 * STEP);
        }
        double difference =
            (value(layer, up, batch, outputGradient) - value(layer, down, batch, outputGradient))
                / (2 * STEP);
        assertEquals(difference, product, 1e-4 * Math.max(1, norm), layer.toString());
      }
    }
  }

  private static Parameters moved(Parameters parameters, float[] direction, double step) {
    Parameters moved = parameters.copy();
    for (int i = 0; i < direction.length; i++) {
      moved.data()[i] += (float) (step * direction[i]);
    }
    return moved;
  }

  private static double value(
      Layer layer, Parameters parameters, Batch batch, float[] outputGradient) {
    Attention attention = layer.toAttention(parameters);
    Context whole = Samples.context(batch, 0);
    int n = batch.length(0);
    double sum = 0;
    for (int t = 0; t <= n; t++) {
      SimpleMatrix query =
          asksByKey(layer) && t < n ? whole.keys().extractVector(true, t) : Samples.query(batch, 0);
      SimpleMatrix out = attention.attend(query, whole.prefix(t));
      for (int j = 0; j < WIDTHS.target(); j++) {
        sum += outputGradient[t * WIDTHS.target() + j] * out.get(0, j);
      }
    }
    return sum;
  }

  /** One parameter set for all positions, derived: the exact predictive at every prefix. */
  @Test
  void derivedParametersAreExactAtEveryPrefix() {
    for (ConjugateModel<?> model :
        List.<ConjugateModel<?>>of(
            BetaBernoulli.of(1.3, 2.45),
            DirichletCategorical.of(0.7, 1.55, 2.3),
            GaussianMean.of(2, 0.3, 0.7).withPriorMean(new SimpleMatrix(1, 2, true, 3.5, -1.25)))) {
      CausalNullHeadLayer layer = CausalNullHeadLayer.of(Objective.NEXT_TOKEN.widths(model));
      assertExact(model, layer, nullToken(layer, model, 1), true);
      assertExact(model, layer, nullToken(layer, model, 1.1), false);
    }
    LinearRegression regression = LinearRegression.of(3, 2, 1.5, 0.4);
    KernelRidgeLayer inner =
        KernelRidgeLayer.linear(Objective.NEXT_TOKEN.widths(regression)).withIdentityValues();
    Layer layer = PrefixLayer.of(inner).withKeysAsQueries();
    double ridge = 0.4 / 1.5;
    assertExact(
        regression,
        layer,
        inner.parameters(KernelRidgeAttention.of(new LinearKernel(), ridge)),
        true);
    assertExact(
        regression,
        layer,
        inner.parameters(KernelRidgeAttention.of(new LinearKernel(), 1.1 * ridge)),
        false);
  }

  private static Parameters nullToken(
      CausalNullHeadLayer layer, ConjugateModel<?> model, double factor) {
    Parameters parameters = Parameters.zeros(layer.shapes());
    double logit = Math.log(factor * model.priorCount());
    return parameters
        .with("null.logit", new SimpleMatrix(1, 1, true, logit))
        .with("null.value", model.priorMean());
  }

  private static <Z> void assertExact(
      LatentModel<Z> model, Layer layer, Parameters parameters, boolean exact) {
    int length = 60;
    Batch batch = Batch.zeros(layer.widths(), 1, length, length + 1);
    RandomGenerator rng = Seed.of(20).generator();
    Objective.NEXT_TOKEN.fill(model, batch, 0, Objective.Group.single(), rng);
    float[] out = outputs(layer, parameters, batch);
    Sample<Z> sample = model.sample(length, Seed.of(20).generator());
    SimpleMatrix keys = sample.tokens().keys();
    Belief<Z> belief = model.prior();
    double largest = 0;
    int p = layer.widths().target();
    for (int t = 0; t < length; t++) {
      SimpleMatrix mean = belief.predictive(query(model, keys, t)).mean();
      for (int j = 0; j < p; j++) {
        double scale = Math.max(1, Math.abs(mean.get(0, j)));
        largest = Math.max(largest, Math.abs(mean.get(0, j) - out[t * p + j]) / scale);
      }
      belief = belief.observe(sample.tokens().slice(t, t + 1));
    }
    // Tokens and parameters are rounded to float32, 6e-8.
    assertEquals(exact, largest < 2e-6, model + " off by " + largest);
  }

  private static SimpleMatrix query(LatentModel<?> model, SimpleMatrix keys, int t) {
    return model.tokenSpace().hasQueries()
        ? keys.extractVector(true, t)
        : model.tokenSpace().emptyQuery();
  }

  @Test
  void layersBecomeTheirFormAtEveryPrefix() {
    RealTokens plain = new RealTokens(3);
    PairTokens pairs = new PairTokens(3, 2);
    assertInstanceOf(CausalNullHeadLayer.class, Layers.atEveryPrefix(nullHead(), plain));
    assertEquals(
        PrefixLayer.of(nullHead()).withKeysAsQueries(), Layers.atEveryPrefix(nullHead(), pairs));
    assertEquals(
        CausalTransformerLayer.of(transformer()), Layers.atEveryPrefix(transformer(), plain));
    assertEquals(
        CausalTransformerLayer.ofPairs(transformer()), Layers.atEveryPrefix(transformer(), pairs));
    Layer already = ridge();
    assertSame(already, Layers.atEveryPrefix(already, pairs));
    for (String name : Layers.names()) {
      Layer layer = Layers.atEveryPrefix(Layers.of(name, new Widths(3, 3, 3)), plain);
      assertEquals(4, layer.outputs(3), name);
      outputs(layer, drawn(layer), Samples.batch(layer, 1, 0, Seed.of(21).generator()));
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> CausalNullHeadLayer.of(SoftmaxHeadLayer.of(WIDTHS)));
    assertThrows(
        ShapeMismatchException.class, () -> PrefixLayer.of(transformer().atEveryPosition()));
    TransformerLayer values = TransformerLayer.of(new Widths(1, 32, 2)).withIdentityEmbedding();
    assertThrows(ShapeMismatchException.class, () -> CausalTransformerLayer.of(values));
  }

  /** A planted leak: row t answers from t + 1 tokens. */
  private record OneTooMany(Layer inner) implements Passing {

    @Override
    public int from(int row, int length) {
      return Math.min(row + 1, length);
    }
  }

  /** A planted leak: rows of a transformer whose blocks have no mask. */
  private record Unmasked(Layer inner) implements Passing {

    @Override
    public int outputs(int length) {
      return length;
    }

    @Override
    public int from(int row, int length) {
      return row;
    }
  }

  /** Another layer with its output rows taken from elsewhere. */
  private interface Passing extends Layer {

    Layer inner();

    int from(int row, int length);

    @Override
    default Widths widths() {
      return inner().widths();
    }

    @Override
    default int outputs(int length) {
      return inner().outputs(length);
    }

    @Override
    default List<ParameterShape> shapes() {
      return inner().shapes();
    }

    @Override
    default Parameters initial(RandomGenerator rng) {
      return inner().initial(rng);
    }

    @Override
    default Workspace workspace(int size, int length) {
      return inner().workspace(size, length);
    }

    @Override
    default void prepare(Parameters parameters, Workspace workspace) {
      inner().prepare(parameters, workspace);
    }

    @Override
    default void forward(
        Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
      inner().forward(parameters, batch, from, to, workspace);
      int p = widths().target();
      float[] copy = workspace.output().clone();
      int rows = outputs(batch.length());
      for (int row = 0; row < rows; row++) {
        System.arraycopy(copy, from(row, rows - 1) * p, workspace.output(), row * p, p);
      }
    }

    @Override
    default void backward(
        Parameters parameters,
        Batch batch,
        int from,
        int to,
        Workspace workspace,
        Parameters sums) {
      throw new UnsupportedOperationException("not trained");
    }

    @Override
    default Attention toAttention(Parameters parameters) {
      return inner().toAttention(parameters);
    }
  }
}
