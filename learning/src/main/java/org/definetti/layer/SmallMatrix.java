package org.definetti.layer;

import org.definetti.engine.Kernels;
import org.definetti.engine.SmallMatrixKernel;

/**
 * Products with parameter matrices, once per sample: by the kernels in use for small ones.
 *
 * <p>A is (rows, columns), row by row from {@code at}.
 */
final class SmallMatrix {

  private static final SmallMatrixKernel KERNEL = Kernels.inUse().smallMatrix();

  private SmallMatrix() {}

  /** out = A x. */
  static void multiply(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    KERNEL.multiply(a, at, rows, columns, x, xAt, out, outAt);
  }

  /** out = Aᵀ x. */
  static void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out) {
    KERNEL.multiplyTransposed(a, at, rows, columns, x, xAt, out, 0);
  }

  /** out = Aᵀ x, from {@code outAt}. */
  static void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    KERNEL.multiplyTransposed(a, at, rows, columns, x, xAt, out, outAt);
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
    KERNEL.addOuter(a, at, rows, columns, x, xAt, y, yAt, factor);
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
