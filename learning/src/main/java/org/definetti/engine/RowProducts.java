package org.definetti.engine;

import java.util.Arrays;

/**
 * Matrix products on matrices that are arrays of rows, in the form that C2 vectorises: the
 * innermost loop runs over one common index of separate arrays, four source rows at a pass.
 */
final class RowProducts {

  private RowProducts() {}

  /**
   * Adds a product: {@code out[i] += Σ_k a[i][aAt + k] · b[bAt + k]} for rows {@code from} to
   * {@code to}, over {@code columns} columns.
   *
   * @param out Modified.
   */
  static void add(
      float[][] a,
      int aAt,
      int from,
      int to,
      float[][] b,
      int bAt,
      int inner,
      int columns,
      float[][] out) {
    for (int i = from; i < to; i++) {
      float[] o = out[i];
      float[] s = a[i];
      int k = 0;
      for (; k + 4 <= inner; k += 4) {
        int at = aAt + k;
        int row = bAt + k;
        addFour(
            s[at],
            b[row],
            s[at + 1],
            b[row + 1],
            s[at + 2],
            b[row + 2],
            s[at + 3],
            b[row + 3],
            o,
            columns);
      }
      for (; k < inner; k++) {
        addOne(s[aAt + k], b[bAt + k], o, columns);
      }
    }
  }

  /**
   * Adds a product with the first factor transposed: {@code out[outAt + k] += Σ_i a[i][aAt + k] ·
   * b[i]}, over rows {@code from} to {@code to} of a and b and over {@code columns} columns.
   *
   * @param inner how many columns of a, and rows of out
   * @param out Modified.
   */
  static void addTransposed(
      float[][] a,
      int aAt,
      int inner,
      float[][] b,
      int from,
      int to,
      int columns,
      float[][] out,
      int outAt) {
    int i = from;
    for (; i + 4 <= to; i += 4) {
      float[] s0 = a[i];
      float[] s1 = a[i + 1];
      float[] s2 = a[i + 2];
      float[] s3 = a[i + 3];
      for (int k = 0; k < inner; k++) {
        int at = aAt + k;
        addFour(
            s0[at],
            b[i],
            s1[at],
            b[i + 1],
            s2[at],
            b[i + 2],
            s3[at],
            b[i + 3],
            out[outAt + k],
            columns);
      }
    }
    for (; i < to; i++) {
      for (int k = 0; k < inner; k++) {
        addOne(a[i][aAt + k], b[i], out[outAt + k], columns);
      }
    }
  }

  private static void addFour(
      float a0,
      float[] b0,
      float a1,
      float[] b1,
      float a2,
      float[] b2,
      float a3,
      float[] b3,
      float[] out,
      int columns) {
    for (int j = 0; j < columns; j++) {
      out[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void addOne(float a, float[] b, float[] out, int columns) {
    for (int j = 0; j < columns; j++) {
      out[j] += a * b[j];
    }
  }

  /** Writes {@code out[outAt + j][i] = a[from + i][aAt + j]} for a block of a. */
  static void transpose(
      float[][] a, int from, int to, int aAt, int columns, float[][] out, int outAt) {
    for (int i = from; i < to; i++) {
      float[] row = a[i];
      for (int j = 0; j < columns; j++) {
        out[outAt + j][i - from] = row[aAt + j];
      }
    }
  }

  /** Sets the first {@code columns} numbers of rows {@code from} to {@code to} to zero. */
  static void clear(float[][] rows, int from, int to, int columns) {
    for (int i = from; i < to; i++) {
      Arrays.fill(rows[i], 0, columns, 0f);
    }
  }

  /** Adds row to row: {@code out[i] += a[i]}. */
  static void addRows(float[][] a, int from, int to, int columns, float[][] out) {
    for (int i = from; i < to; i++) {
      addOne(1f, a[i], out[i], columns);
    }
  }

  /** Copies rows of a flat matrix. */
  static void read(float[] flat, int at, int from, int to, int columns, float[][] rows) {
    for (int i = from; i < to; i++) {
      System.arraycopy(flat, at + i * columns, rows[i], 0, columns);
    }
  }

  /** Copies rows to a flat matrix. */
  static void write(float[][] rows, int from, int to, int columns, float[] flat, int at) {
    for (int i = from; i < to; i++) {
      System.arraycopy(rows[i], 0, flat, at + i * columns, columns);
    }
  }
}
