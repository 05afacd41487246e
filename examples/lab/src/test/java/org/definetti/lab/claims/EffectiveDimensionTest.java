package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class EffectiveDimensionTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    EffectiveDimension claim = new EffectiveDimension();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
