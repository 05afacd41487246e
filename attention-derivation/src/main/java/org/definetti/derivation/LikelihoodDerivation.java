package org.definetti.derivation;

import java.util.List;
import org.definetti.attention.MeanPooling;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LikelihoodModel;

/**
 * A model with a likelihood and no more: nothing exact is known, mean pooling is right in the
 * limit.
 *
 * <pre>{@code
 * E‖x̄ − E[v|X]‖² = E‖x̄ − E[v|z]‖² − E‖E[v|X] − E[v|z]‖² ≤ tr E Cov(v|z) / L
 * }</pre>
 *
 * <p>The average is a function of X, so its distance to E[v|z] splits at the posterior mean.
 */
final class LikelihoodDerivation {

  private LikelihoodDerivation() {}

  static List<Derivation> of(LikelihoodModel<?> model) {
    if (model.tokenSpace().hasQueries()) {
      return List.of();
    }
    return List.of(
        new Derivation(
            "mean-pooling",
            "mean of the values, no null token",
            new MeanPooling(),
            new Exactness.Rate(-1, Double.NaN),
            "No attention is known to be exact: the model declares none of the families whose"
                + " posterior mean is one. The average of the values tends to E[v|z], and its mean"
                + " squared distance to E[v|X] is at most tr E Cov(v|z) / L.",
            "[derived]"));
  }

  /** Returns why there is no attention at all for a model, in one sentence. */
  static String whyNone(LatentModel<?> model) {
    if (model instanceof LikelihoodModel<?>) {
      return "declares a likelihood of tokens with keys (LikelihoodModel) but none of the families"
          + " whose posterior mean is an attention: "
          + FAMILIES;
    }
    return "declares no law of one token given its latent that an attention could use: "
        + FAMILIES
        + "; if its tokens depend on their order, no attention that ignores order is exact";
  }

  private static final String FAMILIES =
      "a conjugate family of tokens without keys (ConjugateModel), a linear-Gaussian map"
          + " (LinearGaussianModel), a Gaussian point or groups (GaussianLocationModel,"
          + " GaussianGroupModel), finitely many latents (FiniteLatentModel) or directions"
          + " (DirectionalModel)";
}
