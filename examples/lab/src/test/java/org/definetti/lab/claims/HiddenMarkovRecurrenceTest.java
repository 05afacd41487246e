package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class HiddenMarkovRecurrenceTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    HiddenMarkovRecurrence claim = new HiddenMarkovRecurrence();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
