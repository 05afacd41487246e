package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of panels, the kernel that does most of a transformer block's work.
 *
 * <pre>{@code  C (rows, WIDTH) = init + A (rows, inner) · B (inner, WIDTH),   or  C += A · B  }
 * </pre>
 *
 * <p>A tile of six rows of C, two vectors each, stays in twelve registers while k runs over the
 * inner dimension: two loads of B and six broadcasts of A to twelve multiply-adds, so with two
 * loads and two multiply-adds a cycle the arithmetic is the limit. The rest of the rows goes in
 * tiles of five, which together with sixes make every number from twenty on. Bytes: a panel of B,
 * 64 times the inner dimension, stays in first-level cache while rows of A stream past it.
 *
 * <p>All addresses of a tile are one index and a constant, because panels have constant rows: with
 * a stride in a variable the address arithmetic costs more than the multiply-adds. The tests
 * against {@code FENCE} never succeed. They end basic blocks, in which the compiler would otherwise
 * move all loads to the front and, out of registers, keep half of C on the stack: 42 instead of 90
 * GFLOP/s of a peak of 103. The innermost loop has a constant number of rounds: with a variable one
 * the compiler polls and checks in every round (73 GFLOP/s), and as a for loop that may run no
 * round it allocates every vector (5 GFLOP/s).
 *
 * <p>Plain twin: the products in the loops of {@link org.definetti.engine.BlockKernels#plain}.
 */
final class PanelProduct {

  /** Never reached by a loop variable; not final, so that the compiler does not know. */
  private static int FENCE = -1;

  private PanelProduct() {}

  /**
   * Writes or adds to one panel of C.
   *
   * @param a the first row of A in its first panel. Not modified.
   * @param aPanel numbers between one panel of A and the next
   * @param inner columns of A and rows of B, rounded up to whole panels: what is read past them
   *     must be zero in one and finite in the other
   * @param b one panel of B, (inner, WIDTH). Not modified.
   * @param init what rows of C start from: C itself to add to it, or one row for all. Not modified.
   * @param initRow numbers between one such row and the next: WIDTH, or zero for one row
   * @param c one panel of C; {@link Panels#tiled} rows are written. Modified.
   * @param rows rows of A and C
   */
  static void multiply(
      float[] a,
      int aAt,
      int aPanel,
      int inner,
      float[] b,
      int bAt,
      float[] init,
      int initAt,
      int initRow,
      float[] c,
      int cAt,
      int rows) {
    int fives = Panels.fives(rows);
    int sixes = (Panels.tiled(rows) - 5 * fives) / 6;
    sixRows(a, aAt, aPanel, inner, b, bAt, init, initAt, initRow, c, cAt, sixes);
    if (fives > 0) {
      int done = 6 * sixes * WIDTH;
      fiveRows(
          a,
          aAt + done,
          aPanel,
          inner,
          b,
          bAt,
          init,
          initAt + 6 * sixes * initRow,
          initRow,
          c,
          cAt + done,
          fives);
    }
  }

  private static void sixRows(
      float[] a,
      int aAt,
      int aPanel,
      int inner,
      float[] b,
      int bAt,
      float[] init,
      int initAt,
      int initRow,
      float[] c,
      int cAt,
      int tiles) {
    int fence = FENCE;
    for (int t = 0; t < tiles; t++) {
      int o = cAt + t * 6 * WIDTH;
      int aRow = aAt + t * 6 * WIDTH;
      int bRow = bAt;
      int s = initAt + t * 6 * initRow;
      FloatVector c0a = FloatVector.fromArray(LANES, init, s);
      FloatVector c0b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c1a = FloatVector.fromArray(LANES, init, s);
      FloatVector c1b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c2a = FloatVector.fromArray(LANES, init, s);
      FloatVector c2b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c3a = FloatVector.fromArray(LANES, init, s);
      FloatVector c3b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c4a = FloatVector.fromArray(LANES, init, s);
      FloatVector c4b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c5a = FloatVector.fromArray(LANES, init, s);
      FloatVector c5b = FloatVector.fromArray(LANES, init, s + HALF);
      for (int g = 0; g < inner; g += WIDTH) {
        for (int k = 0; k < WIDTH; k += 2) {
          int i = aRow + k;
          int j = bRow + k * WIDTH;
          FloatVector x, b0, b1;
          b0 = FloatVector.fromArray(LANES, b, j + 0 * WIDTH);
          b1 = FloatVector.fromArray(LANES, b, j + 0 * WIDTH + HALF);
          x = FloatVector.broadcast(LANES, a[i + 0 * WIDTH + 0]);
          c0a = x.fma(b0, c0a);
          c0b = x.fma(b1, c0b);
          x = FloatVector.broadcast(LANES, a[i + 1 * WIDTH + 0]);
          c1a = x.fma(b0, c1a);
          c1b = x.fma(b1, c1b);
          if (k == fence - 0) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 2 * WIDTH + 0]);
          c2a = x.fma(b0, c2a);
          c2b = x.fma(b1, c2b);
          x = FloatVector.broadcast(LANES, a[i + 3 * WIDTH + 0]);
          c3a = x.fma(b0, c3a);
          c3b = x.fma(b1, c3b);
          if (k == fence - 1) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 4 * WIDTH + 0]);
          c4a = x.fma(b0, c4a);
          c4b = x.fma(b1, c4b);
          x = FloatVector.broadcast(LANES, a[i + 5 * WIDTH + 0]);
          c5a = x.fma(b0, c5a);
          c5b = x.fma(b1, c5b);
          if (k == fence - 2) {
            break;
          }
          b0 = FloatVector.fromArray(LANES, b, j + 1 * WIDTH);
          b1 = FloatVector.fromArray(LANES, b, j + 1 * WIDTH + HALF);
          x = FloatVector.broadcast(LANES, a[i + 0 * WIDTH + 1]);
          c0a = x.fma(b0, c0a);
          c0b = x.fma(b1, c0b);
          x = FloatVector.broadcast(LANES, a[i + 1 * WIDTH + 1]);
          c1a = x.fma(b0, c1a);
          c1b = x.fma(b1, c1b);
          if (k == fence - 3) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 2 * WIDTH + 1]);
          c2a = x.fma(b0, c2a);
          c2b = x.fma(b1, c2b);
          x = FloatVector.broadcast(LANES, a[i + 3 * WIDTH + 1]);
          c3a = x.fma(b0, c3a);
          c3b = x.fma(b1, c3b);
          if (k == fence - 4) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 4 * WIDTH + 1]);
          c4a = x.fma(b0, c4a);
          c4b = x.fma(b1, c4b);
          x = FloatVector.broadcast(LANES, a[i + 5 * WIDTH + 1]);
          c5a = x.fma(b0, c5a);
          c5b = x.fma(b1, c5b);
          if (k == fence - 5) {
            break;
          }
        }
        aRow += aPanel;
        bRow += WIDTH * WIDTH;
      }
      c0a.intoArray(c, o + 0 * WIDTH);
      c0b.intoArray(c, o + 0 * WIDTH + HALF);
      c1a.intoArray(c, o + 1 * WIDTH);
      c1b.intoArray(c, o + 1 * WIDTH + HALF);
      c2a.intoArray(c, o + 2 * WIDTH);
      c2b.intoArray(c, o + 2 * WIDTH + HALF);
      c3a.intoArray(c, o + 3 * WIDTH);
      c3b.intoArray(c, o + 3 * WIDTH + HALF);
      c4a.intoArray(c, o + 4 * WIDTH);
      c4b.intoArray(c, o + 4 * WIDTH + HALF);
      c5a.intoArray(c, o + 5 * WIDTH);
      c5b.intoArray(c, o + 5 * WIDTH + HALF);
    }
  }

  private static void fiveRows(
      float[] a,
      int aAt,
      int aPanel,
      int inner,
      float[] b,
      int bAt,
      float[] init,
      int initAt,
      int initRow,
      float[] c,
      int cAt,
      int tiles) {
    int fence = FENCE;
    for (int t = 0; t < tiles; t++) {
      int o = cAt + t * 5 * WIDTH;
      int aRow = aAt + t * 5 * WIDTH;
      int bRow = bAt;
      int s = initAt + t * 5 * initRow;
      FloatVector c0a = FloatVector.fromArray(LANES, init, s);
      FloatVector c0b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c1a = FloatVector.fromArray(LANES, init, s);
      FloatVector c1b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c2a = FloatVector.fromArray(LANES, init, s);
      FloatVector c2b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c3a = FloatVector.fromArray(LANES, init, s);
      FloatVector c3b = FloatVector.fromArray(LANES, init, s + HALF);
      s += initRow;
      FloatVector c4a = FloatVector.fromArray(LANES, init, s);
      FloatVector c4b = FloatVector.fromArray(LANES, init, s + HALF);
      for (int g = 0; g < inner; g += WIDTH) {
        for (int k = 0; k < WIDTH; k += 2) {
          int i = aRow + k;
          int j = bRow + k * WIDTH;
          FloatVector x, b0, b1;
          b0 = FloatVector.fromArray(LANES, b, j + 0 * WIDTH);
          b1 = FloatVector.fromArray(LANES, b, j + 0 * WIDTH + HALF);
          x = FloatVector.broadcast(LANES, a[i + 0 * WIDTH + 0]);
          c0a = x.fma(b0, c0a);
          c0b = x.fma(b1, c0b);
          x = FloatVector.broadcast(LANES, a[i + 1 * WIDTH + 0]);
          c1a = x.fma(b0, c1a);
          c1b = x.fma(b1, c1b);
          if (k == fence - 0) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 2 * WIDTH + 0]);
          c2a = x.fma(b0, c2a);
          c2b = x.fma(b1, c2b);
          x = FloatVector.broadcast(LANES, a[i + 3 * WIDTH + 0]);
          c3a = x.fma(b0, c3a);
          c3b = x.fma(b1, c3b);
          if (k == fence - 1) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 4 * WIDTH + 0]);
          c4a = x.fma(b0, c4a);
          c4b = x.fma(b1, c4b);
          b0 = FloatVector.fromArray(LANES, b, j + 1 * WIDTH);
          b1 = FloatVector.fromArray(LANES, b, j + 1 * WIDTH + HALF);
          x = FloatVector.broadcast(LANES, a[i + 0 * WIDTH + 1]);
          c0a = x.fma(b0, c0a);
          c0b = x.fma(b1, c0b);
          x = FloatVector.broadcast(LANES, a[i + 1 * WIDTH + 1]);
          c1a = x.fma(b0, c1a);
          c1b = x.fma(b1, c1b);
          if (k == fence - 2) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 2 * WIDTH + 1]);
          c2a = x.fma(b0, c2a);
          c2b = x.fma(b1, c2b);
          x = FloatVector.broadcast(LANES, a[i + 3 * WIDTH + 1]);
          c3a = x.fma(b0, c3a);
          c3b = x.fma(b1, c3b);
          if (k == fence - 3) {
            break;
          }
          x = FloatVector.broadcast(LANES, a[i + 4 * WIDTH + 1]);
          c4a = x.fma(b0, c4a);
          c4b = x.fma(b1, c4b);
        }
        aRow += aPanel;
        bRow += WIDTH * WIDTH;
      }
      c0a.intoArray(c, o + 0 * WIDTH);
      c0b.intoArray(c, o + 0 * WIDTH + HALF);
      c1a.intoArray(c, o + 1 * WIDTH);
      c1b.intoArray(c, o + 1 * WIDTH + HALF);
      c2a.intoArray(c, o + 2 * WIDTH);
      c2b.intoArray(c, o + 2 * WIDTH + HALF);
      c3a.intoArray(c, o + 3 * WIDTH);
      c3b.intoArray(c, o + 3 * WIDTH + HALF);
      c4a.intoArray(c, o + 4 * WIDTH);
      c4b.intoArray(c, o + 4 * WIDTH + HALF);
    }
  }
}
