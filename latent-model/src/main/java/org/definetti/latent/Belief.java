package org.definetti.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * What is known about the latent z of a model after some tokens: P(z | X).
 *
 * <p>Prior and posterior are the same type. A belief is a prior plus a sufficient statistic, and
 * statistics form a monoid, so
 *
 * <ul>
 *   <li>{@code b.observe(x).observe(y)} equals {@code b.observe(x.plus(y))},
 *   <li>{@code prior.observe(x).merge(prior.observe(y))} equals {@code prior.observe(x.plus(y))},
 *   <li>the order of tokens does not matter.
 * </ul>
 *
 * <p>{@link #observe}, {@link #merge}, {@link #count} and {@link #predictive} are the primary
 * questions that every belief answers. The others throw {@link UnsupportedOperationException} with
 * a reason where a model has no answer in closed form.
 *
 * <p>Beliefs are immutable values, safe to share between threads.
 *
 * @param <Z> the type of the latent
 */
public interface Belief<Z> {

  /**
   * Returns the belief after also seeing these tokens.
   *
   * @throws ShapeMismatchException if the tokens are of another space
   */
  Belief<Z> observe(Tokens tokens);

  /**
   * Returns the belief after the evidence of both: tokens seen by this and tokens seen by {@code
   * other}, each counted once, the shared prior once.
   *
   * @throws IllegalArgumentException if {@code other} has another prior
   */
  Belief<Z> merge(Belief<Z> other);

  /**
   * Returns the number L of tokens seen; not a whole number if this belief was read out of an
   * attention whose weights do not match the model.
   */
  double count();

  /**
   * Returns the distribution of the value of a masked token given the tokens seen and its query.
   *
   * @param query shape (1, key width); the empty query for spaces without keys
   */
  Predictive predictive(SimpleMatrix query);

  /** Returns E[z | X], in the shape of the model's latent. */
  default SimpleMatrix mean() {
    throw new UnsupportedOperationException("this belief has no mean of z in closed form");
  }

  /** Returns Cov(z | X) of the latent written row by row as one vector of n numbers: (n, n). */
  default SimpleMatrix covariance() {
    throw new UnsupportedOperationException("this belief has no covariance of z in closed form");
  }

  /** Returns log P(X), in nats: zero for the prior. */
  default double logEvidence() {
    throw new UnsupportedOperationException("this belief has no evidence in closed form");
  }

  /** Returns the log density (log probability for a discrete latent) of z given X, in nats. */
  default double logDensity(Z latent) {
    throw new UnsupportedOperationException("this belief has no density in closed form");
  }

  /** Returns the (differential) entropy of P(z | X), in nats. */
  default double entropyNats() {
    throw new UnsupportedOperationException("this belief has no entropy in closed form");
  }

  /**
   * Returns KL(this ‖ other) of the two laws of z, in nats.
   *
   * @throws IllegalArgumentException if {@code other} is of another family or size
   */
  default double klNats(Belief<Z> other) {
    throw new UnsupportedOperationException("this belief has no divergence in closed form");
  }

  /** Draws a latent from P(z | X). */
  default Z sample(RandomGenerator rng) {
    throw new UnsupportedOperationException("this belief cannot be sampled in closed form");
  }

  /**
   * Returns the beliefs after the first {@code lengths[i]} tokens, all in one pass over the tokens.
   *
   * @param lengths in increasing order, none above the tokens' length
   * @throws IllegalArgumentException if the lengths do not increase or exceed the tokens
   */
  default List<Belief<Z>> prefixes(Tokens tokens, int... lengths) {
    List<Belief<Z>> beliefs = new ArrayList<>(lengths.length);
    Belief<Z> belief = this;
    int seen = 0;
    for (int length : lengths) {
      if (length < seen || length > tokens.length()) {
        throw new IllegalArgumentException(
            "lengths: expected increasing and at most " + tokens.length() + ", got " + length);
      }
      belief = belief.observe(tokens.slice(seen, length));
      beliefs.add(belief);
      seen = length;
    }
    return beliefs;
  }
}
