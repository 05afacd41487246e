package org.definetti.lab.claims;

import org.definetti.experiment.Prediction;
import org.definetti.experiment.Verdict;

/**
 * The largest deviation of computed numbers from exact ones, {@code |a - e| / max(1, |e|)}.
 *
 * <p>A NaN stays: what cannot be computed is not equal to anything. Mutable, for one thread.
 */
final class Deviation {

  private double largest;
  private long count;

  /** Adds one number and what it should be. */
  void add(double actual, double exact) {
    largest = Math.max(largest, Math.abs(actual - exact) / Math.max(1, Math.abs(exact)));
    count++;
  }

  /** Adds each number of a row and what it should be; the lengths must agree. */
  void add(double[] actual, double[] exact) {
    if (actual.length != exact.length) {
      throw new IllegalArgumentException(
          "actual: expected " + exact.length + " numbers, got " + actual.length);
    }
    for (int j = 0; j < exact.length; j++) {
      add(actual[j], exact[j]);
    }
  }

  /** Returns the largest deviation; 0 if nothing was added. */
  double largest() {
    return largest;
  }

  /**
   * Returns the verdict that nothing deviates by more than a bound.
   *
   * @throws IllegalStateException if nothing was added, which would confirm anything
   */
  Verdict atMost(double bound) {
    if (count == 0) {
      throw new IllegalStateException("deviation: expected at least one comparison, got none");
    }
    return Verdict.exact(largest, Prediction.atMost(bound));
  }
}
