package org.definetti.random;

import java.util.random.RandomGenerator;

/**
 * A categorical distribution prepared for many draws: checked and accumulated once.
 *
 * <pre>{@code  category = the first i with p[0] + ... + p[i] > u · (p[0] + ... + p[k-1])  }</pre>
 *
 * <ul>
 *   <li>Where: u uniform on (0, 1), k the number of categories. A category of probability 0 is
 *       never drawn.
 *   <li>Accuracy: probabilities are met to about 2^-52 absolute.
 *   <li>Cost: O(k) to prepare, O(log k) and no allocation a draw; immutable.
 * </ul>
 */
public final class Categorical {

  /** How far from 1 the sum may be: rounding of long vectors and of values read from text. */
  private static final double SUM_TOLERANCE = 1e-9;

  private final double[] cumulative;

  private Categorical(double[] cumulative) {
    this.cumulative = cumulative;
  }

  /**
   * Returns the distribution with these probabilities.
   *
   * @param probabilities at least one, each at least 0, summing to 1 within 1e-9. Not modified.
   * @throws IllegalArgumentException if there is none, one is negative or NaN, or the sum is off
   */
  public static Categorical of(double... probabilities) {
    if (probabilities.length == 0) {
      throw new IllegalArgumentException("probabilities: expected at least 1, got 0");
    }
    double[] cumulative = new double[probabilities.length];
    double sum = 0;
    for (int i = 0; i < cumulative.length; i++) {
      if (!(probabilities[i] >= 0)) {
        throw new IllegalArgumentException(
            "probabilities[" + i + "]: expected >= 0, got " + probabilities[i]);
      }
      sum += probabilities[i];
      cumulative[i] = sum;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException("probabilities: expected sum 1, got " + sum);
    }
    return new Categorical(cumulative);
  }

  /** Returns the number of categories. */
  public int count() {
    return cumulative.length;
  }

  /** Returns one category, 0 ... count - 1. */
  public int draw(RandomGenerator rng) {
    // u is below 1 by at least 2^-53, so the product stays below the total: the search ends inside.
    double target = Uniform.open(rng) * cumulative[cumulative.length - 1];
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] > target) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
