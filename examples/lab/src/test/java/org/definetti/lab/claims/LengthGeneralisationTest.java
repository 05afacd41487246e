package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class LengthGeneralisationTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new LengthGeneralisation());
  }
}
