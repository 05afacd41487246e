package org.definetti.experiment;

import java.util.Arrays;

/** Least squares with a handful of columns, by modified Gram-Schmidt. */
final class LeastSquares {

  /** A column that loses this share of its length to the ones before it is dependent on them. */
  private static final double DEPENDENT = 1e-12;

  private LeastSquares() {}

  /**
   * Returns the coefficients b that minimise {@code |Σ b_k columns[k] - right|²}.
   *
   * <p>All NaN if a column depends on the ones before it. The right side is orthogonalised along
   * with the columns, which makes the method as accurate as Householder's (Björck 1967 [recalled]).
   *
   * @param columns Modified.
   * @param right Modified.
   */
  static double[] solve(double[][] columns, double[] right) {
    int p = columns.length;
    double[][] upper = new double[p][p];
    double[] projected = new double[p];
    for (int k = 0; k < p; k++) {
      double[] column = columns[k];
      double before = 0;
      double squares = dot(column, column);
      for (int i = 0; i < k; i++) {
        before += upper[i][k] * upper[i][k];
      }
      if (!(squares > DEPENDENT * DEPENDENT * (before + squares))) {
        return filled(p, Double.NaN);
      }
      double norm = Math.sqrt(squares);
      upper[k][k] = norm;
      scale(column, 1 / norm);
      for (int i = k + 1; i < p; i++) {
        upper[k][i] = dot(column, columns[i]);
        subtract(columns[i], upper[k][i], column);
      }
      projected[k] = dot(column, right);
      subtract(right, projected[k], column);
    }
    return backSubstitute(upper, projected);
  }

  private static double[] backSubstitute(double[][] upper, double[] projected) {
    double[] solution = projected.clone();
    for (int k = solution.length - 1; k >= 0; k--) {
      for (int i = k + 1; i < solution.length; i++) {
        solution[k] -= upper[k][i] * solution[i];
      }
      solution[k] /= upper[k][k];
    }
    return solution;
  }

  private static double[] filled(int length, double value) {
    double[] numbers = new double[length];
    Arrays.fill(numbers, value);
    return numbers;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void scale(double[] a, double factor) {
    for (int j = 0; j < a.length; j++) {
      a[j] *= factor;
    }
  }

  private static void subtract(double[] a, double factor, double[] b) {
    for (int j = 0; j < a.length; j++) {
      a[j] -= factor * b[j];
    }
  }
}
