package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class GaussianProcessRateTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    GaussianProcessRate claim = new GaussianProcessRate();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }

  @Test
  void theSelfConsistentErrorSolvesItsEquationAndApproachesTheFormula() {
    for (double length : new double[] {50, 400, 100_000}) {
      double error = GaussianProcessRate.selfConsistent(length);
      assertEquals(GaussianProcessRate.formula(0.25 + error, length), error, 1e-12);
      assertTrue(error > GaussianProcessRate.formula(0.25, length));
    }
    double longest =
        GaussianProcessRate.selfConsistent(100_000) / GaussianProcessRate.formula(0.25, 100_000);
    assertEquals(1, longest, 1e-3);
  }
}
