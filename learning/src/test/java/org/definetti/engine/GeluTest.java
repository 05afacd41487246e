package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class GeluTest {

  /** The documented absolute error of Φ, and that of the slope, which adds rounding of x φ(x). */
  private static final double TOLERANCE = 2e-7;

  private static final double SLOPE_TOLERANCE = 3e-7;

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  @Test
  void valueAndSlopeFollowTheNormalDistribution() {
    for (double at = -12; at <= 12; at += 0.001) {
      float x = (float) at;
      double share = NORMAL.cumulativeProbability(x);
      double size = Math.max(1, Math.abs(x));
      assertEquals(x * share, Gelu.value(x), size * TOLERANCE, "value at " + x);
      assertEquals(
          share + x * NORMAL.density(x), Gelu.slope(x), size * SLOPE_TOLERANCE, "slope at " + x);
    }
  }

  @Test
  void rowsAgreeWithSingleNumbers() {
    float[] row = {-3f, -0.5f, 0f, 0.25f, 40f, 7f};
    float[] slopes = new float[row.length];
    float[] values = row.clone();
    Gelu.apply(values, slopes, 5);
    for (int j = 0; j < 5; j++) {
      assertEquals(Gelu.value(row[j]), values[j]);
      assertEquals(Gelu.slope(row[j]), slopes[j]);
    }
    assertEquals(7f, values[5], "beyond the count");
  }

  @Test
  void limitsAreExactAndNaNStays() {
    assertEquals(0f, Gelu.value(0f));
    assertEquals(0.5f, Gelu.slope(0f), 1e-7f);
    assertEquals(100f, Gelu.value(100f));
    assertTrue(Gelu.value(-100f) == 0f);
    assertTrue(Float.isNaN(Gelu.value(Float.NaN)));
  }
}
