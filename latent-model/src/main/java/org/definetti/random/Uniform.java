package org.definetti.random;

import java.util.random.RandomGenerator;

/** Uniform draws whose bits do not depend on the JDK's own conversion from integers. */
final class Uniform {

  private Uniform() {}

  /**
   * Returns a uniform draw strictly between 0 and 1: the midpoint of one of 2^52 equal cells.
   *
   * <p>52 bits and a half fit a double exactly; with 53 bits the last midpoint would round to 1.
   */
  static double open(RandomGenerator rng) {
    return ((rng.nextLong() >>> 12) + 0.5) * 0x1p-52;
  }
}
