package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What every layer must satisfy; implement it in the test of a layer. */
public interface LayerContract {

  /** float32 rounding, 6e-8, through some hundred operations summed in another order. */
  double TOLERANCE = 2e-5;

  int SIZE = 3;
  int LENGTH = 9;

  /** Returns the layers under test, all options among them. */
  List<Layer> layers();

  /** Returns whether the order of tokens carries a meaning; not, unless overridden. */
  default boolean orderMatters(Layer layer) {
    return false;
  }

  /** Returns parameters near a draw, with biases that are not zero. */
  private static Parameters parameters(Layer layer) {
    Parameters parameters = layer.initial(Seed.of(5).generator());
    float[] noise = new float[parameters.size()];
    Samples.fill(noise, Seed.of(6).generator());
    for (int i = 0; i < noise.length; i++) {
      parameters.data()[i] += 0.2f * noise[i];
    }
    return parameters;
  }

  /** Returns samples of 4, 9 and 7 tokens. */
  private static Batch batch(Layer layer) {
    Batch batch = Samples.batch(layer, SIZE, LENGTH, Seed.of(7).generator());
    batch.setLength(0, 4);
    batch.setLength(2, 7);
    return batch;
  }

  /** Outputs, sums and gradient of one pass over some samples. */
  record Pass(List<Float> outputs, Parameters sums, Parameters gradient) {}

  private static Pass pass(Layer layer, Batch batch, Workspace workspace, int... bounds) {
    Parameters parameters = parameters(layer);
    Parameters sums = Parameters.zeros(layer.sums());
    int outputs = layer.outputs(batch.length()) * layer.widths().target();
    Float[] out = new Float[batch.size() * outputs];
    Arrays.fill(out, 0f);
    layer.prepare(parameters, workspace);
    for (int i = 0; i + 1 < bounds.length; i++) {
      layer.forward(parameters, batch, bounds[i], bounds[i + 1], workspace);
      for (int j = 0; j < workspace.outputGradient().length; j++) {
        workspace.outputGradient()[j] = 0f;
      }
      for (int b = bounds[i]; b < bounds[i + 1]; b++) {
        // Of outputs for every token, those of padding have no meaning and no gradient.
        int count = outputs(layer, batch, b) * layer.widths().target();
        for (int j = b * outputs; j < b * outputs + count; j++) {
          out[j] = workspace.output()[j];
          workspace.outputGradient()[j] = 0.1f * (1 + j % 7) - 0.35f;
        }
      }
      layer.backward(parameters, batch, bounds[i], bounds[i + 1], workspace, sums);
    }
    Parameters gradient = parameters.zeros();
    layer.finish(parameters, sums, gradient);
    return new Pass(List.of(out), sums, gradient);
  }

  private static int outputs(Layer layer, Batch batch, int b) {
    return layer.outputs(batch.length()) == 1 ? 1 : layer.outputs(batch.length(b));
  }

  private static Pass pass(Layer layer, Batch batch) {
    return pass(layer, batch, layer.workspace(batch.size(), batch.length()), 0, batch.size());
  }

  private static void assertClose(Pass expected, Pass actual, String message) {
    double scale = expected.outputs.stream().mapToDouble(Math::abs).reduce(1, Math::max);
    for (int i = 0; i < expected.outputs.size(); i++) {
      assertEquals(
          expected.outputs.get(i), actual.outputs.get(i), scale * TOLERANCE, "output, " + message);
    }
    assertClose(expected.gradient, actual.gradient, message);
  }

  private static void assertClose(Parameters expected, Parameters actual, String message) {
    double scale = 1;
    for (float number : expected.data()) {
      scale = Math.max(scale, Math.abs(number));
    }
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(
          expected.data()[i],
          actual.data()[i],
          scale * TOLERANCE,
          "gradient " + i + ", " + message);
    }
  }

  /** The gradient is not all zero and everything is finite: what follows compares something. */
  @Test
  default void computesSomething() {
    for (Layer layer : layers()) {
      Pass pass = pass(layer, batch(layer));
      assertTrue(pass.gradient.isFinite(), layer.toString());
      assertTrue(pass.outputs.stream().allMatch(Float::isFinite), layer.toString());
      for (ParameterShape shape : layer.shapes()) {
        assertTrue(pass.gradient.matrix(shape.name()).normF() > 0, shape.name() + " of " + layer);
      }
    }
  }

  @Test
  default void theSameArgumentsGiveTheSameBits() {
    for (Layer layer : layers()) {
      assertEquals(pass(layer, batch(layer)), pass(layer, batch(layer)), layer.toString());
    }
  }

  /** Whatever a workspace held before, also of a larger batch, does not show. */
  @Test
  default void aUsedWorkspaceGivesTheSameBitsAsANewOne() {
    for (Layer layer : layers()) {
      Workspace used = layer.workspace(SIZE + 2, LENGTH + 3);
      Batch other = Samples.batch(layer, SIZE + 2, LENGTH + 3, Seed.of(8).generator());
      pass(layer, other, used, 0, SIZE + 2);
      Workspace fresh = layer.workspace(SIZE + 2, LENGTH + 3);
      assertEquals(
          pass(layer, batch(layer), fresh, 0, SIZE),
          pass(layer, batch(layer), used, 0, SIZE),
          layer.toString());
    }
  }

  /** Two ranges of samples give together what one range gives, and gradients add up. */
  @Test
  default void rangesOfSamplesCompose() {
    for (Layer layer : layers()) {
      Workspace workspace = layer.workspace(SIZE, LENGTH);
      Pass whole = pass(layer, batch(layer), workspace, 0, SIZE);
      assertClose(whole, pass(layer, batch(layer), workspace, 0, 1, SIZE), layer.toString());
      assertClose(whole, pass(layer, batch(layer), workspace, 0, 2, 2, SIZE), layer.toString());
    }
  }

  /** Where samples are said to be computed one by one, doing so changes no bit. */
  @Test
  default void samplewiseLayersGiveTheSameBitsOneByOne() {
    for (Layer layer : layers()) {
      if (layer.isSamplewise()) {
        Workspace workspace = layer.workspace(SIZE, LENGTH);
        assertEquals(
            pass(layer, batch(layer)),
            pass(layer, batch(layer), workspace, 0, 1, 2, SIZE),
            layer.toString());
      }
    }
  }

  /** What was in the sums before stays in them. */
  @Test
  default void backwardAdds() {
    for (Layer layer : layers()) {
      Batch batch = batch(layer);
      Parameters once = pass(layer, batch).sums;
      Parameters twice = pass(layer, batch, layer.workspace(SIZE, LENGTH), 0, SIZE).sums.copy();
      twice.add(once);
      Parameters parameters = parameters(layer);
      Workspace workspace = layer.workspace(SIZE, LENGTH);
      Parameters sums = pass(layer, batch, workspace, 0, SIZE).sums;
      layer.prepare(parameters, workspace);
      layer.forward(parameters, batch, 0, SIZE, workspace);
      layer.backward(parameters, batch, 0, SIZE, workspace, sums);
      assertClose(twice, sums, layer.toString());
    }
  }

  /** Neither outputs nor gradients know what is behind a sample's tokens, nor how much of it. */
  @Test
  default void paddingHasNoInfluence() {
    for (Layer layer : layers()) {
      Batch batch = batch(layer);
      Pass expected = pass(layer, batch);
      for (float rubbish : new float[] {0f, -3e4f}) {
        Batch padded = batch(layer);
        for (int b = 0; b < SIZE; b++) {
          int end = (b + 1) * LENGTH;
          fillPadding(padded.keys(), b * LENGTH + padded.length(b), end, rubbish);
          fillPadding(padded.values(), b * LENGTH + padded.length(b), end, rubbish);
        }
        assertEquals(expected, pass(layer, padded), "padding " + rubbish + ", " + layer);
      }
      if (layer.outputs(LENGTH) == 1) {
        for (int b = 0; b < SIZE; b++) {
          assertSampleAlone(layer, batch, b);
        }
      }
    }
  }

  private static void fillPadding(float[][] rows, int from, int to, float number) {
    for (float[] row : rows) {
      Arrays.fill(row, from, to, number);
    }
  }

  /** A sample in a batch without padding. */
  private static void assertSampleAlone(Layer layer, Batch batch, int b) {
    int n = batch.length(b);
    int dk = layer.widths().key();
    Batch alone = Batch.zeros(layer.widths(), 1, n);
    copy(batch.keys(), b * LENGTH, alone.keys(), n);
    copy(batch.values(), b * LENGTH, alone.values(), n);
    System.arraycopy(batch.queries(), b * dk, alone.queries(), 0, dk);
    Parameters parameters = parameters(layer);
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    int p = layer.widths().target();
    float[] expected = Arrays.copyOfRange(workspace.output(), b * p, (b + 1) * p);
    layer.forward(parameters, alone, 0, 1, workspace);
    assertArrayEquals(
        expected, Arrays.copyOf(workspace.output(), p), (float) TOLERANCE, layer.toString());
  }

  private static void copy(float[][] from, int at, float[][] to, int count) {
    for (int j = 0; j < from.length; j++) {
      System.arraycopy(from[j], at, to[j], 0, count);
    }
  }

  /** Tokens in another order: the same output, or the same outputs in that order. */
  @Test
  default void theOrderOfTokensCarriesNoMeaning() {
    for (Layer layer : layers()) {
      if (orderMatters(layer)) {
        continue;
      }
      Batch batch = Samples.batch(layer, 1, LENGTH, Seed.of(9).generator());
      Batch turned = Batch.zeros(layer.widths(), 1, LENGTH, layer.outputs(LENGTH));
      int[] order = new int[LENGTH];
      for (int l = 0; l < LENGTH; l++) {
        order[l] = (2 * l + 5) % LENGTH; // 2 and 9 have no factor in common
      }
      turn(batch.keys(), turned.keys(), order);
      turn(batch.values(), turned.values(), order);
      System.arraycopy(batch.queries(), 0, turned.queries(), 0, batch.queries().length);
      float[] expected = outputs(layer, batch);
      float[] actual = outputs(layer, turned);
      int p = layer.widths().target();
      int rows = layer.outputs(LENGTH);
      for (int i = 0; i < rows * p; i++) {
        int row = rows == 1 ? 0 : order[i / p];
        double scale = Math.max(1, Math.abs(expected[row * p + i % p]));
        assertEquals(expected[row * p + i % p], actual[i], scale * TOLERANCE, layer.toString());
      }
    }
  }

  private static void turn(float[][] from, float[][] to, int[] order) {
    for (int j = 0; j < from.length; j++) {
      for (int l = 0; l < order.length; l++) {
        to[j][l] = from[j][order[l]];
      }
    }
  }

  private static float[] outputs(Layer layer, Batch batch) {
    Parameters parameters = parameters(layer);
    Workspace workspace = layer.workspace(batch.size(), batch.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, batch.size(), workspace);
    return workspace.output();
  }

  /** Returns the outputs of one sample, as it is or with its last two tokens swapped. */
  static float[] firstOutputs(Layer layer, boolean swapped) {
    Batch batch = Samples.batch(layer, 1, LENGTH, Seed.of(9).generator());
    if (swapped) {
      for (float[][] rows : List.of(batch.keys(), batch.values())) {
        for (float[] row : rows) {
          float last = row[LENGTH - 1];
          row[LENGTH - 1] = row[LENGTH - 2];
          row[LENGTH - 2] = last;
        }
      }
    }
    return outputs(layer, batch).clone();
  }

  /** What a sweep evaluates is what was trained. */
  @Test
  default void computesWhatItsAttentionComputes() {
    for (Layer layer : layers()) {
      if (layer.outputs(LENGTH) != 1) {
        continue;
      }
      Batch batch = batch(layer);
      float[] outputs = outputs(layer, batch);
      Attention attention = layer.toAttention(parameters(layer));
      int p = layer.widths().target();
      for (int b = 0; b < SIZE; b++) {
        SimpleMatrix expected =
            attention.attend(Samples.query(batch, b), Samples.context(batch, b));
        double scale = Math.max(1, expected.elementMaxAbs());
        for (int j = 0; j < p; j++) {
          assertEquals(expected.get(0, j), outputs[b * p + j], scale * TOLERANCE, layer.toString());
        }
      }
    }
  }

  @Test
  default void initialParametersFollowTheSeed() {
    for (Layer layer : layers()) {
      RandomGenerator rng = Seed.of(1).generator();
      Parameters initial = layer.initial(rng);
      assertEquals(layer.shapes(), initial.shapes());
      assertEquals(initial, layer.initial(Seed.of(1).generator()), layer.toString());
      assertNotEquals(initial, layer.initial(rng), layer.toString());
    }
  }

  /** The text is the identity of a training run. */
  @Test
  default void layersThatDifferAreToldApartByText() {
    List<String> texts = layers().stream().map(Layer::toString).toList();
    assertEquals(texts.size(), texts.stream().distinct().count(), texts.toString());
    assertEquals(layers(), layers());
    assertEquals(layers().hashCode(), layers().hashCode());
  }

  @Test
  default void whatDoesNotFitIsRefusedByName() {
    for (Layer layer : layers()) {
      Parameters parameters = parameters(layer);
      Batch batch = batch(layer);
      Workspace workspace = layer.workspace(SIZE, LENGTH);
      Parameters other = Parameters.zeros(List.of(new ParameterShape("other", 1, 1)));
      layer.prepare(parameters, workspace);
      layer.forward(parameters, batch, 0, SIZE, workspace);
      assertRefused("parameters", () -> layer.forward(other, batch, 0, SIZE, workspace));
      assertRefused("sums", () -> layer.backward(parameters, batch, 0, SIZE, workspace, other));
      Widths widths = layer.widths();
      Widths wide = new Widths(widths.key(), widths.value(), widths.target() + 1);
      Batch wrong = Batch.zeros(wide, SIZE, LENGTH, layer.outputs(LENGTH));
      assertRefused("batch", () -> layer.forward(parameters, wrong, 0, SIZE, workspace));
      Batch large = Samples.batch(layer, SIZE + 1, LENGTH, Seed.of(3).generator());
      assertRefused("workspace", () -> layer.forward(parameters, large, 0, SIZE, workspace));
      Workspace alien =
          new Workspace() {
            @Override
            public float[] output() {
              return new float[100];
            }

            @Override
            public float[] outputGradient() {
              return new float[100];
            }
          };
      assertRefused("workspace", () -> layer.forward(parameters, batch, 0, SIZE, alien));
      assertRefused("size", () -> layer.workspace(0, LENGTH));
      assertRefused("length", () -> layer.workspace(SIZE, -1));
    }
  }

  private static void assertRefused(String argument, Executable call) {
    Exception error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(
        String.valueOf(error.getMessage()).startsWith(argument + ": expected "),
        error.getMessage());
  }
}
