package org.definetti.attention;

import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.data.DMatrixRMaj;

/**
 * The factorisation A = G Gᵀ of a positive definite matrix, G lower triangular.
 *
 * <p>Own code rather than EJML's, which reports a failure as {@code false}: here the failing pivot
 * is named and nothing is added to the diagonal. O(n³/3) to factor, O(n²) per right-hand side.
 */
final class Cholesky {

  private final int size;
  private final double[] lower; // (size, size), row by row; the upper triangle is not read

  private Cholesky(int size, double[] lower) {
    this.size = size;
    this.lower = lower;
  }

  /**
   * Factors a matrix, of which the lower triangle is read.
   *
   * @param name what the matrix is, for the error message
   * @param matrix shape (n, n); its storage becomes the factor's. Modified.
   * @throws NotPositiveDefiniteException if a pivot is not above zero
   */
  static Cholesky of(String name, DMatrixRMaj matrix) {
    int n = matrix.numRows;
    double[] a = matrix.data;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        a[i * n + j] = (a[i * n + j] - dot(a, i * n, j * n, j)) / a[j * n + j];
      }
      double pivot = a[i * n + i] - dot(a, i * n, i * n, i);
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException(name, n, i, pivot);
      }
      a[i * n + i] = Math.sqrt(pivot);
    }
    return new Cholesky(n, a);
  }

  private static double dot(double[] a, int from, int other, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += a[from + k] * a[other + k];
    }
    return sum;
  }

  /** Returns log det A. */
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.log(lower[i * size + i]);
    }
    return 2 * sum;
  }

  /** Replaces the columns of B, shape (n, p), by G⁻¹ B. Modified. */
  void solveLower(DMatrixRMaj b) {
    int p = b.numCols;
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < i; k++) {
        subtractRow(lower[i * size + k], b.data, k * p, i * p, p);
      }
      divideRow(lower[i * size + i], b.data, i * p, p);
    }
  }

  /** Replaces the columns of B, shape (n, p), by A⁻¹ B. Modified. */
  void solve(DMatrixRMaj b) {
    solveLower(b);
    int p = b.numCols;
    for (int i = size - 1; i >= 0; i--) {
      divideRow(lower[i * size + i], b.data, i * p, p);
      for (int k = 0; k < i; k++) {
        subtractRow(lower[i * size + k], b.data, i * p, k * p, p);
      }
    }
  }

  private static void subtractRow(double factor, double[] b, int from, int into, int count) {
    for (int j = 0; j < count; j++) {
      b[into + j] -= factor * b[from + j];
    }
  }

  private static void divideRow(double divisor, double[] b, int row, int count) {
    for (int j = 0; j < count; j++) {
      b[row + j] /= divisor;
    }
  }
}
