package org.definetti.derivation;

/** How close a derived attention comes to the exact predictive mean, claimed beforehand. */
public sealed interface Exactness {

  /** Equal to the exact predictive mean at every length, up to rounding. */
  record Exact() implements Exactness {}

  /**
   * The mean squared gap to the exact predictive mean behaves as {@code constant · L^exponent} for
   * large L.
   *
   * @param exponent the predicted slope of log gap on log L, below zero
   * @param constant the predicted factor, or NaN where only the exponent is claimed
   */
  record Rate(double exponent, double constant) implements Exactness {}

  /**
   * Not exact, and the gap does not vanish as the sequence grows.
   *
   * @param reason why, in one sentence
   */
  record NotConsistent(String reason) implements Exactness {}

  /**
   * Mean squared gap known in closed form at every length.
   *
   * @param exponent the slope of log gap on log L in the limit
   * @param formula the closed form as plain text
   */
  record KnownGap(double exponent, String formula) implements Exactness {}

  /** Returns the claim that an attention is exact. */
  static Exactness exact() {
    return new Exact();
  }
}
