package org.definetti.layer;

import org.definetti.latent.NotPositiveDefiniteException;

/**
 * The factorisation A = Uᵀ U of a positive definite matrix held as one array per row, in place and
 * without allocation.
 *
 * <p>Row i of U is row i of A less multiples of the rows above, at most four at a time and at one
 * common index, which the compiler vectorises; a sum of products it would not. n³/3 operations.
 */
final class RowCholesky {

  private RowCholesky() {}

  /**
   * Factors the leading (n, n) part. The part below the diagonal is neither read nor written.
   *
   * @param name what the matrix is, for the error message
   * @param a becomes U. Modified.
   * @throws NotPositiveDefiniteException if a pivot is not above zero
   */
  static void factor(String name, double[][] a, int n) {
    for (int i = 0; i < n; i++) {
      double[] row = a[i];
      int k = 0;
      for (; k + 3 < i; k += 4) {
        subtract4(a[k], a[k + 1], a[k + 2], a[k + 3], i, n, row);
      }
      for (; k < i; k++) {
        subtract(a[k][i], a[k], i, n, row);
      }
      double pivot = row[i];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException(name, n, i, pivot);
      }
      double scale = 1 / Math.sqrt(pivot);
      for (int j = i; j < n; j++) {
        row[j] *= scale;
      }
    }
  }

  private static void subtract4(
      double[] r0, double[] r1, double[] r2, double[] r3, int i, int n, double[] out) {
    double f0 = r0[i];
    double f1 = r1[i];
    double f2 = r2[i];
    double f3 = r3[i];
    for (int j = i; j < n; j++) {
      out[j] -= f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
    }
  }

  private static void subtract(double factor, double[] row, int from, int to, double[] out) {
    for (int j = from; j < to; j++) {
      out[j] -= factor * row[j];
    }
  }

  /** Replaces x by A⁻¹ x, given U. */
  static void solve(double[][] u, int n, double[] x) {
    for (int i = 0; i < n; i++) {
      x[i] /= u[i][i];
      subtract(x[i], u[i], i + 1, n, x);
    }
    for (int i = n - 1; i >= 0; i--) {
      double[] row = u[i];
      double sum = x[i];
      for (int j = i + 1; j < n; j++) {
        sum -= row[j] * x[j];
      }
      x[i] = sum / row[i];
    }
  }
}
