package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class RidgeSchedulesTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    RidgeSchedules claim = new RidgeSchedules();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
