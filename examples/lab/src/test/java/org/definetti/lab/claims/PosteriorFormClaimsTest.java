package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.SourceTag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The claims on isotropic posteriors at smoke budget: every part holds, every control is caught.
 */
class PosteriorFormClaimsTest {

  static Stream<Claim> claims() {
    return Claims.ALL.stream().filter(claim -> claim.id().matches("MS[0-9]+"));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    ClaimResult result = Smoke.check(claim);
    for (ClaimPart part : result.parts()) {
      assertEquals(Outcome.CONFIRMED, part.verdict().outcome(), part::toString);
      assertTrue(part.control() != null, part::name);
    }
    assertEquals(SourceTag.DERIVED, claim.source().tag(), "no theorem of a paper not read");
  }
}
