package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

/** Exact profiles, and those of networks after a moment of training. */
final class InfluenceProfilesTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new InfluenceProfiles());
  }
}
