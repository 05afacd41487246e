package org.definetti.engine;

/**
 * Products of small matrices, parameters mostly, with one vector each: what a layer does once per
 * sample.
 *
 * <p>A is (rows, columns), row by row from {@code at}; vectors begin at their offsets. Inputs are
 * not modified, outputs must not overlap them. Cost: rows · columns multiplications each.
 */
public interface SmallMatrixKernel {

  /** Computes out = A x: x has {@code columns} numbers, out receives {@code rows}. */
  void multiply(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt);

  /** Computes out = Aᵀ x: x has {@code rows} numbers, out receives {@code columns}. */
  void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt);

  /** Computes A += factor · x yᵀ: x has {@code rows} numbers, y {@code columns}. */
  void addOuter(
      float[] a,
      int at,
      int rows,
      int columns,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      float factor);
}
