package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class SoftmaxConcentrationTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    SoftmaxConcentration claim = new SoftmaxConcentration();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
