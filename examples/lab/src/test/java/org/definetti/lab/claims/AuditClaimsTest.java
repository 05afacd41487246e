package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A1 to A6 at smoke budget: every part holds, and every control is caught. */
class AuditClaimsTest {

  static Stream<Claim> claims() {
    return Stream.of(
        new OrderInvariance(),
        new MartingalePredictions(),
        new TwoStepSymmetry(),
        new Extendability(),
        new PosteriorSufficiency(),
        new PosteriorMinimality());
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    ClaimResult result = Smoke.check(claim);
    for (ClaimPart part : result.parts()) {
      assertEquals(Outcome.CONFIRMED, part.verdict().outcome(), part::toString);
    }
    assertTrue(claim.id().matches("A[1-6]"), claim.id());
    assertTrue(Claims.ALL.stream().anyMatch(c -> c.id().equals(claim.id())), claim.id());
  }
}
