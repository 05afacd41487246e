package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.random.Dirichlet;
import org.ejml.simple.SimpleMatrix;

/** Random probabilities, and rows of them taken apart. */
final class Laws {

  private Laws() {}

  /** Returns rows drawn uniformly from the simplex, shape (rows, width). */
  static SimpleMatrix draw(int rows, int width, RandomGenerator rng) {
    double[] alpha = new double[width];
    Arrays.fill(alpha, 1);
    double[] all = new double[rows * width];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(Dirichlet.draw(alpha, rng), 0, all, i * width, width);
    }
    return new SimpleMatrix(rows, width, true, all);
  }

  /** Returns the matrix with these rows. */
  static SimpleMatrix rows(double[]... rows) {
    return new SimpleMatrix(rows);
  }

  /** Returns row i as an array. */
  static double[] row(SimpleMatrix matrix, int i) {
    return matrix.extractVector(true, i).getDDRM().data;
  }

  /** Returns the largest entry of |a - b|. */
  static double distance(double[] a, double[] b) {
    double largest = 0;
    for (int j = 0; j < a.length; j++) {
      largest = Math.max(largest, Math.abs(a[j] - b[j]));
    }
    return largest;
  }
}
