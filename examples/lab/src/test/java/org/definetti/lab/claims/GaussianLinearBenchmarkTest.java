package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class GaussianLinearBenchmarkTest {

  @Test
  void holdsAtSmoke() {
    Smoke.check(new GaussianLinearBenchmark());
  }

  /** Their variance is 0.1 + 0.1; 3.3 standard deviations of a mean of 100 squares. */
  @Test
  void observationsAreTenOfTenCoordinates() {
    double squares = 0;
    for (int i = 0; i < BenchmarkObservations.count(); i++) {
      Tokens seen = BenchmarkObservations.tokens(new RealTokens(10), i);
      assertEquals(1, seen.length());
      for (int j = 0; j < 10; j++) {
        squares += seen.at(0, j) * seen.at(0, j);
      }
    }
    assertEquals(10, BenchmarkObservations.count());
    assertEquals(0.2, squares / 100, 3.3 * 0.2 * Math.sqrt(2.0 / 100));
  }
}
