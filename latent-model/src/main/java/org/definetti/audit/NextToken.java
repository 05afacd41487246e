package org.definetti.audit;

import java.util.random.RandomGenerator;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;

/**
 * A predictor that can only be sampled: the tokens seen go in, a draw of the next one comes out.
 *
 * <p>A learned model is one in a line, {@code (seen, rng) -> draw(network.probabilities(seen),
 * rng)}. {@link Predictors} makes one of a latent model or of rows of probabilities.
 */
@FunctionalInterface
public interface NextToken {

  /**
   * Draws the token after these.
   *
   * @param seen X; may be empty
   */
  Token draw(Tokens seen, RandomGenerator rng);
}
