package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class RidgeScheduleTest {

  @Test
  void closedFormsByHand() {
    // L = 16, λ = 16^(3/4) = 8, d = 4: λ d = 32, L + λ d = 48.
    RidgeSchedule slow = RidgeSchedule.power("L^3/4", 0.75);
    assertEquals(2 * 4.0 / 9, slow.squaredBias(4, 2, 16), 1e-15);
    assertEquals(2 * 4.0 / 9 + 3 * 4 * 16.0 / 2304, slow.error(4, 2, 3, 16), 1e-15);
    // At λ = s2/t2 both terms add up to s2 d / (L + λ d): 1.5 · 4 / (10 + 2).
    assertEquals(0.5, RidgeSchedule.fixed(0.5).error(4, 3, 1.5, 10), 1e-15);
  }
}
