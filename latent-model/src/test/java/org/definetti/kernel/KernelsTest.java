package org.definetti.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class KernelsTest {

  private static final double ULPS = 1e-14;

  private static final List<Kernel> ALL =
      List.of(
          new LinearKernel(),
          WeightedLinearKernel.of(new SimpleMatrix(2, 2, true, 1.0, 0.0, 0.4, 0.7)),
          new ConstantKernel(),
          new RbfKernel(0.7),
          new MaternKernel(MaternKernel.Smoothness.HALF, 0.9),
          new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, 0.9),
          new MaternKernel(MaternKernel.Smoothness.FIVE_HALVES, 0.9),
          new PeriodicKernel(1.3, 0.8),
          new SumKernel(new LinearKernel(), new ScaledKernel(2.5, new ConstantKernel())),
          new SumKernel(new RbfKernel(2), new PeriodicKernel(0.5, 1)));

  private static SimpleMatrix points(int rows) {
    SimpleMatrix points = new SimpleMatrix(rows, 2);
    Normal.fill(points.getDDRM().data, 0, 2 * rows, Seed.of(rows).generator());
    return points;
  }

  private static double value(Kernel kernel, double... ab) {
    int d = ab.length / 2;
    SimpleMatrix both = new SimpleMatrix(2, d, true, ab);
    return kernel.gram(both.extractVector(true, 0), both.extractVector(true, 1)).get(0);
  }

  @Test
  void valuesByHand() {
    // distance 5, squared 25
    assertEquals(Math.exp(-25 / 16.0), value(new RbfKernel(8), 1, 1, 4, 5), ULPS);
    assertEquals(
        Math.exp(-2.5), value(new MaternKernel(MaternKernel.Smoothness.HALF, 2), 1, 1, 4, 5), ULPS);
    double s = Math.sqrt(3) * 2.5;
    assertEquals(
        (1 + s) * Math.exp(-s),
        value(new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, 2), 1, 1, 4, 5),
        ULPS);
    double t = Math.sqrt(5) * 2.5;
    assertEquals(
        (1 + t + 5 * 2.5 * 2.5 / 3) * Math.exp(-t),
        value(new MaternKernel(MaternKernel.Smoothness.FIVE_HALVES, 2), 1, 1, 4, 5),
        ULPS);
    assertEquals(Math.exp(-2 * (0.5 + 1) / 4), value(new PeriodicKernel(4, 2), 0, 0, 1, 6), ULPS);
    assertEquals(1, value(new ConstantKernel(), 1, 1, 4, 5));
    assertEquals(2 * 9 + 1, value(ALL_SUM, 1, 1, 4, 5), ULPS);
    SimpleMatrix factor = new SimpleMatrix(2, 2, true, 1.0, 0.0, 0.4, 0.7);
    SimpleMatrix covariance = factor.mult(factor.transpose());
    SimpleMatrix a = new SimpleMatrix(1, 2, true, 1.0, 1.0);
    SimpleMatrix b = new SimpleMatrix(1, 2, true, 4.0, 5.0);
    double expected = a.mult(covariance).mult(b.transpose()).get(0);
    assertEquals(expected, value(WeightedLinearKernel.of(factor), 1, 1, 4, 5), ULPS);
  }

  private static final Kernel ALL_SUM =
      new SumKernel(new ScaledKernel(2, new LinearKernel()), new ConstantKernel());

  /** On the sphere the radial basis function kernel is the softmax's, exp((a·b - 1)/γ). */
  @Test
  void rbfOnTheSphereIsTheSoftmaxKernel() {
    double[] rows = new double[6];
    Sphere.fill(rows, 0, 3, Seed.of(1).generator());
    Sphere.fill(rows, 3, 3, Seed.of(2).generator());
    double product = rows[0] * rows[3] + rows[1] * rows[4] + rows[2] * rows[5];
    assertEquals(Math.exp((product - 1) / 0.3), value(new RbfKernel(0.3), rows), ULPS);
  }

  @Test
  void gramsAreSymmetricPositiveAndFitDiagonalAndFeatures() {
    SimpleMatrix points = points(7);
    for (Kernel kernel : ALL) {
      SimpleMatrix gram = kernel.gram(points, points);
      assertTrue(gram.isIdentical(gram.transpose(), ULPS), kernel.toString());
      SimpleMatrix diagonal = gram.diag();
      assertTrue(diagonal.isIdentical(kernel.diagonal(points), 1e-13), kernel.toString());
      for (int i = 0; i < 7; i++) {
        assertTrue(gram.eig().getEigenvalue(i).getReal() > -1e-12, kernel.toString());
      }
      SimpleMatrix others = points(4);
      assertTrue(
          kernel.gram(points, others).isIdentical(kernel.gram(others, points).transpose(), ULPS));
      if (kernel.hasFeatures()) {
        SimpleMatrix features = kernel.features(points);
        assertTrue(features.mult(features.transpose()).isIdentical(gram, 1e-13));
      } else {
        assertThrows(UnsupportedOperationException.class, () -> kernel.features(points));
      }
    }
  }

  /** Far points are uncorrelated and not a number of infinity times zero. */
  @Test
  void farPointsAreUncorrelated() {
    for (MaternKernel.Smoothness smoothness : MaternKernel.Smoothness.values()) {
      assertEquals(0, value(new MaternKernel(smoothness, 1e-200), 0, 1e150));
    }
    assertEquals(0, value(new RbfKernel(1e-12), 0, 1));
    assertEquals(1, value(new RbfKernel(1e12), 0, 1), 1e-12);
  }

  @Test
  void wrongParametersAreRefusedByName() {
    Exception error = assertThrows(IllegalArgumentException.class, () -> new RbfKernel(0));
    assertEquals("bandwidth: expected finite and > 0, got 0.0", error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new MaternKernel(MaternKernel.Smoothness.HALF, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new PeriodicKernel(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ScaledKernel(0, new ConstantKernel()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new RbfKernel(1).gram(points(2), new SimpleMatrix(2, 3)));
  }
}
