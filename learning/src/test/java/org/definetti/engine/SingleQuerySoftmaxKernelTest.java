package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast kernel against its plain twin, over sizes that leave every remainder. */
class SingleQuerySoftmaxKernelTest {

  /** Rounding of float32 sums of up to a hundred terms of order one: 100 units of 6e-8. */
  private static final double TOLERANCE = 1e-5;

  private static final int[] WIDTHS = {1, 2, 3, 7, 8, 13, 31, 64};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 13, 31, 32, 64, 100, 513})
  void fastEqualsPlain(int length) {
    for (int dk : WIDTHS) {
      for (int dv : WIDTHS) {
        compare(length, dk, dv, 0.3);
        compare(length, dk, dv, Double.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  void anEmptyContextLeavesTheNullToken() {
    float[] sum = {1f, 1f};
    float w0 =
        SingleQuerySoftmax.forward(
            new float[1], new float[1][0], new float[2][0], 0, 0, 0.7f, new float[0], sum, 0);
    assertEquals(1f, w0);
    assertEquals(0f, sum[0]);
    assertEquals(0f, sum[1]);
  }

  private static void compare(int length, int dk, int dv, double nullLogit) {
    RandomGenerator rng = Seed.of(length).child(dk).child(dv).generator();
    int from = 5; // a sample in the middle of a batch
    int to = from + length;
    float[][] keys = normal(dk, to + 3, rng);
    float[][] values = normal(dv, to + 3, rng);
    float[] u = normal(1, dk, rng)[0];
    for (int j = 0; j < dk; j++) {
      u[j] /= (float) Math.sqrt(dk);
    }
    float[] weights = new float[to + 3];
    float[] sum = new float[dv];
    float w0 =
        SingleQuerySoftmax.forward(u, keys, values, from, to, (float) nullLogit, weights, sum, 0);
    double[] plainWeights = new double[to + 3];
    double[] plainSum = new double[dv];
    double plainW0 =
        PlainSingleQuerySoftmax.forward(
            wide(u),
            wide(keys),
            wide(values),
            from,
            to,
            (float) nullLogit,
            plainWeights,
            plainSum,
            0);
    assertEquals(plainW0, w0, TOLERANCE);
    assertClose(plainWeights, weights);
    assertClose(plainSum, sum);

    float[] ds = normal(1, dv, rng)[0];
    float[] du = new float[dk];
    double[] plainDu = new double[dk];
    float dw0 = w0 == 0f ? 0f : 0.4f;
    float mean =
        SingleQuerySoftmax.backward(
            ds, w0, dw0, keys, values, from, to, weights, new float[to + 3], du);
    double plainMean =
        PlainSingleQuerySoftmax.backward(
            wide(ds),
            plainW0,
            dw0,
            wide(keys),
            wide(values),
            from,
            to,
            plainWeights,
            new double[to + 3],
            plainDu);
    double scale = Math.sqrt(dv); // logit gradients grow with the number of values
    assertEquals(plainMean, mean, scale * TOLERANCE);
    for (int j = 0; j < dk; j++) {
      assertEquals(plainDu[j], du[j], scale * TOLERANCE);
    }
  }

  private static void assertClose(double[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE);
    }
  }

  private static float[][] normal(int rows, int columns, RandomGenerator rng) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) Normal.draw(rng);
      }
    }
    return matrix;
  }

  private static double[] wide(float[] numbers) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  private static double[][] wide(float[][] rows) {
    double[][] wide = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      wide[i] = wide(rows[i]);
    }
    return wide;
  }
}
