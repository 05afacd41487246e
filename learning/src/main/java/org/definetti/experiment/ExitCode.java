package org.definetti.experiment;

import java.util.List;

/** The exit code of a run as a function of what it found. */
public final class ExitCode {

  /** Everything came out as expected. */
  public static final int DONE = 0;

  /** A verdict contradicts what was expected, or a control was missed. */
  public static final int CONTRADICTED = 1;

  private ExitCode() {}

  /** Returns 0 if every claim came out as it expects, else 1. */
  public static int ofClaims(List<CheckedClaim> claims) {
    return claims.stream().allMatch(CheckedClaim::isAsExpected) ? DONE : CONTRADICTED;
  }

  /**
   * Returns 1 if a rate that was expected to be confirmed is refuted, else 0; INCONCLUSIVE counts
   * as with {@link ExpectedOutcome#isContradictedBy}.
   */
  public static int ofRates(List<JudgedRate> rates, Budget budget) {
    ExpectedOutcome confirmed = ExpectedOutcome.confirmed("declared");
    for (JudgedRate rate : rates) {
      Verdict verdict = rate.verdict();
      if (verdict != null && confirmed.isContradictedBy(verdict.outcome(), budget)) {
        return CONTRADICTED;
      }
    }
    return DONE;
  }
}
