package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class RangeFailureTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    RangeFailure claim = new RangeFailure();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
