package org.definetti.calibration;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.BeliefReadout;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.objective.DistributionHead;

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

  /** Returns the exact posterior of a model. */
  static <Z> PosteriorEstimator exact(LatentRows<Z> latents) {
    return tokens -> latents.law(latents.model().prior().observe(tokens));
  }

  /**
   * Returns the posterior that an attention's output and weights determine.
   *
   * <p>It refuses tokens with an {@link UnsupportedOperationException} if the attention determines
   * no belief of this model; see {@link BeliefReadout}.
   *
   * @param attention derived from the model, or trained
   */
  static <Z> PosteriorEstimator readOut(LatentRows<Z> latents, Attention attention) {
    LatentModel<Z> model = latents.model();
    return tokens -> latents.law(BeliefReadout.of(model, attention, Context.of(model, tokens)));
  }

  /**
   * Returns the posterior that an attention gives as the parameters of a law: it was trained by the
   * head's loss on latents.
   *
   * @param attention whose output at the model's label query is what the head reads
   */
  static PosteriorEstimator trained(
      LatentModel<?> model, DistributionHead head, Attention attention) {
    return tokens ->
        head.law(attention.attend(model.labelQuery(), Context.of(model, tokens)).getDDRM().data);
  }
}
