package org.definetti.lab.claims;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class LengthGeneralisationTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new LengthGeneralisation());
  }
}
