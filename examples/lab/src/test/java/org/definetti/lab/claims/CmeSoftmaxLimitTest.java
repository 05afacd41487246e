package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class CmeSoftmaxLimitTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    CmeSoftmaxLimit claim = new CmeSoftmaxLimit();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
