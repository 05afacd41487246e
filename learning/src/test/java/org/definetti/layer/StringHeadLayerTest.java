package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.random.Seed;
import org.definetti.sparse.AdditiveMap;
import org.definetti.sparse.SelectionHead;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bounded head on strings against the theory's head on explicit token vectors, and against
 * central differences of that.
 */
class StringHeadLayerTest {

  private static final int LENGTH = 7;
  private static final int SIZE = 5;

  /** Parameters and outputs are float32: 6e-8 of numbers up to ten. */
  private static final double ROUNDING = 5e-6;

  /**
   * A moved parameter is float32: 1.2e-7 of rounding over a step of 2e-3, times gradients to 10.
   */
  private static final double GRADIENT = 2e-3;

  private static StringHeadLayer layer(boolean normalised) {
    StringHeadLayer layer = StringHeadLayer.of(LENGTH);
    return normalised ? layer : layer.withoutNormaliser();
  }

  private static Batch strings(int length, RandomGenerator rng) {
    Batch batch = Batch.zeros(StringHeadLayer.of(length).widths(), SIZE, length);
    for (int i = 0; i < SIZE * length; i++) {
      batch.values(rng.nextInt(2))[i] = 1f;
    }
    return batch;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outputsAndGradientsAreThoseOfTheTheory(boolean normalised) {
    StringHeadLayer layer = layer(normalised);
    RandomGenerator rng = Seed.of(12).generator();
    Parameters parameters = layer.initial(rng);
    Samples.fill(parameters.data(), rng);
    Batch batch = strings(LENGTH, rng);
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    for (int b = 0; b < SIZE; b++) {
      assertEquals(output(layer, parameters, batch, b), workspace.output()[b], ROUNDING);
      assertEquals(byHand(parameters, batch, b, normalised), workspace.output()[b], ROUNDING);
    }
    Samples.fill(workspace.outputGradient(), rng);
    Parameters gradient = parameters.zeros();
    layer.backward(parameters, batch, 0, SIZE, workspace, gradient);
    for (int i = 0; i < parameters.size(); i++) {
      float step = 1f / 1024;
      double up = objective(layer, moved(parameters, i, step), batch, workspace);
      double down = objective(layer, moved(parameters, i, -step), batch, workspace);
      assertEquals((up - down) / (2 * step), gradient.data()[i], GRADIENT, "number " + i);
    }
  }

  private static Parameters moved(Parameters parameters, int index, float step) {
    Parameters moved = parameters.copy();
    moved.data()[index] += step;
    return moved;
  }

  private static double output(StringHeadLayer layer, Parameters parameters, Batch batch, int b) {
    return layer
        .toAttention(parameters)
        .attend(Samples.query(batch, b), Samples.context(batch, b))
        .get(0, 0);
  }

  /** The formula of the class's Javadoc, token by token. */
  private static double byHand(Parameters parameters, Batch batch, int b, boolean normalised) {
    SimpleMatrix u = parameters.matrix("score.map");
    SimpleMatrix w = parameters.matrix("value.map");
    double total = 0;
    double sum = 0;
    for (int t = 0; t <= LENGTH; t++) {
      int bit = t == LENGTH ? 2 : (int) batch.values(1)[b * LENGTH + t];
      double score = u.get(0, bit) + (t == LENGTH ? 0 : u.get(0, 3 + t));
      double value = w.get(0, bit) + (t == LENGTH ? 0 : w.get(0, 3 + t));
      double weight = normalised ? Math.exp(score) : score;
      total += weight;
      sum += weight * value;
    }
    return normalised ? sum / total : sum;
  }

  private static double objective(
      StringHeadLayer layer, Parameters parameters, Batch batch, Workspace workspace) {
    double sum = 0;
    for (int b = 0; b < SIZE; b++) {
      sum += workspace.outputGradient()[b] * output(layer, parameters, batch, b);
    }
    return sum;
  }

  @Test
  void itRepresentsTheSelectingHead() {
    int length = 200;
    List<Integer> relevant = List.of(3, 77, 140);
    double sharpness = SelectionHead.comfortableSharpness(length, 3);
    AdditiveMap map = AdditiveMap.orthonormal(length);
    StringHeadLayer layer = StringHeadLayer.of(length);
    Parameters parameters = Parameters.zeros(layer.shapes());
    int score = parameters.offset("score.map");
    relevant.forEach(t -> parameters.data()[score + 3 + t] = (float) sharpness);
    parameters.data()[parameters.offset("value.map") + 1] = 1f;
    Batch batch = strings(length, Seed.of(4).generator());
    Workspace workspace = layer.workspace(SIZE, length);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    for (int b = 0; b < SIZE; b++) {
      BitSet bits = new BitSet();
      for (int t = 0; t < length; t++) {
        bits.set(t, batch.values(1)[b * length + t] > 0.5f);
      }
      SimpleMatrix tokens = map.tokens(bits);
      SimpleMatrix cls = new SimpleMatrix(1, map.dimension(), true, map.cls());
      double expected =
          SelectionHead.of(map, relevant, sharpness).attend(tokens.concatRows(cls), cls).get(0, 0);
      assertEquals(expected, workspace.output()[b], ROUNDING);
    }
  }

  @Test
  void aStringWithoutTheTokenOfTheLargestScoreStillHasWeights() {
    StringHeadLayer layer = layer(true);
    Parameters parameters = Parameters.zeros(layer.shapes());
    parameters.data()[1] = 5000f; // every token of a one
    parameters.data()[parameters.offset("value.map")] = 1f;
    Batch zeros = Batch.zeros(layer.widths(), 1, LENGTH);
    Workspace workspace = layer.workspace(1, LENGTH);
    layer.forward(parameters, zeros, 0, 1, workspace);
    assertEquals(LENGTH / (LENGTH + 1.0), workspace.output()[0], ROUNDING);
  }

  @Test
  void layersOfOtherNormalisersDiffer() {
    assertTrue(!layer(true).equals(layer(false)) && layer(true).equals(layer(true)));
  }

  @Test
  void stringsOfAnotherLengthAreRefused() {
    StringHeadLayer layer = StringHeadLayer.of(LENGTH + 1);
    Batch batch = strings(LENGTH, Seed.of(1).generator());
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    assertThrows(
        IllegalArgumentException.class, () -> layer.forward(parameters, batch, 0, SIZE, workspace));
  }
}
