package org.definetti.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossTest {

  /** A central difference with a step of 1e-3 on float32 numbers of order one. */
  private static final double TOLERANCE = 2e-3;

  @Test
  void squaredErrorIsTheSumOverTheRow() {
    float[] output = {9f, 1f, 2f};
    float[] target = {8f, 8f, 4f, -2f};
    assertEquals(9.0 + 16.0, Loss.squaredError().value(output, 1, target, 2, 2));
  }

  @Test
  void crossEntropyOfProbabilityVectorsIsTheUsualOne() {
    float[] output = {0.2f, 0.5f, 0.3f};
    float[] target = {0f, 1f, 0f};
    assertEquals(Math.log(2), Loss.crossEntropy().value(output, 0, target, 0, 3), 1e-6);
  }

  @Test
  void crossEntropyIsLeastAtTheTargetAmongAllPositiveOutputs() {
    float[] target = {0.2f, 0.5f, 0.3f};
    double least = Loss.crossEntropy().value(target, 0, target, 0, 3);
    for (float scale : new float[] {0.5f, 0.9f, 1.1f, 2f}) {
      float[] output = {scale * 0.2f, scale * 0.5f, scale * 0.3f};
      assertTrue(Loss.crossEntropy().value(output, 0, target, 0, 3) > least);
    }
  }

  @Test
  void crossEntropyStaysFiniteWhereTheOutputIsNoProbability() {
    float[] output = {-0.1f, 0f, 1.1f};
    float[] target = {0.5f, 0.5f, 0f};
    float[] gradient = new float[3];
    assertTrue(Double.isFinite(Loss.crossEntropy().value(output, 0, target, 0, 3)));
    Loss.crossEntropy().gradient(output, 0, target, 0, 3, 1f, gradient);
    assertTrue(gradient[0] < 0 && Float.isFinite(gradient[0]), "pulled back up");
  }

  @Test
  void gradientsAreCentralDifferences() {
    checkGradient(Loss.squaredError(), 0.3f);
    checkGradient(Loss.crossEntropy(), 0.3f);
    checkGradient(Loss.crossEntropy(0.5), 0.3f); // below its floor
    checkGradient(Loss.logistic(), -1.2f);
    checkGradient(Loss.hinge(), 0.3f);
  }

  private static void checkGradient(Loss loss, float at) {
    float[] output = {at, 0.6f};
    float[] target = {0.7f, 0.1f};
    float[] gradient = new float[2];
    loss.gradient(output, 0, target, 0, 2, 2f, gradient);
    float step = 1e-3f;
    double up = loss.value(new float[] {at + step, 0.6f}, 0, target, 0, 2);
    double down = loss.value(new float[] {at - step, 0.6f}, 0, target, 0, 2);
    assertEquals(2 * (up - down) / (2 * step), gradient[0], TOLERANCE);
  }

  @Test
  void logisticLossIsTheCrossEntropyOfTheProbability() {
    float[] label = {1f, 0f};
    double probability = 1 / (1 + Math.exp(-0.8));
    assertEquals(
        -Math.log(probability), Loss.logistic().value(new float[] {0.8f}, 0, label, 0, 1), 1e-7);
    assertEquals(
        -Math.log(1 - probability),
        Loss.logistic().value(new float[] {0.8f}, 0, label, 1, 1),
        1e-7);
    for (float far : new float[] {-1e4f, 1e4f}) {
      float[] gradient = new float[1];
      assertEquals(1e4, Loss.logistic().value(new float[] {far}, 0, label, far > 0 ? 1 : 0, 1));
      Loss.logistic().gradient(new float[] {far}, 0, label, far > 0 ? 1 : 0, 1, 1f, gradient);
      assertEquals(Math.signum(far), gradient[0]);
    }
  }

  @Test
  void hingeLossEndsAtTheMargin() {
    float[] label = {1f, 0f};
    assertEquals(0, Loss.hinge().value(new float[] {1.5f}, 0, label, 0, 1));
    assertEquals(2.5, Loss.hinge().value(new float[] {1.5f}, 0, label, 1, 1));
    float[] gradient = {9f};
    Loss.hinge().gradient(new float[] {1.5f}, 0, label, 0, 1, 1f, gradient);
    assertEquals(0f, gradient[0]);
  }

  @Test
  void lossesAreValuesToldApartByText() {
    assertNotEquals(Loss.logistic().toString(), Loss.hinge().toString());
    assertEquals(Loss.crossEntropy(), Loss.crossEntropy());
    assertNotEquals(Loss.crossEntropy().toString(), Loss.crossEntropy(0.1).toString());
    assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy(0));
    assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy(Double.NaN));
  }
}
