package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {

  /** A claim about a rate: mean pooling's gap falls like 1/L. */
  private record SweepClaim() implements Claim {
    @Override
    public String id() {
      return "T1";
    }

    @Override
    public String slug() {
      return "error-falls";
    }

    @Override
    public String statement() {
      return "The error falls like 1/L.";
    }

    @Override
    public Source source() {
      return Source.derived("this test");
    }

    @Override
    public String prediction() {
      return "squared-gap ~ L^-1 ± 0.3 over 4..32";
    }

    @Override
    public Duration cost(Budget budget) {
      return Duration.ofMillis(10);
    }

    @Override
    public ClaimResult check(Budget budget, Seed seed, Runner runner) {
      Results results = runner.execute(Trial.plan(5), Trial::compute);
      Expectation expectation = Expectation.parse(prediction());
      List<JudgedRate> rates =
          results.curves().stream()
              .filter(curve -> expectation.isAbout(curve.key()))
              .map(expectation::judge)
              .toList();
      Verdict wrong = rates.get(0).rate().expect(-2, 0.3);
      Verdict right = Objects.requireNonNull(rates.get(0).verdict());
      return ClaimResult.of(
              ClaimPart.of("a", right).withControl(Control.of(wrong, "slope -2 expected")))
          .withResults(List.of(results))
          .withRates(rates);
    }
  }

  private static ClaimPart part(double measured, boolean caught) {
    return ClaimPart.of("a", Verdict.exact(measured, Prediction.atMost(1)))
        .withControl(Control.of(caught, "ridge off by 2"));
  }

  private static int exitCode(Budget budget, ClaimPart... parts) {
    return ExitCode.ofClaims(
        List.of(new CheckedClaim(new SweepClaim(), budget, ClaimResult.of(parts))));
  }

  @Test
  void sweepClaimGivesTheSameResultWithAndWithoutJournal(@TempDir Path out) {
    Claim claim = new SweepClaim();
    ClaimResult without = claim.check(Budget.FULL, Seed.of(1));
    Runner runner = Runner.withDefaults().withDirectory(out).within(claim.id());
    assertEquals(without, claim.check(Budget.FULL, Seed.of(1), runner));
    assertEquals(without, claim.check(Budget.FULL, Seed.of(1), runner.withResume(true)));
    CheckedClaim checked = new CheckedClaim(claim, Budget.FULL, without);
    assertEquals(ExitCode.DONE, ExitCode.ofClaims(List.of(checked)));
    assertEquals(ExitCode.DONE, ExitCode.ofRates(without.rates(), Budget.FULL));
  }

  @Test
  void contradictionAndMissedControlGiveOne() {
    assertEquals(ExitCode.DONE, exitCode(Budget.SMOKE, part(0, true)));
    assertEquals(ExitCode.CONTRADICTED, exitCode(Budget.SMOKE, part(2, true)));
    assertEquals(ExitCode.CONTRADICTED, exitCode(Budget.SMOKE, part(0, false)));
  }

  @Test
  void partMayExpectToBeRefuted() {
    ExpectedOutcome refuted = ExpectedOutcome.refuted("the paper's constant lacks a factor");
    assertEquals(ExitCode.DONE, exitCode(Budget.SMOKE, part(2, true).withExpected(refuted)));
    assertEquals(
        ExitCode.CONTRADICTED, exitCode(Budget.SMOKE, part(0, true).withExpected(refuted)));
  }

  @Test
  void inconclusiveCountsOnlyAtFull() {
    Verdict undecided = Verdict.inconclusive(Prediction.near(-1, 0.05), "no interval: one seed");
    ClaimPart part = ClaimPart.of("a", undecided).withControl(Control.of(true, "caught"));
    assertEquals(ExitCode.DONE, exitCode(Budget.STANDARD, part));
    assertEquals(ExitCode.CONTRADICTED, exitCode(Budget.FULL, part));
  }

  @Test
  void resultWithoutControlIsRefused() {
    ClaimPart part = ClaimPart.of("a", Verdict.exact(0, Prediction.atMost(1)));
    assertThrows(IllegalArgumentException.class, () -> ClaimResult.of(part));
    assertThrows(IllegalArgumentException.class, () -> ClaimResult.of(part(0, true), part));
  }
}
