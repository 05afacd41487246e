package org.definetti.latent;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * A latent model whose latent takes finitely many values z_1..z_K, with their log-likelihoods.
 *
 * <pre>{@code
 * P(z_k | X) ∝ p_k · exp Σ_l log P(x^l | z_k),     P(v | X, q) = Σ_k P(z_k | X) P(v | z_k, q)
 * }</pre>
 *
 * <p>The prior and the log-likelihoods are all that the derived attention of such a model needs.
 *
 * @param <Z> the type of the latent z
 */
public interface FiniteLatentModel<Z> extends LikelihoodModel<Z> {

  /** Returns the K values of the latent, in a fixed order. */
  List<Z> latents();

  /** Returns the prior probabilities p, shape (1, K), not negative and summing to one. */
  SimpleMatrix priorProbabilities();

  /**
   * Returns {@code log P(x^l | z_k)} of every token, shape (L, K); entries may be minus infinity.
   *
   * <p>Cost: L·K evaluations unless overridden.
   */
  default SimpleMatrix logLikelihoods(Tokens tokens) {
    List<Z> latents = latents();
    double[] rows = new double[tokens.length() * latents.size()];
    for (int l = 0; l < tokens.length(); l++) {
      Token token = tokens.get(l);
      for (int k = 0; k < latents.size(); k++) {
        rows[l * latents.size() + k] = logLikelihood(latents.get(k), token);
      }
    }
    return new SimpleMatrix(tokens.length(), latents.size(), true, rows);
  }

  /** {@inheritDoc} The default draws an index from {@link #priorProbabilities}. */
  @Override
  default Z drawLatent(RandomGenerator rng) {
    return latents().get(Categorical.of(priorProbabilities().getDDRM().data).draw(rng));
  }
}
