package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.CheckedClaim;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.ControlOutcome;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.random.Seed;

/** What every measured claim has to pass at the smoke budget. */
final class Smoke {

  private static final Seed SEED = Seed.of(1);

  private Smoke() {}

  /**
   * Checks the claim once on two threads and returns what was found: nothing contradicts what is
   * expected, and every control was caught.
   */
  static ClaimResult check(Claim claim) {
    ClaimResult result = check(claim, 2);
    assertTrue(new CheckedClaim(claim, Budget.SMOKE, result).isAsExpected(), () -> text(result));
    for (ClaimPart part : result.parts()) {
      if (part.control() != null) {
        assertEquals(ControlOutcome.CAUGHT, part.control().outcome(), part.control()::text);
      }
    }
    assertFalse(claim.statement().isBlank() || claim.prediction().isBlank());
    assertTrue(Arrays.stream(Budget.values()).allMatch(b -> claim.cost(b).toMillis() > 0));
    return result;
  }

  /** Checks the claim again on one thread, which must change no bit of it. */
  static void assertSameOnOneThread(Claim claim, ClaimResult result) {
    ClaimResult again = check(claim, 1);
    assertEquals(result.parts(), again.parts());
    assertEquals(cells(result), cells(again));
    assertEquals(result.rates(), again.rates());
  }

  private static List<?> cells(ClaimResult result) {
    return result.results().stream().map(Results::cells).toList();
  }

  private static ClaimResult check(Claim claim, int threads) {
    return claim.check(Budget.SMOKE, SEED, Runner.withDefaults().withThreads(threads));
  }

  private static String text(ClaimResult result) {
    return result.parts().stream().map(ClaimPart::toString).toList().toString();
  }
}
