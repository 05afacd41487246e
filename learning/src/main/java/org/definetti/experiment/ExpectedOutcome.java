package org.definetti.experiment;

/**
 * The outcome a claim expects, with the reason; a published statement that is false is expected to
 * be REFUTED.
 *
 * @param outcome the expected outcome
 * @param reason why, in one sentence
 */
public record ExpectedOutcome(Outcome outcome, String reason) {

  /** Returns the expectation that a statement holds. */
  public static ExpectedOutcome confirmed(String reason) {
    return new ExpectedOutcome(Outcome.CONFIRMED, reason);
  }

  /** Returns the expectation that a statement is false. */
  public static ExpectedOutcome refuted(String reason) {
    return new ExpectedOutcome(Outcome.REFUTED, reason);
  }

  /**
   * Returns whether a measured outcome contradicts this one. INCONCLUSIVE, where it was not
   * expected, counts only at {@link Budget#FULL}.
   */
  public boolean isContradictedBy(Outcome measured, Budget budget) {
    if (measured == outcome) {
      return false;
    }
    return measured != Outcome.INCONCLUSIVE || budget == Budget.FULL;
  }
}
