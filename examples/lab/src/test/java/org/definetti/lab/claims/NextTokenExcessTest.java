package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class NextTokenExcessTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new NextTokenExcess());
  }
}
