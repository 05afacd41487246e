package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VonMisesFisherTest {

  private static final int COUNT = 50_000;

  /** The law of x·μ by numerical summation of its density; false alarm 1e-4 per pair. */
  @ParameterizedTest
  @CsvSource({"2, 0.3", "2, 5", "3, 0.01", "3, 2", "3, 300", "4, 1.5", "5, 40", "9, 12"})
  void theCosineHasItsLaw(int d, double kappa) {
    int grid = 20_000;
    double[] cumulative = new double[grid + 1]; // over the angle, where no density is singular
    for (int i = 0; i < grid; i++) {
      double angle = Math.PI * (i + 0.5) / grid;
      double density = Math.exp(kappa * (Math.cos(angle) - 1)) * Math.pow(Math.sin(angle), d - 2);
      cumulative[i + 1] = cumulative[i] + density;
    }
    RandomGenerator rng = Seed.of(41).child(d).generator();
    double[] direction = new double[d];
    Sphere.fill(direction, 0, d, rng);
    double[] angles = new double[COUNT];
    double[] across = new double[COUNT]; // the draw's component along a fixed tangent, by sign
    double[] tangent = tangent(direction);
    double[] draw = new double[d];
    for (int n = 0; n < COUNT; n++) {
      VonMisesFisher.fill(draw, 0, direction, kappa, rng);
      assertEquals(1, dot(draw, draw), 1e-14);
      double cosine = Math.max(-1, Math.min(1, dot(draw, direction)));
      angles[n] = Math.acos(cosine);
      across[n] = Math.signum(dot(draw, tangent));
    }
    double distance =
        GoodnessOfFit.kolmogorov(
            angles,
            x -> {
              double at = Math.min(grid, x / Math.PI * grid);
              int i = Math.min(grid - 1, (int) at);
              double part = cumulative[i] + (at - i) * (cumulative[i + 1] - cumulative[i]);
              return part / cumulative[grid];
            });
    assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "distance " + distance);
    assertEquals(0, Arrays.stream(across).average().orElseThrow(), 4 / Math.sqrt(COUNT));
  }

  private static double[] tangent(double[] direction) {
    double[] tangent = new double[direction.length];
    tangent[0] = -direction[1];
    tangent[1] = direction[0];
    return tangent;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** At large κ, κ |x - μ|² / 2 tends to Gamma((d-1)/2); false alarm 1e-4. */
  @ParameterizedTest
  @CsvSource({"2, 1e10", "3, 1e10", "6, 1e10"})
  void greatConcentrationsSpreadAsTheyShould(int d, double kappa) {
    RandomGenerator rng = Seed.of(42).child(d).generator();
    double[] direction = new double[d];
    Sphere.fill(direction, 0, d, rng);
    double[] squares = new double[COUNT];
    double[] draw = new double[d];
    for (int n = 0; n < COUNT; n++) {
      VonMisesFisher.fill(draw, 0, direction, kappa, rng);
      for (int i = 0; i < d; i++) {
        squares[n] += kappa / 2 * (draw[i] - direction[i]) * (draw[i] - direction[i]);
      }
    }
    GammaDistribution gamma = new GammaDistribution(null, (d - 1) / 2.0, 1);
    double distance = GoodnessOfFit.kolmogorov(squares, gamma::cumulativeProbability);
    assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "distance " + distance);
  }

  @Test
  void drawsArePinned() {
    RandomGenerator rng = Seed.of(1).generator();
    double[] draws = new double[7];
    VonMisesFisher.fill(draws, 0, new double[] {0.6, -0.8}, 2, rng);
    VonMisesFisher.fill(draws, 2, new double[] {0, 0, -1}, 5, rng);
    VonMisesFisher.fill(draws, 5, new double[] {1, 0}, 0, rng);
    long[] bits = Arrays.stream(draws).mapToLong(Double::doubleToLongBits).toArray();
    assertArrayEquals(PINNED, bits);
  }

  private static final long[] PINNED = {
    0x3fe4df5a97f80776L,
    0xbfe8417694a0247dL,
    0x3fd051368fdac834L,
    0xbfc48fb3a5e403e0L,
    0xbfee833488bb95f2L,
    0x3fe95932bd5b865fL,
    0xbfe387eac508b9f6L
  };

  @Test
  void wrongArgumentsAreRefusedByName() {
    RandomGenerator rng = Seed.of(1).generator();
    Exception line =
        assertThrows(
            IllegalArgumentException.class,
            () -> VonMisesFisher.fill(new double[2], 0, new double[] {1}, 1, rng));
    assertEquals("direction: expected at least 2 numbers, got 1", line.getMessage());
    Exception negative =
        assertThrows(
            IllegalArgumentException.class,
            () -> VonMisesFisher.fill(new double[2], 0, new double[] {1, 0}, -1, rng));
    assertEquals("concentration: expected finite and >= 0, got -1.0", negative.getMessage());
  }
}
