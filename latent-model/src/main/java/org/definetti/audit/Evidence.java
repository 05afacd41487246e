package org.definetti.audit;

import java.util.List;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;

/**
 * The identities and the bound that tie predictions, evidence and posterior together. (B6)
 *
 * <pre>{@code
 * chain rule   Σ_t log P(x^t | x^<t)              = log P(X)
 * pathwise     -log P(X) + log P(X | z)           ≤ -log P(z)       every X and z, z finite
 * Gibbs        E_q[-log P(X | z)] + KL(q ‖ prior) ≥ -log P(X)       equal at q = P(z | X)
 * }</pre>
 *
 * <p>The bound says that predicting with the posterior costs, in all and whatever the length, at
 * most log K nats more than knowing the best of K concepts. It needs positive prior mass: for a
 * continuous latent of d numbers the price grows as {@code (d/2) log L}.
 *
 * <p>Sources: averaging over the posterior and its regret [source: Zhang-2023, Prop 4.1, Cor 4.2];
 * pathwise bound in this form [derived]; chain rule and Gibbs [recalled] (check B6).
 */
public final class Evidence {

  private Evidence() {}

  /**
   * Returns {@code |Σ_t log P(x^t | x^<t) - log P(X)|}: zero up to rounding if predictive and
   * evidence are those of one model.
   *
   * @throws UnsupportedOperationException if the belief has no evidence or no density
   */
  public static <Z> double chainGap(LatentModel<Z> model, Tokens tokens) {
    double predicted = -LogLoss.total(LogLoss.ofModel(model, tokens));
    return Math.abs(predicted - model.prior().observe(tokens).logEvidence());
  }

  /**
   * Returns the largest amount by which a loss exceeds what the bound allows, over all z.
   *
   * <pre>{@code  max_z [ loss + log P(X | z) + log P(z) ]  }</pre>
   *
   * <p>Never above zero for {@code loss = -log P(X)}; latents without prior mass are passed over.
   *
   * @param loss the total loss in nats of any predictor of these tokens
   */
  public static <Z> double pathwiseExcess(FiniteLatentModel<Z> model, Tokens tokens, double loss) {
    List<Z> latents = model.latents();
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < latents.size(); k++) {
      double mass = model.priorProbabilities().get(0, k);
      double likelihood = model.logLikelihood(latents.get(k), tokens);
      if (mass > 0 && likelihood > Double.NEGATIVE_INFINITY) {
        largest = Math.max(largest, loss + likelihood + Math.log(mass)); // NaN wins
      }
    }
    return largest;
  }

  /**
   * Returns the free energy of a belief q about a finite latent, in nats.
   *
   * <pre>{@code  Σ_k q_k (-log P(X | z_k)) + Σ_k q_k log(q_k / p_k) = -log P(X) + KL(q ‖ P(z | X))
   * }</pre>
   *
   * <p>Plus infinity if q believes in a latent that the prior or the tokens exclude.
   *
   * @param q (K) probabilities in the order of the model's latents, a learned posterior for
   *     example. Not modified.
   */
  public static <Z> double freeEnergy(FiniteLatentModel<Z> model, Tokens tokens, double[] q) {
    List<Z> latents = model.latents();
    Check.width("q", latents.size(), q);
    double sum = 0;
    for (int k = 0; k < q.length; k++) {
      if (Check.notNegative("q[" + k + "]", q[k]) > 0) {
        double divergence = Math.log(q[k]) - Math.log(model.priorProbabilities().get(0, k));
        sum += q[k] * (divergence - model.logLikelihood(latents.get(k), tokens));
      }
    }
    return sum;
  }

  /**
   * Returns the free energy of a belief whose expected loss is known, for latents of any kind.
   *
   * <pre>{@code  E_q[-log P(X | z)] + KL(q ‖ prior)  }</pre>
   *
   * @param expectedLoss E_q[-log P(X | z)] in nats
   * @throws UnsupportedOperationException if the belief has no divergence in closed form
   */
  public static <Z> double freeEnergy(Belief<Z> q, Belief<Z> prior, double expectedLoss) {
    return expectedLoss + q.klNats(prior);
  }
}
