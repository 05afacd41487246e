package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class ConditionNumbersTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    ConditionNumbers claim = new ConditionNumbers();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
