package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class TreeRecursionTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    TreeRecursion claim = new TreeRecursion();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
