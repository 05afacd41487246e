package org.definetti.experiment;

import java.util.Objects;

/**
 * A claim with what its check found.
 *
 * @param claim the claim
 * @param budget the budget of the check
 * @param result what the check found
 */
public record CheckedClaim(Claim claim, Budget budget, ClaimResult result) {

  /** Returns what a part expects: its own expectation, else the claim's. */
  public ExpectedOutcome expected(ClaimPart part) {
    return Objects.requireNonNullElse(part.expected(), claim.expected());
  }

  /** Returns whether no part contradicts what it expects and no control was missed. */
  public boolean isAsExpected() {
    return !result.hasMissedControl()
        && result.parts().stream()
            .noneMatch(part -> expected(part).isContradictedBy(part.verdict().outcome(), budget));
  }
}
