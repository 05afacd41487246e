package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.analysis.integration.RombergIntegrator;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class TemperatureHeadsTest {

  @Test
  void weightsSumToOneAndCancelTheLowPowersOfTheTemperature() {
    for (int heads = 1; heads <= 4; heads++) {
      TemperatureHeads some = TemperatureHeads.of(heads, 0.3);
      for (int power = 0; power < heads; power++) {
        double sum = 0;
        for (int h = 0; h < heads; h++) {
          sum += some.weights()[h] * Math.pow(some.temperatures()[h], power);
        }
        assertEquals(power == 0 ? 1 : 0, sum, 1e-14, heads + " heads, power " + power);
      }
    }
    assertArrayEquals(new double[] {2, -1}, TemperatureHeads.of(2, 0.7).weights(), 1e-15);
  }

  @Test
  void biasFallsWithTheOrderOfTheNumberOfHeads() {
    SphericalTarget target = SphericalTarget.of(3, 0.1).withDegree(1, 0.5).withDegree(3, 0.5);
    for (int heads = 1; heads <= 3; heads++) {
      double coarse = TemperatureHeads.of(heads, 2e-3).squaredBias(target);
      double fine = TemperatureHeads.of(heads, 1e-3).squaredBias(target);
      assertEquals(2 * heads, Math.log(coarse / fine) / Math.log(2), 0.1, heads + " heads");
    }
  }

  /** Funk-Hecke by an adaptive rule that knows nothing of Bessel functions. */
  @Test
  void filterIsTheIntegralOfTheSoftmaxKernelAgainstTheZonalPolynomial() {
    for (int dimension = 2; dimension <= 4; dimension++) {
      for (int degree = 1; degree <= 3; degree++) {
        double expected = integral(dimension, degree) / integral(dimension, 0);
        assertEquals(
            expected, TemperatureHeads.of(1, 0.4).filter(dimension, degree), 1e-11, "degree");
      }
    }
  }

  private static double integral(int dimension, int degree) {
    return new RombergIntegrator(1e-13, 1e-13, 5, 30)
        .integrate(
            10_000_000,
            angle ->
                Math.exp(Math.cos(angle) / 0.4)
                    * Math.pow(Math.sin(angle), dimension - 2)
                    * ZonalPolynomial.value(dimension, degree, Math.cos(angle)),
            0,
            Math.PI);
  }

  /** One head and a linear map: the constant that the check C4 has in closed form. */
  @Test
  void oneHeadOnALinearMapHasTheKnownVariance() {
    LinearRegression model = LinearRegression.of(8, 1, 0.7, 0.1);
    SphericalTarget target = SphericalTarget.of(8, 0.1).withDegree(1, 0.7);
    double expected = SoftmaxAsymptotics.of(model, 0.25).varianceConstant();
    assertEquals(expected, TemperatureHeads.of(1, 0.25).varianceConstant(target), 1e-9 * expected);
  }

  @Test
  void theBestTemperatureIsBetterThanItsNeighbours() {
    SphericalTarget target = SphericalTarget.of(2, 0.1).withDegree(1, 0.5).withDegree(3, 0.5);
    for (int heads = 1; heads <= 3; heads++) {
      TemperatureHeads best = TemperatureHeads.best(heads, target, 1000);
      double error = best.error(target, 1000);
      double gamma = best.temperatures()[0];
      assertTrue(error < TemperatureHeads.of(heads, 1.1 * gamma).error(target, 1000));
      assertTrue(error < TemperatureHeads.of(heads, gamma / 1.1).error(target, 1000));
    }
  }

  @Test
  void theAttentionIsTheSignedSumOfItsHeads() {
    RandomGenerator rng = Seed.of(4).generator();
    double[] keys = new double[3 * 9];
    for (int l = 0; l < 9; l++) {
      Sphere.fill(keys, 3 * l, 3, rng);
    }
    SimpleMatrix rows = new SimpleMatrix(9, 3, true, keys);
    Context context = Context.of(rows, rows.elementPower(2));
    SimpleMatrix query = rows.rows(2, 3);
    TemperatureHeads two = TemperatureHeads.of(2, 0.5);
    SimpleMatrix expected =
        SoftmaxAttention.of(0.5)
            .attend(query, context)
            .scale(2)
            .minus(SoftmaxAttention.of(1).attend(query, context));
    assertTrue(expected.isIdentical(two.attention(3).attend(query, context), 1e-14));
  }

  @Test
  void badArgumentsAreRefusedByName() {
    Exception heads = assertThrows(IllegalArgumentException.class, () -> TemperatureHeads.of(0, 1));
    assertEquals("heads: expected >= 1, got 0", heads.getMessage());
    assertThrows(IllegalArgumentException.class, () -> TemperatureHeads.of(2, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SphericalTarget.of(1, 0));
  }
}
