package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

/** The exact forms and their controls, after a moment of training. */
final class DerivedTrainedTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new DerivedTrained());
  }
}
