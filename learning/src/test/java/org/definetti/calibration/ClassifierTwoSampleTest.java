package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Predictive;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class ClassifierTwoSampleTest {

  private static double[][] normals(int count, double shift, double scale, Seed seed) {
    RandomGenerator rng = seed.generator();
    double[][] rows = new double[count][2];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = shift + scale * Normal.draw(rng);
      }
    }
    return rows;
  }

  /** The best accuracy of any classifier of two normals at distance δ is Φ(δ/2). */
  @Test
  void accuracyIsThatOfTheBestClassifier() {
    double best = new NormalDistribution().cumulativeProbability(Math.sqrt(2) / 2);
    double[][] one = normals(700, 0, 1, Seed.of(1));
    double[][] other = normals(700, 1, 1, Seed.of(2));
    assertEquals(best, ClassifierTwoSample.accuracy(one, other, Seed.of(3)), 0.05);
  }

  /** Spread alone: |x|² ~ 2 Exp(1) against 8 Exp(1), told apart best at |x|² = (8/3) log 4. */
  @Test
  void differencesThatNoLineSeesAreSeen() {
    double edge = 8 * Math.log(4) / 3;
    double best = (1 - Math.exp(-edge / 2) + Math.exp(-edge / 8)) / 2;
    double[][] one = normals(700, 0, 1, Seed.of(1));
    double[][] other = normals(700, 0, 2, Seed.of(2));
    assertEquals(best, ClassifierTwoSample.accuracy(one, other, Seed.of(3)), 0.05);
  }

  /**
   * A held-out answer of any classifier is right with the best accuracy at most, so 3.3 standard
   * deviations of as many guesses are exceeded once in two thousand times; and a network that was
   * shown 1,000 draws of each law in three dimensions is short of it by two in a hundred at most.
   */
  @Test
  void accuracyReachesTheClosedFormWithinAnInterval() {
    int count = 1250;
    double[] shift = {0.6, -0.6, 0.6};
    double distance = Math.sqrt(3 * 0.36);
    double best = new NormalDistribution().cumulativeProbability(distance / 2);
    double radius = 3.3 * Math.sqrt(best * (1 - best) / (2 * count));
    RandomGenerator rng = Seed.of(11).generator();
    double[][] one = new double[count][3];
    double[][] other = new double[count][3];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < 3; j++) {
        one[i][j] = Normal.draw(rng);
        other[i][j] = shift[j] + Normal.draw(rng);
      }
    }
    double accuracy = ClassifierTwoSample.accuracy(one, other, Seed.of(3));
    assertTrue(accuracy <= best + radius, () -> accuracy + " above " + best);
    assertTrue(accuracy >= best - radius - 0.02, () -> accuracy + " below " + best);
  }

  /** Two normals of one spread, and of spreads one and two in the plane, in closed form. */
  @Test
  void theBestAccuracyIsTheClosedForm() {
    int count = 40_000;
    double radius = 3.3 * 0.5 / Math.sqrt(2.0 * count);
    SimpleMatrix identity = SimpleMatrix.identity(2);
    SimpleMatrix origin = new SimpleMatrix(1, 2);
    Predictive one = MultivariateGaussian.of(origin, identity);
    Predictive moved = MultivariateGaussian.of(new SimpleMatrix(1, 2, true, 1.0, 1.0), identity);
    assertEquals(
        new NormalDistribution().cumulativeProbability(Math.sqrt(2) / 2),
        ClassifierTwoSample.bestAccuracy(one, moved, count, Seed.of(1)),
        radius);
    double edge = 8 * Math.log(4) / 3;
    Predictive wide = MultivariateGaussian.of(origin, identity.scale(4));
    assertEquals(
        (1 - Math.exp(-edge / 2) + Math.exp(-edge / 8)) / 2,
        ClassifierTwoSample.bestAccuracy(one, wide, count, Seed.of(2)),
        radius);
    assertEquals(0.5, ClassifierTwoSample.bestAccuracy(one, one, 100, Seed.of(3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassifierTwoSample.bestAccuracy(one, one, 0, Seed.of(3)));
  }

  @Test
  void equalLawsCannotBeToldApartAndScalesDoNotMatter() {
    double[][] one = normals(400, 50, 1e-3, Seed.of(1));
    double[][] same = normals(400, 50, 1e-3, Seed.of(2));
    double[][] far = normals(400, 50 + 4e-3, 1e-3, Seed.of(2));
    // Five standard deviations of 800 guesses.
    assertEquals(0.5, ClassifierTwoSample.accuracy(one, same, Seed.of(3)), 0.09);
    assertTrue(ClassifierTwoSample.accuracy(one, far, Seed.of(3)) > 0.98);
  }

  @Test
  void sameSeedSameAccuracyAndFewRowsAreRefused() {
    double[][] one = normals(50, 0, 1, Seed.of(1));
    double[][] other = normals(60, 1, 1, Seed.of(2));
    assertEquals(
        ClassifierTwoSample.accuracy(one, other, Seed.of(3)),
        ClassifierTwoSample.accuracy(one, other, Seed.of(3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassifierTwoSample.accuracy(new double[1][2], other, Seed.of(3)));
  }
}
