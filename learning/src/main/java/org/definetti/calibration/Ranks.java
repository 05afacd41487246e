package org.definetti.calibration;

import java.util.random.RandomGenerator;

/** The rank of a number among others, ties in random order. */
final class Ranks {

  private Ranks() {}

  /**
   * Counts how many others are below one number; a tie is below with probability as if shuffled.
   */
  static final class Counter {

    private final double truth;
    private int below;
    private int equal;

    Counter(double truth) {
      this.truth = truth;
    }

    void add(double other) {
      if (other < truth) {
        below++;
      } else if (other == truth) {
        equal++;
      }
    }

    /** Returns the rank, 0 to the number of others: uniform if all are exchangeable. */
    int rank(RandomGenerator rng) {
      return equal == 0 ? below : below + (int) rng.nextLong(equal + 1L);
    }
  }
}
