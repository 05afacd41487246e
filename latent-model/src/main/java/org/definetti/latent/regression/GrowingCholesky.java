package org.definetti.latent.regression;

import java.util.Arrays;
import org.definetti.kernel.Kernel;
import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.simple.SimpleMatrix;

/**
 * The Cholesky factor of κ(K, K) + λ I, to which keys are added; leading rows never change.
 *
 * <p>So the factor of the first n keys is the first n rows, shared by all prefixes. New rows are
 * solved in blocks, transposed, so that the innermost loop runs over independent numbers; every
 * entry is summed in the same order whatever the blocks, hence the same bits whether keys come one
 * by one or together. m new keys after n cost {@code m (n + m)² / 2} multiplications. Immutable.
 */
final class GrowingCholesky {

  private static final int BLOCK = 64;
  private static final int STRIDE = 4; // terms added together

  private final Kernel kernel;
  private final double ridge;
  private final int count;
  private final double[][] rows; // row i has i + 1 numbers; longer than count if shared

  private GrowingCholesky(Kernel kernel, double ridge, int count, double[][] rows) {
    this.kernel = kernel;
    this.ridge = ridge;
    this.count = count;
    this.rows = rows;
  }

  /**
   * Returns the factor of no keys.
   *
   * @param ridge λ; with zero, keys whose value earlier ones determine get a zero column, and with
   *     more they are refused
   */
  static GrowingCholesky empty(Kernel kernel, double ridge) {
    return new GrowingCholesky(kernel, ridge, 0, new double[0][]);
  }

  int count() {
    return count;
  }

  /** Returns row i of the factor, i + 1 numbers; not to be modified. */
  double[] row(int i) {
    return rows[i];
  }

  /** Returns the factor of the first {@code length} keys; O(1). */
  GrowingCholesky prefix(int length) {
    return new GrowingCholesky(kernel, ridge, length, rows);
  }

  /**
   * Returns the factor of more keys.
   *
   * @param keys (n, dk), of which the first {@link #count} are those of this factor
   * @throws NotPositiveDefiniteException if a pivot is lost
   */
  GrowingCholesky extend(SimpleMatrix keys) {
    int to = keys.getNumRows();
    double[][] more = Arrays.copyOf(rows, to);
    for (int from = count; from < to; from += BLOCK) {
      int end = Math.min(to, from + BLOCK);
      SimpleMatrix block = keys.extractMatrix(from, end, 0, keys.getNumCols());
      SimpleMatrix gram = kernel.gram(block, keys.extractMatrix(0, end, 0, keys.getNumCols()));
      addBlock(more, from, end, gram.getDDRM().data);
    }
    return new GrowingCholesky(kernel, ridge, to, more);
  }

  // gram is (end - from, end)
  private void addBlock(double[][] more, int from, int end, double[] gram) {
    int size = end - from;
    double[][] solved = new double[end][size]; // column j of the new rows
    for (int i = from; i < end; i++) {
      more[i] = new double[i + 1];
    }
    for (int j = 0; j < end; j++) {
      int first = Math.max(0, j - from);
      double[] column = solved[j];
      for (int b = first; b < size; b++) {
        column[b] = gram[b * end + j];
      }
      subtractProducts(column, solved, more[j], j, first);
      double pivot = j < from ? more[j][j] : pivot(column, gram, j, from, end);
      for (int b = first; b < size; b++) {
        column[b] = pivot == 0 ? 0 : column[b] / pivot;
        more[from + b][j] = column[b];
      }
      if (j >= from) {
        more[j][j] = pivot;
        column[first] = pivot;
      }
    }
  }

  private double pivot(double[] column, double[] gram, int j, int from, int end) {
    double square = column[j - from] + ridge;
    double diagonal = gram[(j - from) * end + j] + ridge;
    double lost = (j + 1) * Math.ulp(1.0) * diagonal; // what rounding alone can leave
    if (square > lost && square < Double.POSITIVE_INFINITY) {
      return Math.sqrt(square);
    }
    if (ridge == 0 && Math.abs(square) <= lost) {
      return 0;
    }
    throw new NotPositiveDefiniteException("kernel + ridge", end, j, square);
  }

  // column -= Σ_k<j g_k · solved[k], from index first
  private static void subtractProducts(
      double[] column, double[][] solved, double[] g, int j, int first) {
    int k = 0;
    for (; k + STRIDE <= j; k += STRIDE) {
      subtract(
          column, solved[k], solved[k + 1], solved[k + 2], solved[k + 3], g, k, first);
    }
    for (; k < j; k++) {
      double factor = g[k];
      double[] other = solved[k];
      for (int b = first; b < column.length; b++) {
        column[b] -= factor * other[b];
      }
    }
  }

  private static void subtract(
      double[] column,
      double[] w0,
      double[] w1,
      double[] w2,
      double[] w3,
      double[] g,
      int k,
      int first) {
    double g0 = g[k];
    double g1 = g[k + 1];
    double g2 = g[k + 2];
    double g3 = g[k + 3];
    for (int b = first; b < column.length; b++) {
      column[b] -= (g0 * w0[b] + g1 * w1[b]) + (g2 * w2[b] + g3 * w3[b]);
    }
  }

  /** Replaces b, at least {@link #count} numbers, by G⁻¹ b, from index {@code from}. Modified. */
  void solveLower(double[] b, int from) {
    for (int i = from; i < count; i++) {
      double[] row = rows[i];
      b[i] = row[i] == 0 ? 0 : (b[i] - dot(row, b, i)) / row[i];
    }
  }

  /** Replaces b, at least {@link #count} numbers, by G⁻ᵀ b. Modified. */
  void solveUpper(double[] b) {
    for (int i = count - 1; i >= 0; i--) {
      double[] row = rows[i];
      double value = row[i] == 0 ? 0 : b[i] / row[i];
      b[i] = value;
      for (int j = 0; j < i; j++) {
        b[j] -= row[j] * value;
      }
    }
  }

  /** Returns Σ a_i b_i over the first {@code length} numbers. */
  static double dot(double[] a, double[] b, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + STRIDE <= length; i += STRIDE) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < length; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Returns log det(κ(K, K) + λ I). */
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.log(rows[i][i]);
    }
    return 2 * sum;
  }
}
