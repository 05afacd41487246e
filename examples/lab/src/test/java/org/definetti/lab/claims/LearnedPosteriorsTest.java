package org.definetti.lab.claims;

import org.definetti.experiment.ClaimResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class LearnedPosteriorsTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    LearnedPosteriors claim = new LearnedPosteriors();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }
}
