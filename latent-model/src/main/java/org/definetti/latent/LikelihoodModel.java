package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * A latent model that says how likely a token is given its latent, {@code log P(x | z)}.
 *
 * <pre>{@code  log P(X | z) = Σ_l log P(x^l | z)  }</pre>
 *
 * <p>For tokens with keys it is the likelihood of the value given the key, {@code log P(v | k, z)}:
 * keys do not depend on z.
 *
 * @param <Z> the type of the latent z
 */
public interface LikelihoodModel<Z> extends LatentModel<Z> {

  /**
   * Returns {@code log P(x | z)} in nats (a log density for real values), minus infinity where x is
   * impossible.
   */
  double logLikelihood(Z latent, Token token);

  /**
   * Returns {@code log P(X | z) = Σ_l log P(x^l | z)} in nats, summed without loss.
   *
   * <p>Numerical beliefs ask for it often: a model with a sufficient statistic may answer faster.
   */
  default double logLikelihood(Z latent, Tokens tokens) {
    double sum = 0;
    double lost = 0; // Neumaier
    for (int l = 0; l < tokens.length(); l++) {
      double term = logLikelihood(latent, tokens.get(l));
      double next = sum + term;
      if (Double.isInfinite(next)) {
        return next;
      }
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return sum + lost;
  }

  /**
   * Returns the law of the value of a token given z and the token's query, {@code P(v | z, q)}.
   *
   * <p>The default enumerates categories. Other models that want a predictive say it themselves.
   *
   * @param query shape (1, key width); the empty query for spaces without keys
   * @throws UnsupportedOperationException if tokens are not categories and the model does not
   *     override this
   */
  default Predictive valueLaw(Z latent, SimpleMatrix query) {
    if (tokenSpace() instanceof CategoricalTokens categories) {
      double[] probabilities = new double[categories.count()];
      for (int w = 0; w < probabilities.length; w++) {
        probabilities[w] = Math.exp(logLikelihood(latent, Token.category(w)));
      }
      return new CategoricalPredictive(
          new SimpleMatrix(1, probabilities.length, true, probabilities));
    }
    throw new UnsupportedOperationException(
        description().name() + " has no predictive because it does not say valueLaw(z, query)");
  }
}
