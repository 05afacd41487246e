package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

/** The tables against their defining equations. */
class ZigguratTest {

  @Test
  void baseLayerHasTheAreaOfItsBoxAndItsTail() {
    double box = Ziggurat.R * Math.exp(-0.5 * Ziggurat.R * Ziggurat.R);
    double tail = Math.sqrt(Math.PI / 2) * Erf.erfc(Ziggurat.R / Math.sqrt(2));
    assertEquals(box + tail, Ziggurat.V, 1e-15);
    assertEquals(Ziggurat.V, Ziggurat.X[0] * Ziggurat.F[1], 1e-15);
  }

  @Test
  void everyLayerHasTheSameArea() {
    for (int i = 1; i < Ziggurat.LAYERS; i++) {
      double area = Ziggurat.X[i] * (Ziggurat.F[i + 1] - Ziggurat.F[i]);
      assertEquals(Ziggurat.V, area, 1e-15, "layer " + i);
    }
  }

  @Test
  void edgesLieOnTheDensityAndDecrease() {
    for (int i = 1; i <= Ziggurat.LAYERS; i++) {
      double x = Ziggurat.X[i];
      assertEquals(Math.exp(-0.5 * x * x), Ziggurat.F[i], 1e-15, "edge " + i);
      assertTrue(x < Ziggurat.X[i - 1], "edge " + i);
    }
  }

  @Test
  void anotherStartOfTheTailDoesNotClose() {
    double start = Ziggurat.R + 1e-9;
    double tail = Math.sqrt(Math.PI / 2) * Erf.erfc(start / Math.sqrt(2));
    double area = start * Ziggurat.density(start) + tail;
    double x = start;
    for (int i = 1; i < Ziggurat.LAYERS - 1; i++) {
      x = Math.sqrt(-2 * Math.log(Ziggurat.density(x) + area / x));
    }
    assertTrue(Math.abs(x * (1 - Ziggurat.density(x)) - area) > 1e-12);
  }
}
