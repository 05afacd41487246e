package org.definetti.calibration;

import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;

/**
 * A posterior to be judged: the tokens seen go in, a law of the latent comes out.
 *
 * <p>The law is of the latent as a row of numbers ({@link LatentRows}); moments, log density and
 * draws of it are asked for, and what it does not know it may refuse with an {@link
 * UnsupportedOperationException} that says why. Implementations are safe to share between threads.
 */
@FunctionalInterface
public interface PosteriorEstimator {

  /** Returns the law Q(z | X) of the latent's row of numbers after these tokens. */
  Predictive given(Tokens tokens);
}
