package org.definetti.attention;

/**
 * What linear attention applies to each number of its mapped queries and keys.
 *
 * <p>Source: [recalled].
 */
public enum FeatureMap {

  /** Nothing: weights may be negative, and the attention is a gradient step of least squares. */
  IDENTITY {
    @Override
    public double value(double x) {
      return x;
    }
  },

  /** {@code elu(x) + 1}, that is {@code x + 1} above zero and {@code eˣ} below: always positive. */
  ELU_PLUS_ONE {
    @Override
    public double value(double x) {
      return x > 0 ? x + 1 : Math.exp(x);
    }
  };

  /** Returns the value at x. */
  public abstract double value(double x);
}
