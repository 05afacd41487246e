package org.definetti.random;

import java.util.random.RandomGenerator;

/**
 * Beta draws: density proportional to {@code p^(a-1) · (1-p)^(b-1)} on [0, 1].
 *
 * <p>With independent G ~ Gamma(a), H ~ Gamma(b): {@code p = G / (G + H)}, computed from log G -
 * log H so that small shapes do not end in 0 / 0. Source: [recalled], standard.
 */
public final class Beta {

  private Beta() {}

  /**
   * Returns one draw from Beta(a, b), in [0, 1]; mean a / (a + b).
   *
   * <p>Exactly 0 or 1 comes out only where the nearest double is 0 or 1, which is common for shapes
   * far below 1. Same bits on any JDK and machine.
   *
   * @param a shape at 1: finite, at least 1e-300
   * @param b shape at 0: finite, at least 1e-300
   * @throws IllegalArgumentException if a shape is outside that range or NaN
   */
  public static double draw(double a, double b, RandomGenerator rng) {
    Gamma.checkShape("a", a);
    Gamma.checkShape("b", b);
    double logOdds = Gamma.drawLog(a, rng) - Gamma.drawLog(b, rng);
    // Exponentials of non-positive numbers only: small probabilities keep their precision.
    double ratio = StrictMath.exp(-Math.abs(logOdds));
    return logOdds < 0 ? ratio / (1 + ratio) : 1 / (1 + ratio);
  }
}
