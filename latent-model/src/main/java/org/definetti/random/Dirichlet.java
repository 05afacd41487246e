package org.definetti.random;

import java.util.random.RandomGenerator;

/**
 * Dirichlet draws: density proportional to {@code ∏ p[i]^(a[i]-1)} on the probability simplex.
 *
 * <p>With independent G[i] ~ Gamma(a[i]): {@code p[i] = G[i] / ∑ G}, computed from the logarithms
 * relative to the largest so that small concentrations do not end in 0 / 0. Source: [recalled],
 * standard.
 */
public final class Dirichlet {

  private Dirichlet() {}

  /**
   * Returns one draw from Dirichlet(concentrations): non-negative, summing to 1 up to rounding.
   *
   * <p>Entry i has mean {@code a[i] / ∑ a}. A single concentration gives the draw {@code {1}}. Same
   * bits on any JDK and machine.
   *
   * @param concentrations at least one, each finite and at least 1e-300. Not modified.
   * @throws IllegalArgumentException if there is none, or one is outside that range or NaN
   */
  public static double[] draw(double[] concentrations, RandomGenerator rng) {
    if (concentrations.length == 0) {
      throw new IllegalArgumentException("concentrations: expected at least 1, got 0");
    }
    for (int i = 0; i < concentrations.length; i++) {
      Gamma.checkShape("concentrations[" + i + "]", concentrations[i]);
    }
    double[] draw = new double[concentrations.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < draw.length; i++) {
      draw[i] = Gamma.drawLog(concentrations[i], rng);
      largest = Math.max(largest, draw[i]);
    }
    double sum = 0;
    for (int i = 0; i < draw.length; i++) {
      draw[i] = StrictMath.exp(draw[i] - largest);
      sum += draw[i];
    }
    for (int i = 0; i < draw.length; i++) {
      draw[i] /= sum;
    }
    return draw;
  }
}
