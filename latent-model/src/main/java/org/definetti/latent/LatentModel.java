package org.definetti.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * An explicit latent-variable model of exchangeable sequences.
 *
 * <pre>{@code  z ~ P(z);   x^1..x^L | z  i.i.d. P(x | z)  }</pre>
 *
 * <p>Drawing z once and the tokens independently given z makes exchangeability true by
 * construction. Controls that are meant to break it override {@link #sample}.
 *
 * <p>An own model implements four methods: {@link #tokenSpace}, {@link #prior}, {@link #drawLatent}
 * and {@link #drawToken}. A conjugate exponential family implements {@link ConjugateModel} instead
 * and gets its belief for free. Implementations are immutable values and safe to share between
 * threads.
 *
 * <p>Source: exchangeability induces such a model [recalled: de Finetti]; the paper's own statement
 * is [source: Zhang-2022, abstract].
 *
 * @param <Z> the type of the latent z
 */
public interface LatentModel<Z> {

  /** Returns what a token of this model is. */
  TokenSpace tokenSpace();

  /** Returns the belief about z before any token: the prior P(z). */
  Belief<Z> prior();

  /** Draws a latent z from the prior. */
  Z drawLatent(RandomGenerator rng);

  /** Draws one token x from P(x | z). */
  Token drawToken(Z latent, RandomGenerator rng);

  /**
   * Draws {@code length} tokens independently from P(x | z), in order.
   *
   * <p>The first n of them are the n that a shorter draw from an equal generator gives, so prefixes
   * of different lengths are nested. An override must keep that.
   */
  default Tokens drawTokens(Z latent, int length, RandomGenerator rng) {
    List<Token> tokens = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      tokens.add(drawToken(latent, rng));
    }
    return Tokens.of(tokenSpace(), tokens);
  }

  /** Draws a latent and a sequence of {@code length} tokens from it. */
  default Sample<Z> sample(int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    Z latent = drawLatent(rng);
    return new Sample<>(latent, drawTokens(latent, length, rng));
  }

  /**
   * Draws the query of a new masked token: the key of a new token for pairs, else the empty query.
   *
   * @return shape (1, key width)
   */
  default SimpleMatrix drawQuery(RandomGenerator rng) {
    if (!tokenSpace().hasQueries()) {
      return tokenSpace().emptyQuery();
    }
    return Tokens.of(tokenSpace(), drawToken(drawLatent(rng), rng)).keys();
  }

  /**
   * Returns the query that the label answers, fixed and known: the first basis vector for pairs,
   * else the empty query.
   *
   * @return shape (1, key width)
   */
  default SimpleMatrix labelQuery() {
    SimpleMatrix query = tokenSpace().emptyQuery();
    if (tokenSpace().hasQueries()) {
      query.getDDRM().data[0] = 1.0;
    }
    return query;
  }

  /**
   * Draws a label y: a noisy function of z, independent of the tokens given z, with
   *
   * <pre>{@code  E[y | z] = E[v | z, q],   so   E[y | X] = E[v | X, q]  }</pre>
   *
   * <p>v is the value of a token, q the {@link #labelQuery}. The Bayes predictor of the label is
   * therefore {@link Belief#predictive}{@code (q).mean()}, whatever the label's noise. The default
   * draws the value of a fresh token; models with keys say how a label answers the query.
   *
   * @return (value width) numbers
   * @throws UnsupportedOperationException if the model has keys and does not override this
   */
  default double[] drawLabel(Z latent, RandomGenerator rng) {
    if (tokenSpace().hasQueries()) {
      throw new UnsupportedOperationException(
          description().name() + " has no labels because it does not say how z answers a query");
    }
    return Tokens.of(tokenSpace(), drawToken(latent, rng)).values().getDDRM().data;
  }

  /** Returns the model as plain data; the default has the class's name and no hyperparameters. */
  default ModelDescription description() {
    return ModelDescription.of(getClass().getSimpleName());
  }
}
