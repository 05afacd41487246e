package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
  void intervalsStandInBrackets() {
    assertEquals("[−0.1, 0.2]", Numbers.interval(-0.1, 0.2));
    assertEquals("[–, 0.2]", Numbers.interval(Double.NaN, 0.2));
    assertEquals("–", Numbers.interval(Double.NaN, Double.NaN));
  }
}
