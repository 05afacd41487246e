package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class TrainedNullHeadTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    TrainedNullHead claim = new TrainedNullHead();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
