package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GammaTest {

  private static final int COUNT = 200_000;

  /** False alarm 2e-4 per shape: the draws and the exponentials of the logarithmic draws. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 0.999, 1, 1.5, 4, 60, 2000})
  void distributionIsGamma(double shape) {
    RandomGenerator rng = Seed.of(30).child("gamma").generator();
    double[] draws = new double[COUNT];
    double[] logarithmic = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      draws[i] = Gamma.draw(shape, rng);
      logarithmic[i] = Math.exp(Gamma.drawLog(shape, rng));
    }
    double[][] samples = {draws, logarithmic};
    for (double[] sample : samples) {
      double distance =
          GoodnessOfFit.kolmogorov(
              sample,
              x ->
                  org.apache.commons.math3.special.Gamma.regularizedGammaP(
                      shape, x, 1e-12, 100_000));
      assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "distance " + distance);
    }
  }

  /** The control: a shape off by three percent is seen. */
  @Test
  void aWrongShapeIsSeen() {
    RandomGenerator rng = Seed.of(30).child("control").generator();
    double[] draws = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      draws[i] = Gamma.draw(4, rng);
    }
    double distance =
        GoodnessOfFit.kolmogorov(
            draws, x -> org.apache.commons.math3.special.Gamma.regularizedGammaP(4.12, x));
    assertTrue(distance > GoodnessOfFit.KOLMOGOROV_1E4);
  }

  /** At shape a, -log(draw) · a tends to Exponential(1) as a tends to 0; false alarm 1e-4. */
  @Test
  void tinyShapesStayFiniteInTheLogarithm() {
    RandomGenerator rng = Seed.of(30).child("tiny").generator();
    double[] scaled = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      scaled[i] = -Gamma.drawLog(1e-300, rng) * 1e-300;
    }
    assertTrue(
        GoodnessOfFit.kolmogorov(scaled, x -> -Math.expm1(-x)) < GoodnessOfFit.KOLMOGOROV_1E4);
    assertEquals(0, Gamma.draw(1e-300, rng));
  }

  /** At large a, (draw - a) / √a tends to N(0, 1), skewness 2 / √a; false alarm 1e-4. */
  @Test
  void hugeShapesAreNormal() {
    RandomGenerator rng = Seed.of(30).child("huge").generator();
    double[] scaled = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      scaled[i] = (Gamma.draw(1e14, rng) - 1e14) / 1e7;
    }
    double distance = GoodnessOfFit.kolmogorov(scaled, x -> 0.5 * Erf.erfc(-x / Math.sqrt(2)));
    assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4);
    assertEquals(Double.MAX_VALUE, Gamma.draw(Double.MAX_VALUE, rng), 1e295);
  }

  @Test
  void drawsArePinned() {
    RandomGenerator rng = Seed.of(1).generator();
    long[] bits = new long[4];
    double[] shapes = {0.2, 1, 2.5, 40};
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToLongBits(Gamma.draw(shapes[i], rng));
    }
    assertArrayEquals(PINNED, bits);
  }

  private static final long[] PINNED = {
    0x3e80cbdf71121becL, 0x3ff9979b3bd1f329L, 0x400799db3102a152L, 0x4049807fded454edL
  };

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-301})
  void otherShapesAreRefused(double shape) {
    RandomGenerator rng = Seed.of(1).generator();
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Gamma.draw(shape, rng));
    assertEquals("shape: expected finite and >= 1.0E-300, got " + shape, refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Gamma.drawLog(shape, rng));
  }
}
