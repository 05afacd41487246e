package org.definetti.lab.claims;

import java.util.stream.Stream;
import org.definetti.experiment.Claim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sparse variables at smoke budget: every part as expected, every control caught. */
@Tag("slow")
class SparseClaimsTest {

  static Stream<Claim> claims() {
    return Claims.ALL.stream().filter(claim -> claim.tags().contains("sparse"));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmokeAndIsDeterministic(Claim claim) {
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
