package org.definetti.latent.numerical;

import org.definetti.latent.NotPositiveDefiniteException;

/** The Cholesky factor of a matrix of a few rows, stored row by row. */
final class SmallCholesky {

  private SmallCholesky() {}

  /** Replaces the lower triangle of a matrix by its factor R, R Rᵀ = matrix. Modified. */
  static void factor(String name, double[] matrix, int d) {
    for (int j = 0; j < d; j++) {
      double pivot = matrix[j * d + j];
      for (int m = 0; m < j; m++) {
        pivot -= matrix[j * d + m] * matrix[j * d + m];
      }
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException(name, d, j, pivot);
      }
      double root = Math.sqrt(pivot);
      matrix[j * d + j] = root;
      for (int i = j + 1; i < d; i++) {
        double sum = matrix[i * d + j];
        for (int m = 0; m < j; m++) {
          sum -= matrix[i * d + m] * matrix[j * d + m];
        }
        matrix[i * d + j] = sum / root;
      }
    }
  }

  /** Replaces b by R⁻¹ b. Modified. */
  static void solveLower(double[] factor, int d, double[] b) {
    for (int i = 0; i < d; i++) {
      double sum = b[i];
      for (int j = 0; j < i; j++) {
        sum -= factor[i * d + j] * b[j];
      }
      b[i] = sum / factor[i * d + i];
    }
  }

  /** Replaces b by R⁻ᵀ b. Modified. */
  static void solveUpper(double[] factor, int d, double[] b) {
    for (int i = d - 1; i >= 0; i--) {
      double sum = b[i];
      for (int j = i + 1; j < d; j++) {
        sum -= factor[j * d + i] * b[j];
      }
      b[i] = sum / factor[i * d + i];
    }
  }
}
