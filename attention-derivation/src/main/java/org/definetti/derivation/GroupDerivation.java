package org.definetti.derivation;

import java.util.List;
import org.definetti.attention.NullToken;
import org.definetti.attention.TwoLevelAttention;
import org.definetti.latent.GaussianGroupModel;

/**
 * Gaussian groups: a null-token head within each group and one across groups, exact (M12).
 *
 * <pre>{@code
 * within g:   weight ν1 = s2 / b2, null value M
 * across:     group g with weight 1 − w_g, null token of weight ν2 = b2 / t2 and value m0
 * }</pre>
 */
final class GroupDerivation {

  private static final double WRONG_FACTOR = 2;

  private GroupDerivation() {}

  static List<Derivation> of(GaussianGroupModel<?> model) {
    double within = model.noiseVariance() / model.groupVariance();
    double across = model.groupVariance() / model.priorVariance();
    NullToken prior = NullToken.ofCount(across, model.priorMean());
    return List.of(
        new Derivation(
                "two-level-null-token",
                "null-token heads within groups, weight "
                    + Words.number(within)
                    + ", and across them, weight "
                    + Words.number(across),
                new TwoLevelAttention(within, prior),
                Exactness.exact(),
                "Within a group of n tokens the null token, of weight ν1 = s2/b2, takes the share"
                    + " w = ν1 / (n + ν1) and has the value M; across groups M averages the group"
                    + " means with weights 1 - w, and a null token of weight ν2 = b2/t2 and value"
                    + " m0. Then out = (1 - w) x̄_g + w M = E[z_g|X] for every L.",
                "[derived] M12")
            .withParameter("ν1 = s2 / b2 (within)", Words.number(within))
            .withParameter("ν2 = b2 / t2 (across)", Words.number(across))
            .withParameter("null value m0", Words.row(model.priorMean()))
            .withControl(
                "null weight within groups times 2",
                new TwoLevelAttention(WRONG_FACTOR * within, prior)));
  }
}
