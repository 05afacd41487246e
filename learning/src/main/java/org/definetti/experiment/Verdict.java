package org.definetti.experiment;

/**
 * A measured number held against its prediction.
 *
 * <ul>
 *   <li>CONFIRMED: the whole interval lies in the window of the prediction.
 *   <li>REFUTED: the interval and the window have no point in common.
 *   <li>INCONCLUSIVE: otherwise, or there is no interval.
 * </ul>
 *
 * @param outcome what the measurement says
 * @param measured the measured number
 * @param interval its interval; a single point where the number has no noise
 * @param prediction what was expected
 * @param reason why, in a few words, where the numbers alone do not say; else empty
 */
public record Verdict(
    Outcome outcome, double measured, Interval interval, Prediction prediction, String reason) {

  /** Returns the verdict on a number with an interval. */
  public static Verdict of(double measured, Interval interval, Prediction prediction) {
    return new Verdict(decide(interval, prediction), measured, interval, prediction, "");
  }

  /**
   * Returns the verdict on a number without noise, such as the largest deviation of an identity:
   * never INCONCLUSIVE. NaN is REFUTED: what cannot be computed is not equal to anything.
   */
  public static Verdict exact(double measured, Prediction prediction) {
    Interval interval = new Interval(measured, measured);
    if (Double.isNaN(measured)) {
      return new Verdict(Outcome.REFUTED, measured, interval, prediction, "not a number");
    }
    return of(measured, interval, prediction);
  }

  /** Returns INCONCLUSIVE about a number that could not be measured. */
  public static Verdict inconclusive(Prediction prediction, String reason) {
    return new Verdict(Outcome.INCONCLUSIVE, Double.NaN, Interval.unknown(), prediction, reason);
  }

  /** Returns this verdict, made INCONCLUSIVE for the given reason if it was CONFIRMED. */
  public Verdict notConfirmedBecause(String why) {
    Outcome weaker = outcome == Outcome.CONFIRMED ? Outcome.INCONCLUSIVE : outcome;
    return new Verdict(weaker, measured, interval, prediction, why);
  }

  /** Returns INCONCLUSIVE about the same numbers, for the given reason. */
  public Verdict inconclusiveBecause(String why) {
    return new Verdict(Outcome.INCONCLUSIVE, measured, interval, prediction, why);
  }

  /** Returns this verdict with a reason. */
  public Verdict withReason(String why) {
    return new Verdict(outcome, measured, interval, prediction, why);
  }

  private static Outcome decide(Interval interval, Prediction prediction) {
    Interval window = prediction.window();
    if (window.contains(interval)) {
      return Outcome.CONFIRMED;
    }
    return window.isDisjointFrom(interval) ? Outcome.REFUTED : Outcome.INCONCLUSIVE;
  }
}
