package org.definetti.objective;

import org.definetti.latent.Predictive;

/**
 * What a layer's output means as the law of a target: a loss to train it by, and a reader.
 *
 * <p>The loss is the negative log likelihood of the target, whose minimiser over all laws is the
 * exact one, P(target | input); the least mean loss is that law's entropy [derived: Gibbs'
 * inequality]. A layer has {@link #outputs} numbers of output, targets have {@link #targets};
 * {@link org.definetti.train.HeadTargets} makes the two fit.
 *
 * <p>Heads are immutable values whose {@code toString} tells them apart.
 */
public interface DistributionHead {

  /** Returns how many numbers a target is. */
  int targets();

  /** Returns how many numbers of output it takes to say a law of it. */
  int outputs();

  /**
   * Returns the negative log likelihood. It reads {@link #outputs} numbers of output and the first
   * {@link #targets} of the target row, whatever their common width.
   */
  Loss loss();

  /**
   * Returns the law that an output says.
   *
   * @param output {@link #outputs} numbers. Not modified.
   */
  Predictive law(double[] output);

  /**
   * Returns the normal law of a row of d numbers with any covariance; see {@link GaussianHead}.
   *
   * @param dimension d, at least 1
   */
  static DistributionHead gaussian(int dimension) {
    return new GaussianHead(dimension, true);
  }

  /** Returns the normal law of a row of d numbers that are independent given the input. */
  static DistributionHead diagonalGaussian(int dimension) {
    return new GaussianHead(dimension, false);
  }

  /**
   * Returns the law of an indicator of K categories; see {@link CategoricalHead}.
   *
   * @param count K, at least 2
   */
  static DistributionHead categorical(int count) {
    return new CategoricalHead(count);
  }

  /**
   * Returns the law of a number as a histogram; see {@link HistogramHead}.
   *
   * @param low where the first bin begins
   * @param high where the last bin ends, above {@code low}
   * @param bins how many bins of equal width, at least 2
   */
  static DistributionHead histogram(double low, double high, int bins) {
    return new HistogramHead(low, high, bins);
  }
}
