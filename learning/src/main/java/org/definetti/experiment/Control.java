package org.definetti.experiment;

/**
 * What became of a control: the same check on something known to be wrong, which must fail.
 *
 * @param outcome whether the check noticed
 * @param text what was wrong and what was measured, in one sentence
 */
public record Control(ControlOutcome outcome, String text) {

  /** Returns a control that was caught, as it should be, or missed. */
  public static Control of(boolean caught, String text) {
    return new Control(caught ? ControlOutcome.CAUGHT : ControlOutcome.MISSED, text);
  }

  /** Returns the control whose verdict should be REFUTED: caught exactly if it is. */
  public static Control of(Verdict verdict, String text) {
    return of(verdict.outcome() == Outcome.REFUTED, text);
  }
}
