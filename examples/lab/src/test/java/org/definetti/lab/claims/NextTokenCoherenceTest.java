package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class NextTokenCoherenceTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new NextTokenCoherence());
  }
}
