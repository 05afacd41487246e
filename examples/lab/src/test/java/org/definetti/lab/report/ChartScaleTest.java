package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ChartScaleTest {

  @Test
  void lengthsAreLabelledByPowersOfTwo() {
    assertEquals(new ChartScale(2, 2, 6, 1), ChartScale.over(true, List.of(4.0, 16.0, 64.0)));
    assertEquals(new ChartScale(2, 2, 14, 2), ChartScale.over(true, List.of(4.0, 8192.0)));
    // Geometric means of neighbouring lengths count as lengths.
    assertEquals(2, ChartScale.over(true, List.of(Math.sqrt(32), Math.sqrt(8192))).base());
  }

  @Test
  void errorsAreLabelledByPowersOfTen() {
    assertEquals(new ChartScale(10, -3, 2, 1), ChartScale.over(true, List.of(0.009, 12.0)));
    assertEquals(new ChartScale(10, -3, 3, 1), ChartScale.over(true, List.of(0.001, 1000.0)));
    assertEquals(-16, ChartScale.over(true, List.of(3e-16, 1.0)).low());
  }

  @Test
  void narrowRangesAndDifferencesAreLinear() {
    assertEquals(new ChartScale(0, 0.9, 1.1, 0), ChartScale.over(true, List.of(1.1, 0.9)));
    assertEquals(new ChartScale(0, -1, 0, 0), ChartScale.over(false, List.of(0.0, -1.0)));
  }

  @Test
  void everyValueLiesOnItsAxisAndLabelsAreFew() {
    for (double most : new double[] {1e-149, 1e-9, 1.0, 3.7, 1e5, 1e150}) {
      for (double share : new double[] {1, 0.999, 0.5, 0.2, 0.01, 1e-6, 1e-12}) {
        double least = Math.max(most * share, 1e-150);
        ChartScale scale = ChartScale.over(true, List.of(most, least));
        assertTrue(scale.low() <= place(scale, least), most + " " + share + " " + scale);
        assertTrue(scale.high() >= place(scale, most), most + " " + share + " " + scale);
        assertTrue(scale.base() == 0 || scale.high() - scale.low() <= 10 * scale.step());
      }
    }
    assertTrue(ChartScale.over(true, List.of()).low() < ChartScale.over(true, List.of()).high());
  }

  /** Where chart.js puts a value: the power of the base, rounded. */
  private static double place(ChartScale scale, double value) {
    double power = Math.log(value) / Math.log(scale.base());
    return scale.base() == 0 ? value : Math.rint(power * 1e6) / 1e6;
  }
}
