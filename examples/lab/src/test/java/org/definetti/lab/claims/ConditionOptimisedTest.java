package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class ConditionOptimisedTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    ConditionOptimised claim = new ConditionOptimised();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
