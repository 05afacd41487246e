package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class TrainedSoftmaxRateTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    TrainedSoftmaxRate claim = new TrainedSoftmaxRate();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
