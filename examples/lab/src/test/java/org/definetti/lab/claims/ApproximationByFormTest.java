package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class ApproximationByFormTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    ApproximationByForm claim = new ApproximationByForm();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
