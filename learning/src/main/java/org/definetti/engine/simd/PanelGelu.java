package org.definetti.engine.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.definetti.engine.Gelu;

/**
 * The Gaussian error linear unit of panels, exact form, with its slope.
 *
 * <p>Formula and accuracy as in its plain twin {@link Gelu}; the exponential as in {@link
 * RowExponentials}. About thirty operations a vector, one of them a division.
 */
final class PanelGelu {

  private static final float HALF_LOG2_E = 0.7213475f;
  private static final float ROUNDER = 0x1.8p23f + 127f;
  private static final int MANTISSA_BITS = 23;

  private PanelGelu() {}

  /**
   * Writes values and slopes.
   *
   * @param x one panel. Modified: receives the slopes.
   * @param y one panel, receives the values. Modified.
   */
  static void forward(float[] x, int xAt, float[] y, int yAt, int rows) {
    for (int i = 0; i < rows * WIDTH; i += HALF) {
      FloatVector u = FloatVector.fromArray(LANES, x, xAt + i);
      FloatVector least = FloatVector.broadcast(LANES, RowExponentials.LEAST);
      FloatVector t = u.mul(u).mul(-HALF_LOG2_E);
      t = t.blend(least, t.compare(LT, least));
      FloatVector shifted = t.add(ROUNDER);
      FloatVector f = t.sub(shifted.sub(ROUNDER));
      FloatVector e =
          f.fma(
              FloatVector.broadcast(LANES, RowExponentials.C5),
              FloatVector.broadcast(LANES, RowExponentials.C4));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C3));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C2));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C1));
      FloatVector one = FloatVector.broadcast(LANES, 1f);
      e = e.fma(f, one);
      e = e.mul(shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats());
      FloatVector w = one.div(u.abs().fma(FloatVector.broadcast(LANES, Gelu.P), one));
      FloatVector tail =
          w.fma(FloatVector.broadcast(LANES, Gelu.A5), FloatVector.broadcast(LANES, Gelu.A4));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A3));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A2));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A1));
      tail = tail.mul(w).mul(e);
      FloatVector share = one.sub(tail).blend(tail, u.compare(LT, 0f));
      u.mul(share).intoArray(y, yAt + i);
      u.mul(e).fma(FloatVector.broadcast(LANES, Gelu.DENSITY_AT_ZERO), share).intoArray(x, xAt + i);
    }
  }

  /**
   * Replaces numbers by their values, the same bits as {@link #forward} writes.
   *
   * @param x one panel. Modified.
   */
  static void infer(float[] x, int xAt, int rows) {
    for (int i = 0; i < rows * WIDTH; i += HALF) {
      FloatVector u = FloatVector.fromArray(LANES, x, xAt + i);
      FloatVector least = FloatVector.broadcast(LANES, RowExponentials.LEAST);
      FloatVector t = u.mul(u).mul(-HALF_LOG2_E);
      t = t.blend(least, t.compare(LT, least));
      FloatVector shifted = t.add(ROUNDER);
      FloatVector f = t.sub(shifted.sub(ROUNDER));
      FloatVector e =
          f.fma(
              FloatVector.broadcast(LANES, RowExponentials.C5),
              FloatVector.broadcast(LANES, RowExponentials.C4));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C3));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C2));
      e = e.fma(f, FloatVector.broadcast(LANES, RowExponentials.C1));
      FloatVector one = FloatVector.broadcast(LANES, 1f);
      e = e.fma(f, one);
      e = e.mul(shifted.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats());
      FloatVector w = one.div(u.abs().fma(FloatVector.broadcast(LANES, Gelu.P), one));
      FloatVector tail =
          w.fma(FloatVector.broadcast(LANES, Gelu.A5), FloatVector.broadcast(LANES, Gelu.A4));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A3));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A2));
      tail = tail.fma(w, FloatVector.broadcast(LANES, Gelu.A1));
      tail = tail.mul(w).mul(e);
      FloatVector share = one.sub(tail).blend(tail, u.compare(LT, 0f));
      u.mul(share).intoArray(x, xAt + i);
    }
  }

  /** Multiplies a panel by the slopes in another. */
  static void backward(float[] dy, int dyAt, float[] slopes, int slopesAt, int rows) {
    for (int i = 0; i < rows * WIDTH; i += HALF) {
      FloatVector.fromArray(LANES, dy, dyAt + i)
          .mul(FloatVector.fromArray(LANES, slopes, slopesAt + i))
          .intoArray(dy, dyAt + i);
    }
  }
}
