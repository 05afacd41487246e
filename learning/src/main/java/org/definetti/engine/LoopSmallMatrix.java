package org.definetti.engine;

/** Products of small matrices in plain loops. */
final class LoopSmallMatrix implements SmallMatrixKernel {

  @Override
  public void multiply(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    for (int i = 0; i < rows; i++) {
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        sum += a[at + i * columns + j] * x[xAt + j];
      }
      out[outAt + i] = sum;
    }
  }

  @Override
  public void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    for (int j = 0; j < columns; j++) {
      out[outAt + j] = 0f;
    }
    for (int i = 0; i < rows; i++) {
      float factor = x[xAt + i];
      for (int j = 0; j < columns; j++) {
        out[outAt + j] += factor * a[at + i * columns + j];
      }
    }
  }

  @Override
  public void addOuter(
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
}
