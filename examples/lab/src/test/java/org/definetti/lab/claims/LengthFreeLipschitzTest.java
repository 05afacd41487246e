package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class LengthFreeLipschitzTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    LengthFreeLipschitz claim = new LengthFreeLipschitz();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
