package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetaTest {

  private static final int COUNT = 200_000;

  /** False alarm 1e-4 per pair. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "0.5, 0.5", "0.3, 4", "30, 200"})
  void distributionIsBeta(double a, double b) {
    RandomGenerator rng = Seed.of(31).child("beta").generator();
    double[] draws = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      draws[i] = Beta.draw(a, b, rng);
    }
    double distance =
        GoodnessOfFit.kolmogorov(
            draws, x -> org.apache.commons.math3.special.Beta.regularizedBeta(x, a, b));
    assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "distance " + distance);
  }

  /**
   * Shapes far below 1 give a coin of probability a / (a + b); within 4 errors, false alarm 6e-5.
   */
  @Test
  void tinyShapesGiveZerosAndOnes() {
    RandomGenerator rng = Seed.of(31).child("tiny").generator();
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      double draw = Beta.draw(1e-200, 3e-200, rng);
      assertTrue(draw == 0 || draw == 1);
      sum += draw;
    }
    assertEquals(0.25, sum / COUNT, 4 * Math.sqrt(0.1875 / COUNT));
  }

  @Test
  void otherShapesAreRefusedByName() {
    RandomGenerator rng = Seed.of(31).generator();
    String first =
        assertThrows(IllegalArgumentException.class, () -> Beta.draw(0, 1, rng)).getMessage();
    String second =
        assertThrows(IllegalArgumentException.class, () -> Beta.draw(1, Double.NaN, rng))
            .getMessage();
    assertEquals("a: expected finite and >= 1.0E-300, got 0.0", first);
    assertEquals("b: expected finite and >= 1.0E-300, got NaN", second);
  }
}
