package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Beta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SphereTest {

  private static final int COUNT = 100_000;

  /** Along any fixed direction w, (1 + w·x) / 2 is Beta((d-1)/2, (d-1)/2); false alarm 2e-4. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 50})
  void projectionsAreBeta(int dimension) {
    RandomGenerator rng = Seed.of(34).child("sphere").generator();
    double[] x = new double[dimension];
    double[] axis = new double[COUNT];
    double[] diagonal = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      Sphere.fill(x, 0, dimension, rng);
      axis[i] = (1 + x[dimension - 1]) / 2;
      double sum = 0;
      for (double entry : x) {
        sum += entry;
      }
      diagonal[i] = (1 + sum / Math.sqrt(dimension)) / 2;
    }
    double a = (dimension - 1) / 2.0;
    double[][] projections = {axis, diagonal};
    for (double[] projection : projections) {
      double distance =
          GoodnessOfFit.kolmogorov(
              projection, u -> Beta.regularizedBeta(Math.max(0, Math.min(1, u)), a, a));
      assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "distance " + distance);
    }
  }

  /** Within 4 errors, false alarm 6e-5. */
  @Test
  void dimensionOneGivesFairSigns() {
    RandomGenerator rng = Seed.of(34).child("signs").generator();
    double[] x = new double[1];
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      Sphere.fill(x, 0, 1, rng);
      assertEquals(1, Math.abs(x[0]));
      sum += x[0];
    }
    assertEquals(0, sum / COUNT, 4 / Math.sqrt(COUNT));
  }

  @Test
  void otherSizesAreRefused() {
    RandomGenerator rng = Seed.of(1).generator();
    assertEquals(
        "dimension: expected >= 1, got 0",
        assertThrows(IllegalArgumentException.class, () -> Sphere.fill(new double[3], 0, 0, rng))
            .getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> Sphere.fill(new double[3], 2, 2, rng));
  }
}
