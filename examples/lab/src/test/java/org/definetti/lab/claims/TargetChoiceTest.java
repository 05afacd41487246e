package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class TargetChoiceTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    TargetChoice claim = new TargetChoice();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
