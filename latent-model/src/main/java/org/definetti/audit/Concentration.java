package org.definetti.audit;

import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * How fast does a posterior over finitely many concepts settle on the true one? (A8)
 *
 * <pre>{@code
 * (1/L) log(1 - π_X(z*))  →  -min_{z ≠ z*} KL(P_z* ‖ P_z)          almost surely
 * (1/L) log E[1 - π_X(z*)] →  -min_{z ≠ z*} Chernoff(P_z*, P_z)     of the mean: slower
 * }</pre>
 *
 * <p>The doubt 1 - π is far below one ulp of π after a few hundred tokens, so it is never computed
 * by subtraction. The two exponents belong to different questions: a typical sequence settles at
 * the first, the mean is ruled by rare sequences and follows the second. {@link TokenDivergence}
 * gives both divergences.
 *
 * <p>Source: [derived: strong law on log-likelihood ratios, log-sum-exp] (check A8); Chernoff
 * information [recalled].
 */
public final class Concentration {

  private Concentration() {}

  /**
   * Returns {@code log(1 - π_t)} for the weights {@code π = softmax(a)}, without cancellation.
   *
   * <pre>{@code  -log(1 + exp(a_t - log Σ_{k ≠ t} exp a_k))  }</pre>
   *
   * <ul>
   *   <li>Takes log posterior probabilities or any log weights that differ from them by a constant,
   *       so the logits of a learned model too.
   *   <li>Edge cases: minus infinity if every other weight is zero (one concept, for example); 0 if
   *       only the weight of t is zero; NaN if all are.
   *   <li>Accuracy: that of the differences of the log weights; no term is subtracted from one.
   * </ul>
   *
   * @param logWeights (K) log weights, finite or minus infinity. Not modified.
   * @param truth t, the index of the true concept
   * @throws IndexOutOfBoundsException if there is no such concept
   */
  public static double logDoubt(double[] logWeights, int truth) {
    Objects.checkIndex(truth, logWeights.length);
    double[] others = new double[logWeights.length - 1];
    System.arraycopy(logWeights, 0, others, 0, truth);
    System.arraycopy(logWeights, truth + 1, others, truth, others.length - truth);
    double against = LogSumExp.of(others);
    if (against == Double.NEGATIVE_INFINITY) {
      return logWeights[truth] == Double.NEGATIVE_INFINITY ? Double.NaN : against;
    }
    double odds = against - logWeights[truth];
    return odds < 0 ? odds - Math.log1p(Math.exp(odds)) : -Math.log1p(Math.exp(-odds));
  }

  /**
   * Returns {@code log(1 - P(z* | X))} of a belief about the latent of a finite model.
   *
   * @param belief of this model, or of another that says the density of each of its latents
   * @throws IllegalArgumentException if {@code truth} is none of the model's latents
   */
  public static <Z> double logDoubt(FiniteLatentModel<Z> model, Belief<Z> belief, Z truth) {
    List<Z> latents = model.latents();
    int index = latents.indexOf(truth);
    if (index < 0) {
      throw new IllegalArgumentException("truth: expected one of " + latents + ", got " + truth);
    }
    double[] logs = latents.stream().mapToDouble(belief::logDensity).toArray();
    return logDoubt(logs, index);
  }

  /**
   * Returns the least divergence from the true concept to another, the exponent above.
   *
   * @param truth index of the true concept
   * @param concepts K, at least 2
   * @param divergence of concept {@code truth} from concept k, asked for k other than {@code truth}
   */
  public static double exponent(int truth, int concepts, IntToDoubleFunction divergence) {
    Check.atLeast("concepts", 2, concepts);
    Objects.checkIndex(truth, concepts);
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < concepts; k++) {
      if (k != truth) {
        least = Math.min(least, divergence.applyAsDouble(k)); // NaN wins
      }
    }
    return least;
  }

  /**
   * Returns {@code log P(x^l | z*) - log P(x^l | z_k)} of each token, shape (L, K).
   *
   * <p>With tokens drawn from z* the mean of column k estimates {@code KL(P_z* ‖ P_z_k)} for any
   * model that says its likelihoods, where no closed form is known; for tokens with keys it is the
   * divergence of the values averaged over keys.
   *
   * @param latents the concepts z_k. Not modified.
   */
  public static <Z> SimpleMatrix logRatios(
      LikelihoodModel<Z> model, Z truth, List<Z> latents, Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    double[] rows = new double[tokens.length() * latents.size()];
    for (int l = 0; l < tokens.length(); l++) {
      Token token = tokens.get(l);
      double own = model.logLikelihood(truth, token);
      for (int k = 0; k < latents.size(); k++) {
        rows[l * latents.size() + k] = own - model.logLikelihood(latents.get(k), token);
      }
    }
    return new SimpleMatrix(tokens.length(), latents.size(), true, rows);
  }
}
