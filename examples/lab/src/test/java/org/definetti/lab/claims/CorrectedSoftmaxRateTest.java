package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class CorrectedSoftmaxRateTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    CorrectedSoftmaxRate claim = new CorrectedSoftmaxRate();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
