package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
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
