package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The perceptron on strings against its reference form and central differences of that. */
class StringPerceptronLayerTest {

  private static final int LENGTH = 6;
  private static final int SIZE = 4;
  private static final double ROUNDING = 2e-6;

  /** A moved parameter is float32: 1.2e-7 of rounding over a step of 2e-3, times gradients to 6. */
  private static final double GRADIENT = 5e-4;

  private static Batch strings(RandomGenerator rng) {
    Batch batch = Batch.zeros(StringPerceptronLayer.of(LENGTH, 5, 2).widths(), SIZE, LENGTH);
    for (int i = 0; i < SIZE * LENGTH; i++) {
      batch.values(rng.nextInt(2))[i] = 1f;
    }
    return batch;
  }

  @Test
  void outputsAndGradientsAreThoseOfTheReference() {
    StringPerceptronLayer layer = StringPerceptronLayer.of(LENGTH, 5, 2);
    RandomGenerator rng = Seed.of(11).generator();
    Parameters parameters = layer.initial(rng);
    Samples.fill(parameters.data(), rng);
    Batch batch = strings(rng);
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    for (int b = 0; b < SIZE; b++) {
      SimpleMatrix expected = output(layer, parameters, batch, b);
      assertEquals(expected.get(0, 0), workspace.output()[2 * b], ROUNDING);
      assertEquals(expected.get(0, 1), workspace.output()[2 * b + 1], ROUNDING);
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

  private static SimpleMatrix output(
      StringPerceptronLayer layer, Parameters parameters, Batch batch, int b) {
    return layer.toAttention(parameters).attend(Samples.query(batch, b), Samples.context(batch, b));
  }

  private static double objective(
      StringPerceptronLayer layer, Parameters parameters, Batch batch, Workspace workspace) {
    double sum = 0;
    for (int b = 0; b < SIZE; b++) {
      SimpleMatrix out = output(layer, parameters, batch, b);
      sum += workspace.outputGradient()[2 * b] * out.get(0, 0);
      sum += workspace.outputGradient()[2 * b + 1] * out.get(0, 1);
    }
    return sum;
  }

  @Test
  void stringsOfAnotherLengthAreRefused() {
    StringPerceptronLayer layer = StringPerceptronLayer.of(LENGTH + 1, 5, 2);
    Batch batch = strings(Seed.of(1).generator());
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    assertThrows(
        IllegalArgumentException.class, () -> layer.forward(parameters, batch, 0, SIZE, workspace));
  }
}
