package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.CheckedClaim;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ControlOutcome;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Runner;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The identities and the gap of mean pooling, at smoke budget. */
@Tag("slow")
class IdentityClaimsTest {

  static Stream<Claim> claims() {
    return Stream.of(
        new NullTokenExact(),
        new CmeExact(),
        new ConceptDictionaryExact(),
        new GeneratedQueryExact(),
        new SeveralHeadsExact(),
        new MeanPoolingGap(),
        new RiskIdentity(),
        new MaskedObjective());
  }

  @ParameterizedTest
  @MethodSource("claims")
  void isConfirmedWithEveryControlCaughtWhateverTheThreads(Claim claim) {
    Runner one = Runner.withDefaults().withThreads(1);
    ClaimResult result = claim.check(Budget.SMOKE, Seed.of(7), one);

    assertTrue(new CheckedClaim(claim, Budget.SMOKE, result).isAsExpected(), () -> text(result));
    for (ClaimPart part : result.parts()) {
      assertEquals(Outcome.CONFIRMED, part.verdict().outcome(), () -> text(result));
      Control control = part.control();
      if (control != null) {
        assertEquals(ControlOutcome.CAUGHT, control.outcome(), control::text);
      }
    }
    ClaimResult again = claim.check(Budget.SMOKE, Seed.of(7), one.withThreads(2));
    assertEquals(result.parts(), again.parts());
  }

  @ParameterizedTest
  @MethodSource("claims")
  void saysWhatItIs(Claim claim) {
    assertTrue(claim.id().matches("[A-E][0-9]"), claim.id());
    assertTrue(claim.slug().matches("[a-z]+(-[a-z]+)*"), claim.slug());
    assertTrue(claim.statement().endsWith("."), claim.statement());
    assertNotNull(claim.source().citation());
    for (Budget budget : Budget.values()) {
      assertTrue(claim.cost(budget).toSeconds() >= 1);
    }
  }

  private static String text(ClaimResult result) {
    List<String> parts =
        result.parts().stream()
            .map(part -> part.name() + " " + part.verdict() + " " + part.control())
            .toList();
    return String.join("\n", parts);
  }
}
