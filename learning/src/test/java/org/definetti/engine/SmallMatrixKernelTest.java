package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of small matrices against sums in double precision, over awkward sizes. */
class SmallMatrixKernelTest {

  /** Rounding of one term of order one in float32, with room for its largest of many. */
  private static final double TOLERANCE = 4 * 6e-8;

  private static final int[] COLUMNS = {1, 2, 3, 7, 8, 13, 16, 31, 64, 100};

  private static final int AT = 5; // every array begins somewhere else

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 13, 31, 64, 100, 513})
  void eachProductEqualsItsSum(int rows) {
    for (int columns : COLUMNS) {
      for (SmallMatrixKernel kernel :
          List.of(Kernels.inUse().smallMatrix(), new LoopSmallMatrix())) {
        check(kernel, rows, columns);
      }
    }
  }

  private static void check(SmallMatrixKernel kernel, int rows, int columns) {
    RandomGenerator rng = Seed.of(rows).child(columns).generator();
    float[] a = normal(AT + rows * columns + 2, rng);
    float[] x = normal(rows + 3, rng);
    float[] y = normal(columns + 2, rng);
    float[] product = new float[rows + 4];
    kernel.multiply(a, AT, rows, columns, y, 2, product, 4);
    float[] transposed = new float[columns + 1];
    kernel.multiplyTransposed(a, AT, rows, columns, x, 3, transposed, 1);
    float[] sum = a.clone();
    kernel.addOuter(sum, AT, rows, columns, x, 3, y, 2, 0.5f);

    for (int i = 0; i < rows; i++) {
      double expected = 0.0;
      for (int j = 0; j < columns; j++) {
        expected += (double) a[AT + i * columns + j] * y[2 + j];
      }
      assertEquals(expected, product[4 + i], TOLERANCE * columns);
    }
    for (int j = 0; j < columns; j++) {
      double expected = 0.0;
      for (int i = 0; i < rows; i++) {
        int place = AT + i * columns + j;
        expected += (double) a[place] * x[3 + i];
        // Of one term, but up to ten times as large as its factors.
        assertEquals(a[place] + 0.5 * x[3 + i] * y[2 + j], sum[place], 10 * TOLERANCE);
      }
      assertEquals(expected, transposed[1 + j], TOLERANCE * rows);
    }
    for (int i = 0; i < AT; i++) {
      assertEquals(a[i], sum[i], "before the matrix");
    }
    for (int i = AT + rows * columns; i < a.length; i++) {
      assertEquals(a[i], sum[i], "after the matrix");
    }
  }

  private static float[] normal(int length, RandomGenerator rng) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) Normal.draw(rng);
    }
    return numbers;
  }
}
