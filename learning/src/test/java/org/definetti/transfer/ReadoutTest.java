package org.definetti.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class ReadoutTest {

  private static final int COUNT = 60;

  private static SimpleMatrix draw(int rows, int columns, String name) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, Seed.of(9).child(name).generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  @Test
  void withoutRidgeItIsLeastSquares() {
    SimpleMatrix features = draw(COUNT, 4, "features");
    SimpleMatrix targets = draw(COUNT, 1, "targets");
    OLSMultipleLinearRegression oracle = new OLSMultipleLinearRegression();
    oracle.newSampleData(targets.getDDRM().data, features.toArray2());
    double[] expected = oracle.estimateRegressionParameters();
    LinearReadout readout = LinearReadout.ridge(features, targets, 0);
    assertEquals(expected[0], readout.offset().get(0, 0), 1e-10);
    for (int j = 0; j < 4; j++) {
      assertEquals(expected[j + 1], readout.map().get(0, j), 1e-10);
    }
  }

  @Test
  void withARidgeItSolvesTheNormalEquations() {
    SimpleMatrix features = draw(COUNT, 4, "features");
    SimpleMatrix targets = draw(COUNT, 2, "two");
    double ridge = 7.5;
    // The offset as an unpenalised column of ones.
    SimpleMatrix ones = new SimpleMatrix(COUNT, 1).plus(1.0);
    SimpleMatrix wide = features.concatColumns(ones);
    SimpleMatrix penalty = SimpleMatrix.diag(ridge, ridge, ridge, ridge, 0);
    SimpleMatrix expected =
        wide.transpose().mult(wide).plus(penalty).solve(wide.transpose().mult(targets));
    LinearReadout readout = LinearReadout.ridge(features, targets, ridge);
    assertTrue(readout.map().transpose().isIdentical(expected.rows(0, 4), 1e-10));
    assertTrue(readout.offset().transpose().isIdentical(expected.rows(4, 5), 1e-10));
    assertTrue(readout.read(features).isIdentical(wide.mult(expected), 1e-10));
  }

  @Test
  void dependentFeaturesGetTheMapOfLeastNorm() {
    SimpleMatrix one = draw(COUNT, 1, "one");
    LinearReadout readout = LinearReadout.ridge(one.concatColumns(one), one.scale(3), 0);
    assertEquals(1.5, readout.map().get(0, 0), 1e-10);
    assertEquals(1.5, readout.map().get(0, 1), 1e-10);
  }

  @Test
  void aWeightCountsAsThatManyRows() {
    SimpleMatrix features = draw(5, 2, "few");
    SimpleMatrix targets = draw(5, 1, "labels");
    SimpleMatrix weights = new SimpleMatrix(new double[][] {{1, 2, 0, 3, 1}});
    SimpleMatrix repeatedFeatures = rows(features, 0, 1, 1, 3, 3, 3, 4);
    SimpleMatrix repeatedTargets = rows(targets, 0, 1, 1, 3, 3, 3, 4);
    for (double ridge : new double[] {0, 0.7}) {
      LinearReadout weighted = LinearReadout.weighted(features, targets, weights, ridge);
      LinearReadout repeated = LinearReadout.ridge(repeatedFeatures, repeatedTargets, ridge);
      assertTrue(weighted.map().isIdentical(repeated.map(), 1e-10));
      assertTrue(weighted.offset().isIdentical(repeated.offset(), 1e-10));
    }
  }

  private static SimpleMatrix rows(SimpleMatrix matrix, int... indices) {
    double[][] rows = new double[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      rows[i] = matrix.extractVector(true, indices[i]).getDDRM().data;
    }
    return new SimpleMatrix(rows);
  }

  @Test
  void theLogisticReadoutIsWhereThePenalisedLikelihoodIsLargest() {
    SimpleMatrix features = draw(COUNT, 2, "features");
    int[] classes = new int[COUNT];
    RandomGenerator rng = Seed.of(9).child("classes").generator();
    for (int i = 0; i < COUNT; i++) {
      classes[i] = (int) rng.nextLong(3);
    }
    double ridge = 0.5;
    LogisticReadout readout = LogisticReadout.fit(features, classes, ridge);
    double best = loss(readout, features, classes, ridge);
    for (int c = 0; c < 2; c++) {
      for (int j = 0; j < 3; j++) {
        for (double step : new double[] {-1e-3, 1e-3}) {
          double[] map = readout.map().getDDRM().data.clone();
          double[] offset = readout.offset().getDDRM().data.clone();
          if (j < 2) {
            map[c * 2 + j] += step;
          } else {
            offset[c] += step;
          }
          LogisticReadout other =
              new LogisticReadout(
                  new SimpleMatrix(3, 2, true, map), new SimpleMatrix(3, 1, true, offset));
          assertTrue(loss(other, features, classes, ridge) > best);
        }
      }
    }
    SimpleMatrix p = readout.probabilities(features);
    assertEquals(COUNT, p.elementSum(), 1e-10);
    // With an offset, the probabilities add up to the number of each class.
    for (int c = 0; c < 3; c++) {
      int own = c;
      double seen = Arrays.stream(classes).filter(y -> y == own).mapToDouble(y -> 1).sum();
      assertEquals(seen, p.cols(c, c + 1).elementSum(), 1e-5);
    }
  }

  private static double loss(
      LogisticReadout readout, SimpleMatrix features, int[] classes, double ridge) {
    double sum = 0.5 * ridge * readout.map().elementPower(2).elementSum();
    for (int i = 0; i < classes.length; i++) {
      double[] weights = new double[3];
      double total = 0;
      for (int c = 0; c < 3; c++) {
        double logit = readout.offset().get(c, 0);
        for (int j = 0; j < 2; j++) {
          logit += readout.map().get(c, j) * features.get(i, j);
        }
        weights[c] = Math.exp(logit);
        total += weights[c];
      }
      sum -= Math.log(weights[classes[i]] / total);
    }
    return sum;
  }

  @Test
  void separableClassesHaveAReadoutToo() {
    SimpleMatrix features = new SimpleMatrix(new double[][] {{-2}, {-1}, {1}, {2}});
    LogisticReadout readout = LogisticReadout.fit(features, new int[] {0, 0, 1, 1}, 1e-6);
    assertTrue(readout.probabilities(features).get(1, 0) > 0.99);
  }

  @Test
  void refusesWhatDoesNotFit() {
    SimpleMatrix features = draw(3, 2, "features");
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearReadout.ridge(features, draw(4, 1, "targets"), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearReadout.ridge(features, draw(3, 1, "targets"), -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearReadout.weighted(features, features, new SimpleMatrix(1, 3), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogisticReadout.fit(features, new int[] {0, 2, 2}, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogisticReadout.fit(features, new int[] {0, 0, 0}, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogisticReadout.fit(features, new int[] {0, 1, 1}, 0));
  }
}
