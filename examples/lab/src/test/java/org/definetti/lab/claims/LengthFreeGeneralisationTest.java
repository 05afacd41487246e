package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class LengthFreeGeneralisationTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    LengthFreeGeneralisation claim = new LengthFreeGeneralisation();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
