package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class SpectralFiltersTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    SpectralFilters claim = new SpectralFilters();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
