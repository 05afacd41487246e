package org.definetti.engine.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Powers of two of the scores in a panel, with their sums by row.
 *
 * <pre>{@code  e = 2^(s - m_r) = 2^n · 2^f,   n = round(s - m_r),   |f| <= 1/2  }</pre>
 *
 * <p>Scores come in units of ln 2, so that no product with log2 e is needed. n is rounded by adding
 * 1.5 · 2^23 + 127, whose last bits then are the exponent's; 2^f is a polynomial of degree 5 with
 * relative error 9e-8. Per vector: six multiply-adds and products, four or five of the rest, a load
 * and a store.
 *
 * <p>Plain twin: {@link org.definetti.engine.FloatExp}.
 */
final class RowExponentials {

  /** Scores down to here; what is below becomes exactly 0. */
  static final float LEAST = -127f;

  static final float ROUNDER = 0x1.8p23f + 127f;
  private static final int MANTISSA_BITS = 23;
  static final float C1 = 0x1.62e42ap-1f;
  static final float C2 = 0x1.ebf9bcp-3f;
  static final float C3 = 0x1.c6b752p-5f;
  static final float C4 = 0x1.3cea88p-7f;
  static final float C5 = 0x1.5bba14p-10f;

  private RowExponentials() {}

  /**
   * Replaces scores between -126 and 126 by their powers.
   *
   * @param e a panel of scores. Modified.
   * @param sums (rows, HALF): partial sums by row, added to. Modified.
   */
  static void bounded(float[] e, int at, int rows, float[] sums, int sumsAt) {
    for (int r = 0; r < rows; r++) {
      int i = at + r * WIDTH;
      FloatVector x = FloatVector.fromArray(LANES, e, i);
      FloatVector y = FloatVector.fromArray(LANES, e, i + HALF);
      FloatVector xs = x.add(ROUNDER);
      FloatVector ys = y.add(ROUNDER);
      x = x.sub(xs.sub(ROUNDER));
      y = y.sub(ys.sub(ROUNDER));
      FloatVector c5 = FloatVector.broadcast(LANES, C5);
      FloatVector c4 = FloatVector.broadcast(LANES, C4);
      FloatVector p = x.fma(c5, c4);
      FloatVector q = y.fma(c5, c4);
      FloatVector c3 = FloatVector.broadcast(LANES, C3);
      p = p.fma(x, c3);
      q = q.fma(y, c3);
      FloatVector c2 = FloatVector.broadcast(LANES, C2);
      p = p.fma(x, c2);
      q = q.fma(y, c2);
      FloatVector c1 = FloatVector.broadcast(LANES, C1);
      p = p.fma(x, c1);
      q = q.fma(y, c1);
      FloatVector one = FloatVector.broadcast(LANES, 1f);
      p = p.fma(x, one);
      q = q.fma(y, one);
      p = p.mul(xs.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats());
      q = q.mul(ys.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats());
      p.intoArray(e, i);
      q.intoArray(e, i + HALF);
      int s = sumsAt + r * HALF;
      FloatVector.fromArray(LANES, sums, s).add(p.add(q)).intoArray(sums, s);
    }
  }

  /**
   * Replaces any scores by their powers relative to the rows' maxima.
   *
   * @param e a panel of scores. Modified.
   * @param max m_r, (rows). Not modified.
   * @param sums (rows, HALF): partial sums by row, added to. Modified.
   */
  static void shifted(
      float[] e, int at, int rows, float[] max, int maxAt, float[] sums, int sumsAt) {
    FloatVector least = FloatVector.broadcast(LANES, LEAST);
    for (int r = 0; r < rows; r++) {
      FloatVector m = FloatVector.broadcast(LANES, max[maxAt + r]);
      FloatVector sum = FloatVector.fromArray(LANES, sums, sumsAt + r * HALF);
      for (int i = at + r * WIDTH; i < at + (r + 1) * WIDTH; i += HALF) {
        FloatVector x = FloatVector.fromArray(LANES, e, i).sub(m);
        x = x.blend(least, x.compare(LT, least));
        FloatVector xs = x.add(ROUNDER);
        x = x.sub(xs.sub(ROUNDER));
        FloatVector p = x.fma(FloatVector.broadcast(LANES, C5), FloatVector.broadcast(LANES, C4));
        p = p.fma(x, FloatVector.broadcast(LANES, C3));
        p = p.fma(x, FloatVector.broadcast(LANES, C2));
        p = p.fma(x, FloatVector.broadcast(LANES, C1));
        p = p.fma(x, FloatVector.broadcast(LANES, 1f));
        p = p.mul(xs.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats());
        p.intoArray(e, i);
        sum = sum.add(p);
      }
      sum.intoArray(sums, sumsAt + r * HALF);
    }
  }

  /** Returns 2^x for one number, as the vectors do. */
  static float power(float x) {
    if (x < LEAST) {
      return 0f;
    }
    float shifted = x + ROUNDER;
    float f = x - (shifted - ROUNDER);
    float p = Math.fma(f, Math.fma(f, Math.fma(f, Math.fma(f, C5, C4), C3), C2), C1);
    return Math.fma(p, f, 1f) * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
  }
}
