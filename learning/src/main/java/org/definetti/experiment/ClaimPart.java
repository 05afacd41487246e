package org.definetti.experiment;

import org.jspecify.annotations.Nullable;

/**
 * One measured part of a claim: one row of {@code verdicts.csv}.
 *
 * @param name short and unique within the claim, for example {@code a} or {@code gaussian-mean}
 * @param verdict what was measured
 * @param control the control of this part, or null where another part's control covers it
 * @param expected what this part expects, or null for what the claim expects
 */
public record ClaimPart(
    String name, Verdict verdict, @Nullable Control control, @Nullable ExpectedOutcome expected) {

  /** Returns a part without a control of its own that expects what the claim expects. */
  public static ClaimPart of(String name, Verdict verdict) {
    return new ClaimPart(name, verdict, null, null);
  }

  /** Returns this part with its control. */
  public ClaimPart withControl(Control newControl) {
    return new ClaimPart(name, verdict, newControl, expected);
  }

  /** Returns this part with an expectation that differs from the claim's. */
  public ClaimPart withExpected(ExpectedOutcome newExpected) {
    return new ClaimPart(name, verdict, control, newExpected);
  }
}
