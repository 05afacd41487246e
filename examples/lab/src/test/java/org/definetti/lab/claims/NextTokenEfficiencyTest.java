package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class NextTokenEfficiencyTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new NextTokenEfficiency());
  }
}
