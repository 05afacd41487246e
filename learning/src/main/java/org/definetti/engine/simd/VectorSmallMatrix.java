package org.definetti.engine.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.definetti.engine.SmallMatrixKernel;

/**
 * Products of small matrices in vector instructions, two vectors of columns at a time, then one;
 * what is left over of one goes through scalar loops.
 */
final class VectorSmallMatrix implements SmallMatrixKernel {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();

  @Override
  public void multiply(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    for (int i = 0; i < rows; i++) {
      int row = at + i * columns;
      FloatVector sums = FloatVector.zero(LANES);
      int j = 0;
      for (; j <= columns - WIDTH; j += WIDTH) {
        sums =
            FloatVector.fromArray(LANES, a, row + j)
                .fma(FloatVector.fromArray(LANES, x, xAt + j), sums);
      }
      float sum = columns < WIDTH ? 0f : LaneSum.of(sums);
      for (; j < columns; j++) {
        sum = Math.fma(a[row + j], x[xAt + j], sum);
      }
      out[outAt + i] = sum;
    }
  }

  /** Even and odd rows have sums of their own, so that an addition need not wait for the last. */
  @Override
  public void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out, int outAt) {
    int j = 0;
    for (; j <= columns - 2 * WIDTH; j += 2 * WIDTH) {
      FloatVector even = FloatVector.zero(LANES);
      FloatVector more = even;
      FloatVector odd = even;
      FloatVector oddMore = even;
      int i = 0;
      int k = at + j;
      for (; i < rows - 1; i += 2) {
        FloatVector f = FloatVector.broadcast(LANES, x[xAt + i]);
        FloatVector g = FloatVector.broadcast(LANES, x[xAt + i + 1]);
        even = FloatVector.fromArray(LANES, a, k).fma(f, even);
        more = FloatVector.fromArray(LANES, a, k + WIDTH).fma(f, more);
        odd = FloatVector.fromArray(LANES, a, k + columns).fma(g, odd);
        oddMore = FloatVector.fromArray(LANES, a, k + columns + WIDTH).fma(g, oddMore);
        k += 2 * columns;
      }
      if (i < rows) {
        FloatVector f = FloatVector.broadcast(LANES, x[xAt + i]);
        even = FloatVector.fromArray(LANES, a, k).fma(f, even);
        more = FloatVector.fromArray(LANES, a, k + WIDTH).fma(f, more);
      }
      even.add(odd).intoArray(out, outAt + j);
      more.add(oddMore).intoArray(out, outAt + j + WIDTH);
    }
    for (; j <= columns - WIDTH; j += WIDTH) {
      FloatVector sums = FloatVector.zero(LANES);
      for (int i = 0; i < rows; i++) {
        sums =
            FloatVector.fromArray(LANES, a, at + i * columns + j)
                .fma(FloatVector.broadcast(LANES, x[xAt + i]), sums);
      }
      sums.intoArray(out, outAt + j);
    }
    for (; j < columns; j++) {
      float sum = 0f;
      for (int i = 0; i < rows; i++) {
        sum = Math.fma(a[at + i * columns + j], x[xAt + i], sum);
      }
      out[outAt + j] = sum;
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
    int j = 0;
    for (; j <= columns - 2 * WIDTH; j += 2 * WIDTH) {
      FloatVector part = FloatVector.fromArray(LANES, y, yAt + j).mul(factor);
      FloatVector more = FloatVector.fromArray(LANES, y, yAt + j + WIDTH).mul(factor);
      int k = at + j;
      for (int i = 0; i < rows; i++) {
        FloatVector f = FloatVector.broadcast(LANES, x[xAt + i]);
        part.fma(f, FloatVector.fromArray(LANES, a, k)).intoArray(a, k);
        more.fma(f, FloatVector.fromArray(LANES, a, k + WIDTH)).intoArray(a, k + WIDTH);
        k += columns;
      }
    }
    for (; j <= columns - WIDTH; j += WIDTH) {
      FloatVector part = FloatVector.fromArray(LANES, y, yAt + j).mul(factor);
      for (int i = 0; i < rows; i++) {
        int place = at + i * columns + j;
        part.fma(FloatVector.broadcast(LANES, x[xAt + i]), FloatVector.fromArray(LANES, a, place))
            .intoArray(a, place);
      }
    }
    for (; j < columns; j++) {
      float part = factor * y[yAt + j];
      for (int i = 0; i < rows; i++) {
        int place = at + i * columns + j;
        a[place] = Math.fma(part, x[xAt + i], a[place]);
      }
    }
  }
}
