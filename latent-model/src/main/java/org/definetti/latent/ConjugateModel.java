package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * A conjugate exponential family, declared by its statistic T, prior count ν and prior mean χ0.
 *
 * <pre>{@code
 * E[ E(T | z) | X ] = (Σ_l T(x^l) + ν·χ0) / (L + ν)
 * }</pre>
 *
 * <ul>
 *   <li>Where: T statistic of one token, ν prior count (tokens the prior is worth, &gt; 0), χ0
 *       prior mean of T.
 *   <li>Shapes: T(X) is (L, p), χ0 is (1, p).
 *   <li>The latent's mean parameter is E(T | z), so this is linear in the data for every L.
 *   <li>Source: [recalled: Diaconis-Ylvisaker].
 * </ul>
 *
 * <p>These three are all that the derived attention of such a model needs. An own model implements
 * them with the four methods of {@link LatentModel}; {@link
 * org.definetti.latent.conjugate.ConjugateBelief} is a belief it can return from {@link #prior}.
 *
 * @param <Z> the type of the latent
 */
public interface ConjugateModel<Z> extends LatentModel<Z> {

  /** Returns ν, the number of tokens that the prior is worth; above zero. */
  double priorCount();

  /** Returns χ0 = E[T(x)] under the prior, shape (1, p). */
  SimpleMatrix priorMean();

  /**
   * Returns T of every token, shape (L, p); the tokens' values unless overridden.
   *
   * <p>The masked-token value that attention predicts for such a model is T(x).
   */
  default SimpleMatrix statistic(Tokens tokens) {
    return tokens.values();
  }

  /** {@inheritDoc} The default draws the statistic of a fresh token. */
  @Override
  default double[] drawLabel(Z latent, RandomGenerator rng) {
    return statistic(Tokens.of(tokenSpace(), drawToken(latent, rng))).getDDRM().data;
  }

  /**
   * Returns the belief after {@code count} tokens whose statistics sum to {@code sum}.
   *
   * <p>Neither needs to come from tokens: a belief read out of an attention has whatever count and
   * sum its output and null weight determine.
   *
   * @param count L, at least 0, not necessarily whole
   * @param sum Σ T(x^l), shape (1, p)
   */
  Belief<Z> posterior(double count, SimpleMatrix sum);
}
