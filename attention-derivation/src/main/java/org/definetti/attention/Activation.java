package org.definetti.attention;

import org.definetti.latent.special.SpecialFunctions;

/**
 * The nonlinearity between two linear maps of a network.
 *
 * <p>Source: [recalled].
 */
public enum Activation {

  /** {@code max(x, 0)}. */
  RELU {
    @Override
    public double value(double x) {
      return Math.max(x, 0);
    }
  },

  /** The Gaussian error linear unit in its exact form, {@code x Φ(x)}. */
  GELU {
    @Override
    public double value(double x) {
      return x * SpecialFunctions.normalDistribution(x);
    }
  };

  /** Returns the value at x. */
  public abstract double value(double x);
}
