package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class LearnedCoherenceTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new LearnedCoherence());
  }
}
