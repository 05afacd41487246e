package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class ChainLocalityTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    ChainLocality claim = new ChainLocality();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
