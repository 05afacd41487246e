package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.definetti.experiment.Outcome;
import org.junit.jupiter.api.Test;

class DeviationTest {

  @Test
  void isAbsoluteBelowOneAndRelativeAbove() {
    Deviation deviation = new Deviation();
    deviation.add(0.25, 0);
    assertEquals(0.25, deviation.largest());
    deviation.add(new double[] {-30, 1}, new double[] {-20, 1});
    assertEquals(0.5, deviation.largest());
    assertEquals(Outcome.CONFIRMED, deviation.atMost(0.5).outcome());
    assertEquals(Outcome.REFUTED, deviation.atMost(0.49).outcome());
  }

  @Test
  void aNanStays() {
    Deviation deviation = new Deviation();
    deviation.add(Double.NaN, 0);
    deviation.add(1, 1);
    assertEquals(Outcome.REFUTED, deviation.atMost(1).outcome());
  }

  @Test
  void refusesWhatConfirmsAnything() {
    Deviation deviation = new Deviation();
    assertThrows(IllegalStateException.class, () -> deviation.atMost(1));
    assertThrows(IllegalArgumentException.class, () -> deviation.add(new double[1], new double[2]));
  }
}
