package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * The distribution P(v | X, q) of the value of a masked token given the tokens seen.
 *
 * <p>The value is {@link Tokens#values} of the masked token, except for a {@link ConjugateModel},
 * whose value is its statistic T(x): the same thing for most, but one number for {@code
 * beta-bernoulli}. Value width below means the width of whichever it is.
 *
 * <p>Immutable and safe to share between threads.
 */
public interface Predictive {

  /**
   * Returns E[v | X, q]; for categories the vector of their probabilities.
   *
   * @return shape (1, value width)
   */
  SimpleMatrix mean();

  /** Returns Cov(v | X, q), shape (value width, value width). */
  SimpleMatrix covariance();

  /**
   * Returns the log density (log probability for categories) of a value, in nats.
   *
   * @param value (value width) numbers; for categories a one-hot vector. Not modified.
   */
  double logProbability(double[] value);

  /** Draws a value: (value width) numbers, a one-hot vector for categories. */
  double[] draw(RandomGenerator rng);

  /**
   * Returns how far {@link #mean} may be from the exact E[v | X, q], in Euclidean norm: an estimate
   * where the belief is computed by quadrature or sampling, zero where it is exact.
   */
  default double meanError() {
    return 0;
  }
}
