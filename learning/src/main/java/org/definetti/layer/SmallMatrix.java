package org.definetti.layer;

/**
 * Products with parameter matrices, once per sample: plain loops, the matrices are small.
 *
 * <p>A is (rows, columns), row by row from {@code at}.
 */
final class SmallMatrix {

  private SmallMatrix() {}

  /** out = A x. */
  static void multiply(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    for (int i = 0; i < rows; i++) {
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        sum += a[at + i * columns + j] * x[xAt + j];
      }
      out[outAt + i] = sum;
    }
  }

  /** out = Aᵀ x. */
  static void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out) {
    for (int j = 0; j < columns; j++) {
      out[j] = 0f;
    }
    for (int i = 0; i < rows; i++) {
      float factor = x[xAt + i];
      for (int j = 0; j < columns; j++) {
        out[j] += factor * a[at + i * columns + j];
      }
    }
  }

  /** A += factor · x yᵀ. */
  static void addOuter(
      float[] a,
      int at,
      int rows,
      int columns,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      float factor) {
    for (int i = 0; i < rows; i++) {
      float scaled = factor * x[xAt + i];
      for (int j = 0; j < columns; j++) {
        a[at + i * columns + j] += scaled * y[yAt + j];
      }
    }
  }

  /** a += factor · x. */
  static void add(float[] a, int at, int count, float[] x, int xAt, float factor) {
    for (int i = 0; i < count; i++) {
      a[at + i] += factor * x[xAt + i];
    }
  }

  /** Returns x·y. */
  static float dot(float[] x, int xAt, float[] y, int yAt, int count) {
    float sum = 0f;
    for (int i = 0; i < count; i++) {
      sum += x[xAt + i] * y[yAt + i];
    }
    return sum;
  }
}
