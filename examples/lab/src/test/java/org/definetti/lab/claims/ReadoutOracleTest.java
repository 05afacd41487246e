package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.LogisticReadout;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import smile.math.BFGS;
import smile.math.DifferentiableMultivariateFunction;

/** The readouts against Smile's quasi-Newton minimiser of the same penalised losses. */
final class ReadoutOracleTest {

  private static final int COUNT = 120;
  private static final int WIDTH = 3;
  private static final double RIDGE = 0.8;
  // Both minimisers stop at gradients of about 1e-6 beside curvatures of about ten.
  private static final double AGREEMENT = 1e-4;

  private static final double[][] FEATURES = features();

  private static double[][] features() {
    double[][] rows = new double[COUNT][WIDTH];
    RandomGenerator rng = Seed.of(31).child("features").generator();
    for (double[] row : rows) {
      Normal.fill(row, 0, WIDTH, rng);
    }
    return rows;
  }

  private static double affine(double[] x, int from, double[] features) {
    double sum = x[from + WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      sum += x[from + j] * features[j];
    }
    return sum;
  }

  private static void addTo(double[] gradient, int from, double[] features, double residual) {
    for (int j = 0; j < WIDTH; j++) {
      gradient[from + j] += residual * features[j];
    }
    gradient[from + WIDTH] += residual;
  }

  @Test
  void ridgeAgreesWithSmile() {
    double[] targets = new double[COUNT];
    Normal.fill(targets, 0, COUNT, Seed.of(31).child("targets").generator());
    DifferentiableMultivariateFunction loss =
        new DifferentiableMultivariateFunction() {
          @Override
          public double f(double[] x) {
            return g(x, new double[x.length]);
          }

          @Override
          public double g(double[] x, double[] gradient) {
            Arrays.fill(gradient, 0);
            double sum = 0;
            for (int j = 0; j < WIDTH; j++) {
              sum += RIDGE * x[j] * x[j] / 2;
              gradient[j] = RIDGE * x[j];
            }
            for (int i = 0; i < COUNT; i++) {
              double residual = affine(x, 0, FEATURES[i]) - targets[i];
              sum += residual * residual / 2;
              addTo(gradient, 0, FEATURES[i], residual);
            }
            return sum;
          }
        };
    double[] smile = new double[WIDTH + 1];
    BFGS.minimize(loss, smile, 1e-8, 500);
    LinearReadout ours =
        LinearReadout.ridge(
            new SimpleMatrix(FEATURES), new SimpleMatrix(COUNT, 1, true, targets), RIDGE);
    for (int j = 0; j < WIDTH; j++) {
      assertEquals(smile[j], ours.map().get(0, j), AGREEMENT);
    }
    assertEquals(smile[WIDTH], ours.offset().get(0, 0), AGREEMENT);
  }

  @Test
  void logisticAgreesWithSmile() {
    int[] classes = new int[COUNT];
    RandomGenerator rng = Seed.of(31).child("classes").generator();
    for (int i = 0; i < COUNT; i++) {
      double signal = FEATURES[i][0] - FEATURES[i][1] + Normal.draw(rng);
      classes[i] = signal < -0.7 ? 0 : signal < 0.7 ? 1 : 2;
    }
    DifferentiableMultivariateFunction loss =
        new DifferentiableMultivariateFunction() {
          @Override
          public double f(double[] x) {
            return g(x, new double[x.length]);
          }

          @Override
          public double g(double[] x, double[] gradient) {
            Arrays.fill(gradient, 0);
            double sum = 0;
            for (int c = 0; c < 2; c++) {
              for (int j = 0; j < WIDTH; j++) {
                int place = c * (WIDTH + 1) + j;
                sum += RIDGE * x[place] * x[place] / 2;
                gradient[place] = RIDGE * x[place];
              }
            }
            for (int i = 0; i < COUNT; i++) {
              double first = Math.exp(affine(x, 0, FEATURES[i]));
              double second = Math.exp(affine(x, WIDTH + 1, FEATURES[i]));
              double[] p = {first, second, 1};
              double total = first + second + 1;
              sum -= Math.log(p[classes[i]] / total);
              for (int c = 0; c < 2; c++) {
                double residual = p[c] / total - (classes[i] == c ? 1 : 0);
                addTo(gradient, c * (WIDTH + 1), FEATURES[i], residual);
              }
            }
            return sum;
          }
        };
    double[] smile = new double[2 * (WIDTH + 1)];
    BFGS.minimize(loss, smile, 1e-8, 500);
    LogisticReadout ours = LogisticReadout.fit(new SimpleMatrix(FEATURES), classes, RIDGE);
    for (int c = 0; c < 2; c++) {
      for (int j = 0; j < WIDTH; j++) {
        assertEquals(smile[c * (WIDTH + 1) + j], ours.map().get(c, j), AGREEMENT);
      }
      assertEquals(smile[c * (WIDTH + 1) + WIDTH], ours.offset().get(c, 0), AGREEMENT);
    }
  }
}
