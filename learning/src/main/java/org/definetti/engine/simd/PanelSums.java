package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Sums over the rows and over the columns of panels.
 *
 * <p>A row's sum is gathered in one vector per row, panel by panel, and its eight numbers are added
 * in a tree at the end; a reduction of a float vector in registers is a chain of dependent
 * additions, lane after lane.
 */
final class PanelSums {

  private PanelSums() {}

  /** Returns the sum of eight numbers. */
  static float lanes(float[] a, int at) {
    return ((a[at] + a[at + 4]) + (a[at + 1] + a[at + 5]))
        + ((a[at + 2] + a[at + 6]) + (a[at + 3] + a[at + 7]));
  }

  /** Adds the sum over rows of one panel to {@code out}, (WIDTH). */
  static void columns(float[] a, int at, int rows, float[] out, int outAt) {
    FloatVector x = FloatVector.fromArray(LANES, out, outAt);
    FloatVector y = FloatVector.fromArray(LANES, out, outAt + HALF);
    for (int r = 0; r < rows; r++) {
      x = x.add(FloatVector.fromArray(LANES, a, at + r * WIDTH));
      y = y.add(FloatVector.fromArray(LANES, a, at + r * WIDTH + HALF));
    }
    x.intoArray(out, outAt);
    y.intoArray(out, outAt + HALF);
  }

  /** Adds products of the columns of two panels by row: partial (rows, HALF) += a ∘ b. */
  static void products(
      float[] a, int at, float[] b, int bAt, int rows, float[] partial, int partialAt) {
    for (int r = 0; r < rows; r++) {
      int i = r * WIDTH;
      FloatVector s = FloatVector.fromArray(LANES, partial, partialAt + r * HALF);
      s = FloatVector.fromArray(LANES, a, at + i).fma(FloatVector.fromArray(LANES, b, bAt + i), s);
      s =
          FloatVector.fromArray(LANES, a, at + i + HALF)
              .fma(FloatVector.fromArray(LANES, b, bAt + i + HALF), s);
      s.intoArray(partial, partialAt + r * HALF);
    }
  }
}
