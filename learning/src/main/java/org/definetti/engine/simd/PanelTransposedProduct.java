package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products with a transposed left factor, of weight gradients and of the gradients of keys and
 * values.
 *
 * <pre>{@code  C (WIDTH, WIDTH) += Aᵀ · B,   A (rows, WIDTH), B (rows, WIDTH)  }</pre>
 *
 * <p>As in {@link PanelProduct}, of which the fences are explained there, with rows as the inner
 * dimension: the WIDTH columns of A go in tiles of six, five and five, whose broadcasts lie side by
 * side. C may be any row-major array: it is touched only before and after.
 */
final class PanelTransposedProduct {

  /** Never reached by a loop variable; not final, so that the compiler does not know. */
  private static int FENCE = -1;

  private PanelTransposedProduct() {}

  /**
   * Adds AᵀB to WIDTH rows and columns of C.
   *
   * @param a one panel of A, (rows, WIDTH). Not modified.
   * @param b one panel of B, (rows, WIDTH). Not modified.
   * @param c WIDTH rows of WIDTH numbers. Modified.
   * @param cRow numbers between one row of C and the next
   */
  static void add(float[] a, int aAt, float[] b, int bAt, int rows, float[] c, int cAt, int cRow) {
    sixColumns(a, aAt, b, bAt, rows, c, cAt, cRow);
    fiveColumns(a, aAt + 6, b, bAt, rows, c, cAt + 6 * cRow, cRow);
    fiveColumns(a, aAt + 11, b, bAt, rows, c, cAt + 11 * cRow, cRow);
  }

  private static void sixColumns(
      float[] a, int aAt, float[] b, int bAt, int rows, float[] c, int cAt, int cRow) {
    int fence = FENCE;
    int o1 = cAt + cRow;
    int o2 = o1 + cRow;
    int o3 = o2 + cRow;
    int o4 = o3 + cRow;
    int o5 = o4 + cRow;
    FloatVector c0a = FloatVector.fromArray(LANES, c, cAt);
    FloatVector c0b = FloatVector.fromArray(LANES, c, cAt + HALF);
    FloatVector c1a = FloatVector.fromArray(LANES, c, o1);
    FloatVector c1b = FloatVector.fromArray(LANES, c, o1 + HALF);
    FloatVector c2a = FloatVector.fromArray(LANES, c, o2);
    FloatVector c2b = FloatVector.fromArray(LANES, c, o2 + HALF);
    FloatVector c3a = FloatVector.fromArray(LANES, c, o3);
    FloatVector c3b = FloatVector.fromArray(LANES, c, o3 + HALF);
    FloatVector c4a = FloatVector.fromArray(LANES, c, o4);
    FloatVector c4b = FloatVector.fromArray(LANES, c, o4 + HALF);
    FloatVector c5a = FloatVector.fromArray(LANES, c, o5);
    FloatVector c5b = FloatVector.fromArray(LANES, c, o5 + HALF);
    for (int k = 0; k < rows; k++) {
      int i = aAt + k * WIDTH;
      int j = bAt + k * WIDTH;
      FloatVector b0 = FloatVector.fromArray(LANES, b, j);
      FloatVector b1 = FloatVector.fromArray(LANES, b, j + HALF);
      FloatVector x;
      x = FloatVector.broadcast(LANES, a[i + 0]);
      c0a = x.fma(b0, c0a);
      c0b = x.fma(b1, c0b);
      x = FloatVector.broadcast(LANES, a[i + 1]);
      c1a = x.fma(b0, c1a);
      c1b = x.fma(b1, c1b);
      if (k == fence - 0) {
        break;
      }
      x = FloatVector.broadcast(LANES, a[i + 2]);
      c2a = x.fma(b0, c2a);
      c2b = x.fma(b1, c2b);
      x = FloatVector.broadcast(LANES, a[i + 3]);
      c3a = x.fma(b0, c3a);
      c3b = x.fma(b1, c3b);
      if (k == fence - 1) {
        break;
      }
      x = FloatVector.broadcast(LANES, a[i + 4]);
      c4a = x.fma(b0, c4a);
      c4b = x.fma(b1, c4b);
      x = FloatVector.broadcast(LANES, a[i + 5]);
      c5a = x.fma(b0, c5a);
      c5b = x.fma(b1, c5b);
      if (k == fence - 2) {
        break;
      }
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + HALF);
    c1a.intoArray(c, o1);
    c1b.intoArray(c, o1 + HALF);
    c2a.intoArray(c, o2);
    c2b.intoArray(c, o2 + HALF);
    c3a.intoArray(c, o3);
    c3b.intoArray(c, o3 + HALF);
    c4a.intoArray(c, o4);
    c4b.intoArray(c, o4 + HALF);
    c5a.intoArray(c, o5);
    c5b.intoArray(c, o5 + HALF);
  }

  private static void fiveColumns(
      float[] a, int aAt, float[] b, int bAt, int rows, float[] c, int cAt, int cRow) {
    int fence = FENCE;
    int o1 = cAt + cRow;
    int o2 = o1 + cRow;
    int o3 = o2 + cRow;
    int o4 = o3 + cRow;
    FloatVector c0a = FloatVector.fromArray(LANES, c, cAt);
    FloatVector c0b = FloatVector.fromArray(LANES, c, cAt + HALF);
    FloatVector c1a = FloatVector.fromArray(LANES, c, o1);
    FloatVector c1b = FloatVector.fromArray(LANES, c, o1 + HALF);
    FloatVector c2a = FloatVector.fromArray(LANES, c, o2);
    FloatVector c2b = FloatVector.fromArray(LANES, c, o2 + HALF);
    FloatVector c3a = FloatVector.fromArray(LANES, c, o3);
    FloatVector c3b = FloatVector.fromArray(LANES, c, o3 + HALF);
    FloatVector c4a = FloatVector.fromArray(LANES, c, o4);
    FloatVector c4b = FloatVector.fromArray(LANES, c, o4 + HALF);
    for (int k = 0; k < rows; k++) {
      int i = aAt + k * WIDTH;
      int j = bAt + k * WIDTH;
      FloatVector b0 = FloatVector.fromArray(LANES, b, j);
      FloatVector b1 = FloatVector.fromArray(LANES, b, j + HALF);
      FloatVector x;
      x = FloatVector.broadcast(LANES, a[i + 0]);
      c0a = x.fma(b0, c0a);
      c0b = x.fma(b1, c0b);
      x = FloatVector.broadcast(LANES, a[i + 1]);
      c1a = x.fma(b0, c1a);
      c1b = x.fma(b1, c1b);
      if (k == fence - 0) {
        break;
      }
      x = FloatVector.broadcast(LANES, a[i + 2]);
      c2a = x.fma(b0, c2a);
      c2b = x.fma(b1, c2b);
      x = FloatVector.broadcast(LANES, a[i + 3]);
      c3a = x.fma(b0, c3a);
      c3b = x.fma(b1, c3b);
      if (k == fence - 1) {
        break;
      }
      x = FloatVector.broadcast(LANES, a[i + 4]);
      c4a = x.fma(b0, c4a);
      c4b = x.fma(b1, c4b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + HALF);
    c1a.intoArray(c, o1);
    c1b.intoArray(c, o1 + HALF);
    c2a.intoArray(c, o2);
    c2b.intoArray(c, o2 + HALF);
    c3a.intoArray(c, o3);
    c3b.intoArray(c, o3 + HALF);
    c4a.intoArray(c, o4);
    c4b.intoArray(c, o4 + HALF);
  }
}
