package org.definetti.random;

import java.util.random.RandomGenerator;

/**
 * Poisson draws: {@code P(n) = exp(-mean) mean^n / n!}.
 *
 * <p>The n-th arrival of a unit-rate process is a gamma variable: a large mean is halved again and
 * again by drawing an arrival near it, and arrivals known to fall before it are thinned as a
 * binomial, itself halved by beta-distributed order statistics. Nothing is approximated.
 *
 * <ul>
 *   <li>Cost: about log(mean) gamma or beta draws and a few dozen uniform ones; no allocation; same
 *       bits on any JDK and machine; stateless.
 *   <li>Source: Ahrens and Dieter 1974; Devroye 1986, section X.4 [recalled].
 * </ul>
 */
public final class Poisson {

  /** The largest mean: draws stay whole numbers that a double holds. */
  public static final double LARGEST_MEAN = 0x1p50;

  private static final double SMALL_MEAN = 12;
  private static final long SMALL_TRIALS = 16;

  private Poisson() {}

  /**
   * Returns one draw.
   *
   * @param mean from 0 to {@link #LARGEST_MEAN}
   * @throws IllegalArgumentException if the mean is outside that range or NaN
   */
  public static long draw(double mean, RandomGenerator rng) {
    if (!(mean >= 0 && mean <= LARGEST_MEAN)) {
      throw new IllegalArgumentException(
          "mean: expected from 0 to " + LARGEST_MEAN + ", got " + mean);
    }
    long count = 0;
    double left = mean;
    while (left > SMALL_MEAN) {
      long arrivals = (long) (0.875 * left);
      double time = Gamma.draw((double) arrivals, rng);
      if (time > left) {
        return count + binomial(arrivals - 1, left / time, rng);
      }
      count += arrivals;
      left -= time;
    }
    for (double time = Gamma.draw(1, rng); time < left; time += Gamma.draw(1, rng)) {
      count++;
    }
    return count;
  }

  // How many of some uniform numbers on (0, 1) are below a level.
  private static long binomial(long trials, double level, RandomGenerator rng) {
    long count = 0;
    long left = trials;
    double p = level;
    while (left > SMALL_TRIALS) {
      long rank = left / 2 + 1;
      double median =
          Beta.draw((double) rank, (double) (left + 1 - rank), rng); // the number of that rank
      if (median <= p) {
        count += rank;
        left -= rank;
        p = (p - median) / (1 - median);
      } else {
        left = rank - 1;
        p /= median;
      }
    }
    for (long i = 0; i < left; i++) {
      if (Uniform.open(rng) < p) {
        count++;
      }
    }
    return count;
  }
}
