package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloatExpTest {

  /** The bound its docstring states, in units in the last place of the exact value. */
  private static final double ULPS = 2.0;

  @Test
  void staysWithinTwoUlpOfTheExactValueOverTheWholeRange() {
    double worst = 0.0;
    for (int i = 0; i <= 2_000_000; i++) {
      float x = (float) (-87.0 + i * (175.0 / 2_000_000));
      double exact = StrictMath.exp(x);
      double error = Math.abs(FloatExp.exp(x) - exact) / Math.ulp((float) exact);
      worst = Math.max(worst, error);
    }
    assertTrue(worst <= ULPS, "worst error in ulp: " + worst);
  }

  @Test
  void oneAtZeroAndMonotoneWhereSoftmaxUsesIt() {
    assertEquals(1f, FloatExp.exp(0f));
    assertEquals(1f, FloatExp.exp(-0f));
    for (float x = 0f; x > -87f; x -= 0.01f) {
      assertTrue(FloatExp.exp(x - 0.01f) < FloatExp.exp(x));
    }
  }

  @Test
  void limitsAndNotANumber() {
    assertEquals(0f, FloatExp.exp(-87.01f));
    assertEquals(0f, FloatExp.exp(Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, FloatExp.exp(88.01f));
    assertEquals(Float.POSITIVE_INFINITY, FloatExp.exp(Float.POSITIVE_INFINITY));
    assertTrue(Float.isNaN(FloatExp.exp(Float.NaN)));
  }
}
