package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Test;

final class LengthGeneralisationTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    LengthGeneralisation claim = new LengthGeneralisation();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
