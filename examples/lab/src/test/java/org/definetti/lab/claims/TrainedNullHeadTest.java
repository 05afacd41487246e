package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class TrainedNullHeadTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new TrainedNullHead());
  }
}
