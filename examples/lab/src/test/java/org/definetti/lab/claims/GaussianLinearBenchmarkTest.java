package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class GaussianLinearBenchmarkTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new GaussianLinearBenchmark());
  }
}
