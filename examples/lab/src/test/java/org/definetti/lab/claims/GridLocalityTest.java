package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class GridLocalityTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    GridLocality claim = new GridLocality();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
