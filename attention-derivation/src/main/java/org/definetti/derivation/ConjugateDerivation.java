package org.definetti.derivation;

import java.util.List;
import org.definetti.attention.MeanPooling;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.ConjugateModel;

/**
 * A conjugate exponential family: the null-token head, exact (B2), and mean pooling as control.
 *
 * <pre>{@code  out = (Σ T(x^l) + ν χ0) / (L + ν) = E[E(T|z) | X]  }</pre>
 */
final class ConjugateDerivation {

  private static final double WRONG_FACTOR = 1.1;

  private ConjugateDerivation() {}

  static List<Derivation> of(ConjugateModel<?> model) {
    return List.of(nullTokenSoftmax(model), meanPooling(model));
  }

  private static Derivation nullTokenSoftmax(ConjugateModel<?> model) {
    String count = Words.number(model.priorCount());
    return new Derivation(
            "null-token-softmax",
            "softmax, all logits 0, null token of weight " + count,
            head(model, 1),
            Exactness.exact(),
            "Every token has logit 0 and value T(x); the null token has logit log ν and value χ0."
                + " Then out = (Σ T(x^l) + ν χ0) / (L + ν) = E[E(T|z) | X] for every L, with ν = "
                + count
                + ".",
            "[derived] B2")
        .withParameter("ν (prior count)", count)
        .withParameter("null logit log ν", Words.number(Math.log(model.priorCount())))
        .withParameter("null value χ0", Words.row(model.priorMean()))
        .withControl("null token 10 % too heavy", head(model, WRONG_FACTOR));
  }

  private static SoftmaxAttention head(ConjugateModel<?> model, double factor) {
    return SoftmaxAttention.of(1)
        .withNullToken(NullToken.ofCount(factor * model.priorCount(), model.priorMean()));
  }

  private static Derivation meanPooling(ConjugateModel<?> model) {
    return new Derivation(
        "mean-pooling",
        "mean of the values, no null token",
        new MeanPooling(),
        new Exactness.KnownGap(-2, "E gap^2 = nu^2 Var(z) / (L (L + nu)) per coordinate"),
        "Without the null token of weight ν = "
            + Words.number(model.priorCount())
            + " the average forgets the prior and how many tokens it saw; z is the mean parameter"
            + " E(T|z).",
        "[derived] A7");
  }
}
