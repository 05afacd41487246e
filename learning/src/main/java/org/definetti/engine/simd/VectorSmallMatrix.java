package org.definetti.engine.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.definetti.engine.SmallMatrixKernel;

/**
 * Products of small matrices in vector instructions, a vector of columns at a time; what is left
 * over of one goes through scalar loops.
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

  @Override
  public void multiplyTransposed(
      float[] a, int at, int rows, int columns, float[] x, int xAt, float[] out) {
    int j = 0;
    for (; j <= columns - WIDTH; j += WIDTH) {
      FloatVector sums = FloatVector.zero(LANES);
      for (int i = 0; i < rows; i++) {
        sums =
            FloatVector.fromArray(LANES, a, at + i * columns + j)
                .fma(FloatVector.broadcast(LANES, x[xAt + i]), sums);
      }
      sums.intoArray(out, j);
    }
    for (; j < columns; j++) {
      float sum = 0f;
      for (int i = 0; i < rows; i++) {
        sum = Math.fma(a[at + i * columns + j], x[xAt + i], sum);
      }
      out[j] = sum;
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
