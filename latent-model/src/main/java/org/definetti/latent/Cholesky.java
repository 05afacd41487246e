package org.definetti.latent;

import java.util.Arrays;
import org.ejml.simple.SimpleMatrix;

/**
 * The factorisation A = G Gᵀ of a symmetric positive definite matrix, G lower triangular.
 *
 * <p>A pivot counts as lost when it is below n · 2^-52 of its own diagonal entry, for then rounding
 * alone could have made it; nothing is added to the diagonal. O(n³ / 3) to factor, O(n²) per
 * vector. Relative error about cond(A) · 1e-16 once A has a unit diagonal. Immutable.
 */
public final class Cholesky {

  // Beyond rounding of a computed covariance, far below what a slip of the pen leaves.
  private static final double SYMMETRY = 1e-9;

  private final int size;
  private final double[] lower; // (size, size), row by row; zero above the diagonal

  private Cholesky(int size, double[] lower) {
    this.size = size;
    this.lower = lower;
  }

  /**
   * Factors a matrix.
   *
   * @param name what the matrix is, for the error message
   * @param matrix shape (n, n). Not modified.
   * @throws ShapeMismatchException if it is not square
   * @throws IllegalArgumentException if a number is not finite or it is not symmetric
   * @throws NotPositiveDefiniteException if a pivot is not above zero, or lost to rounding
   */
  public static Cholesky of(String name, SimpleMatrix matrix) {
    int n = symmetric(name, matrix);
    double[] g = matrix.getDDRM().data.clone();
    for (int i = 0; i < n; i++) {
      double diagonal = g[i * n + i];
      for (int j = 0; j < i; j++) {
        g[i * n + j] = (g[i * n + j] - dot(g, i * n, j * n, j)) / g[j * n + j];
      }
      double pivot = diagonal - dot(g, i * n, i * n, i);
      if (!(pivot > n * Math.ulp(1.0) * diagonal && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException(name, n, i, pivot);
      }
      g[i * n + i] = Math.sqrt(pivot);
      Arrays.fill(g, i * n + i + 1, (i + 1) * n, 0);
    }
    return new Cholesky(n, g);
  }

  /**
   * Returns the size of a matrix that is square, finite and symmetric up to rounding, else throws.
   *
   * @throws IllegalArgumentException naming {@code name} and the first pair of entries that differ
   */
  public static int symmetric(String name, SimpleMatrix matrix) {
    int n = Check.matrix(name, matrix, -1, -1).getNumRows();
    Check.matrix(name, matrix, n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double scale = Math.sqrt(Math.abs(matrix.get(i, i)) * Math.abs(matrix.get(j, j)));
        if (!(Math.abs(matrix.get(i, j) - matrix.get(j, i)) <= SYMMETRY * scale)) {
          throw new IllegalArgumentException(
              name
                  + ": expected a symmetric matrix, got "
                  + matrix.get(i, j)
                  + " and "
                  + matrix.get(j, i)
                  + " at "
                  + i
                  + ", "
                  + j);
        }
      }
    }
    return n;
  }

  private static double dot(double[] a, int from, int other, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += a[from + k] * a[other + k];
    }
    return sum;
  }

  /** Returns n. */
  public int size() {
    return size;
  }

  /** Returns entry (i, j) of G, zero for j above i. */
  public double factor(int i, int j) {
    return lower[i * size + j];
  }

  /** Returns G, shape (n, n). */
  public SimpleMatrix factor() {
    return new SimpleMatrix(size, size, true, lower.clone());
  }

  /** Returns log det A. */
  public double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.log(lower[i * size + i]);
    }
    return 2 * sum;
  }

  /** Replaces b, (n) numbers, by G b. Modified. */
  public void multiply(double[] b) {
    for (int i = size - 1; i >= 0; i--) {
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += lower[i * size + j] * b[j];
      }
      b[i] = sum;
    }
  }

  /** Replaces b, (n) numbers, by G⁻¹ b. Modified. */
  public void solveLower(double[] b) {
    for (int i = 0; i < size; i++) {
      double sum = b[i];
      for (int j = 0; j < i; j++) {
        sum -= lower[i * size + j] * b[j];
      }
      b[i] = sum / lower[i * size + i];
    }
  }

  /** Replaces b, (n) numbers, by G⁻ᵀ b. Modified. */
  public void solveUpper(double[] b) {
    for (int i = size - 1; i >= 0; i--) {
      b[i] /= lower[i * size + i];
      for (int j = 0; j < i; j++) {
        b[j] -= lower[i * size + j] * b[i];
      }
    }
  }

  /** Returns (a - b)ᵀ A⁻¹ (a - b) for two vectors of n numbers. Not modified. */
  public double squaredDistance(double[] a, double[] b) {
    double[] gap = new double[size];
    for (int i = 0; i < size; i++) {
      gap[i] = a[i] - b[i];
    }
    solveLower(gap);
    double square = 0;
    for (double g : gap) {
      square += g * g;
    }
    return square;
  }

  @Override
  public String toString() {
    return "Cholesky[" + size + "]";
  }
}
