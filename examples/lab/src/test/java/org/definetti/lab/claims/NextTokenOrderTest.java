package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class NextTokenOrderTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new NextTokenOrder());
  }
}
