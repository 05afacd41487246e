package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class PowerTableTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    PowerTable claim = new PowerTable();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
