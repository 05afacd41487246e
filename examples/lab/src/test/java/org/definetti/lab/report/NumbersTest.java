package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NumbersTest {

  @Test
  void numbersReadAsPeopleWriteThem() {
    assertEquals("0", Numbers.text(-0.0, 4));
    assertEquals("−1.004", Numbers.text(-1.0041, 4));
    assertEquals("0.00123", Numbers.text(0.001234, 3));
    assertEquals("1.2·10⁻⁷", Numbers.text(1.2e-7, 4));
    assertEquals("10⁻¹²", Numbers.text(1e-12, 4));
    assertEquals("−10⁻¹²", Numbers.text(-1e-12, 4));
    assertEquals("8192", Numbers.text(8192, 6));
    assertEquals("1.3·10¹⁰", Numbers.text(1.3e10, 4));
    assertEquals("–", Numbers.text(Double.NaN, 4));
    assertEquals("−∞", Numbers.text(Double.NEGATIVE_INFINITY, 4));
  }

  @Test
  void ticksAreRoundAndFew() {
    assertEquals(
        List.of(4.0, 16.0, 64.0),
        Ticks.over(true, List.of(4.0, 64.0)).major().stream()
            .filter(v -> v != 8 && v != 32)
            .toList());
    assertEquals(
        List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0), Ticks.over(false, List.of(0.0, 1.0)).major());
    assertEquals(List.of(0.01, 0.1, 1.0, 10.0), Ticks.over(true, List.of(0.009, 12.0)).major());
    assertEquals(List.of(0.5, 1.0, 2.0, 5.0), Ticks.over(true, List.of(0.5, 7.0)).major());
    for (double most : new double[] {1e-300, 1e-9, 1.0, 3.7, 1e5, 1e300}) {
      for (double share : new double[] {0.999, 0.5, 0.01, 1e-6, 1e-12}) {
        for (boolean logarithmic : new boolean[] {true, false}) {
          Ticks ticks = Ticks.over(logarithmic, List.of(most, most * share));
          assertEquals(true, ticks.major().size() <= 12, most + " " + share + " " + ticks);
          assertEquals(true, ticks.low() < ticks.high());
          assertEquals(1, ticks.fraction(logarithmic, ticks.high()), 1e-9);
        }
      }
    }
  }
}
