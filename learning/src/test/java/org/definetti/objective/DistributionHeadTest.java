package org.definetti.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.definetti.latent.Predictive;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DistributionHeadTest {

  private static final int AT = 3; // outputs and targets in the middle of longer arrays

  static List<DistributionHead> heads() {
    return List.of(
        DistributionHead.gaussian(3),
        DistributionHead.gaussian(1),
        DistributionHead.diagonalGaussian(2),
        DistributionHead.categorical(4),
        DistributionHead.histogram(-2, 3, 7));
  }

  private static float[] output(DistributionHead head, long seed) {
    RandomGenerator rng = Seed.of(seed).child("output").generator();
    float[] output = new float[head.outputs() + 2 * AT];
    for (int i = 0; i < output.length; i++) {
      output[i] = (float) (0.7 * Normal.draw(rng));
    }
    return output;
  }

  private static float[] target(DistributionHead head, long seed) {
    RandomGenerator rng = Seed.of(seed).child("target").generator();
    float[] target = new float[head.outputs() + 2 * AT];
    if (head instanceof CategoricalHead) {
      target[AT + (int) (seed % head.targets())] = 1;
      return target;
    }
    for (int i = 0; i < head.targets(); i++) {
      target[AT + i] = (float) Math.max(-1.9, Math.min(2.9, Normal.draw(rng)));
    }
    return target;
  }

  /** Central differences over steps of 1e-2 of smooth functions of size one: 1e-3 of their size. */
  @ParameterizedTest
  @MethodSource("heads")
  void gradientsAreCentralDifferences(DistributionHead head) {
    Loss loss = head.loss();
    int width = head.outputs();
    for (long seed = 0; seed < 5; seed++) {
      float[] output = output(head, seed);
      float[] target = target(head, seed);
      float[] gradient = new float[output.length];
      loss.gradient(output, AT, target, AT, width, 1.5f, gradient);
      for (int j = 0; j < width; j++) {
        float kept = output[AT + j];
        output[AT + j] = kept + 0.01f;
        double above = loss.value(output, AT, target, AT, width);
        double up = output[AT + j];
        output[AT + j] = kept - 0.01f;
        double below = loss.value(output, AT, target, AT, width);
        double slope = 1.5 * (above - below) / (up - output[AT + j]);
        output[AT + j] = kept;
        assertEquals(slope, gradient[AT + j], 2e-3 * Math.max(1, Math.abs(slope)));
      }
      for (int i = 0; i < AT; i++) {
        assertEquals(0f, gradient[i]);
        assertEquals(0f, gradient[AT + width + i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void theLossIsTheLogLikelihoodOfTheLaw(DistributionHead head) {
    for (long seed = 0; seed < 5; seed++) {
      float[] output = output(head, seed);
      float[] target = target(head, seed);
      double[] numbers = new double[head.outputs()];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = output[AT + j];
      }
      double[] value = new double[head.targets()];
      for (int j = 0; j < value.length; j++) {
        value[j] = target[AT + j];
      }
      assertEquals(
          -head.law(numbers).logProbability(value),
          head.loss().value(output, AT, target, AT, head.outputs()),
          1e-5);
    }
  }

  /** Means and variances of 20000 draws, within five standard errors (false alarm 1e-5 in all). */
  @ParameterizedTest
  @MethodSource("heads")
  void drawsHaveTheMomentsOfTheLaw(DistributionHead head) {
    double[] numbers = new double[head.outputs()];
    for (int j = 0; j < numbers.length; j++) {
      numbers[j] = 0.3 * (j % 3) - 0.2;
    }
    Predictive law = head.law(numbers);
    int n = 20000;
    RandomGenerator rng = Seed.of(9).generator();
    for (int j = 0; j < head.targets(); j++) {
      double mean = law.mean().get(j);
      double variance = law.covariance().get(j, j);
      double sum = 0;
      double squares = 0;
      for (int s = 0; s < n; s++) {
        double gap = law.draw(rng)[j] - mean;
        sum += gap;
        squares += gap * gap;
      }
      assertEquals(0, sum / n, 5 * Math.sqrt(variance / n));
      assertEquals(1, squares / n / variance, 5 * Math.sqrt(3.0 / n));
    }
  }

  @Test
  void theGaussianHeadsCovarianceIsTheInverseOfItsPrecision() {
    double[] output = {1, 2, 3, 0.1, -0.4, 0.3, 0.5, -0.2, 0.7};
    RealMatrix factor =
        new Array2DRowRealMatrix(
            new double[][] {
              {Math.exp(0.1), 0, 0}, {0.5, Math.exp(-0.4), 0}, {-0.2, 0.7, Math.exp(0.3)}
            });
    RealMatrix covariance =
        new LUDecomposition(factor.multiply(factor.transpose())).getSolver().getInverse();
    Predictive law = DistributionHead.gaussian(3).law(output);
    assertTrue(law.mean().isIdentical(new SimpleMatrix(1, 3, true, 1.0, 2.0, 3.0), 0));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(covariance.getEntry(i, j), law.covariance().get(i, j), 1e-12);
      }
    }
  }

  @Test
  void aHistogramIsADensityAndEndsWhereItsBinsEnd() {
    Predictive law = DistributionHead.histogram(0, 2, 4).law(new double[] {0, 1, 2, 0.5});
    double mass = 0;
    for (int i = 0; i < 200; i++) {
      mass += Math.exp(law.logProbability(new double[] {(i + 0.5) / 100})) / 100;
    }
    assertEquals(1, mass, 1e-12);
    assertEquals(Double.NEGATIVE_INFINITY, law.logProbability(new double[] {2.01}));
    assertEquals(Double.NEGATIVE_INFINITY, law.logProbability(new double[] {-0.01}));
  }

  @Test
  void refusesWhatIsNoHead() {
    assertThrows(IllegalArgumentException.class, () -> DistributionHead.gaussian(0));
    assertThrows(IllegalArgumentException.class, () -> DistributionHead.categorical(1));
    assertThrows(IllegalArgumentException.class, () -> DistributionHead.histogram(1, 1, 4));
    assertThrows(
        IllegalArgumentException.class, () -> DistributionHead.gaussian(2).law(new double[4]));
  }
}
