package org.definetti.derivation;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.ResidualAttention;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.LinearGaussianModel;

/**
 * A linear-Gaussian map: kernel ridge, exact (B1); softmax forms in the limit (C3-C5).
 *
 * <pre>{@code  out = m(q) + κ(q, K) (κ(K, K) + λ I)⁻¹ (V − m(K)),   λ = s2 / t2  }</pre>
 *
 * <p>m is the prior mean at a key, zero for a centred model: then the residuals are the values.
 */
final class LinearGaussianDerivation {

  private static final double WRONG_FACTOR = 2;

  private LinearGaussianDerivation() {}

  static List<Derivation> of(LinearGaussianModel<?> model, double temperature) {
    List<Derivation> found = new ArrayList<>();
    found.add(cme(model));
    if (SoftmaxAsymptotics.whyNot(model).isEmpty()) {
      found.add(correctedSoftmax(model, temperature));
      found.add(softmax(model, temperature));
    }
    return found;
  }

  private static Derivation cme(LinearGaussianModel<?> model) {
    double ridge = model.noiseVariance() / model.priorVariance();
    String mean =
        model.isCentred()
            ? ""
            : " The prior mean m(k) is taken from the values and added at the query:"
                + " out = m(q) + κ(q,K) (κ(K,K) + λ I)^-1 (V - m(K)).";
    return new Derivation(
            "cme",
            "kernel ridge, ridge "
                + Words.number(ridge)
                + ", no temperature"
                + (model.isCentred() ? "" : ", of the values less their prior mean"),
            withMean(model, KernelRidgeAttention.of(model.kernel(), ridge)),
            Exactness.exact(),
            "The posterior mean of a Gaussian latent: out = κ(q,K) (κ(K,K) + λ I)^-1 V, with"
                + " ridge λ = noise variance / prior variance = "
                + Words.number(ridge)
                + "."
                + mean,
            model.kernel().equals(new LinearKernel())
                ? "[source: Zhang-2023, sec 4.1; ridge derived] B1, M5"
                : "[source: Zhang-2023, sec 4.1; ridge derived] B1")
        .withParameter("kernel κ", model.kernel().toString())
        .withParameter("ridge λ = s2 / t2", Words.number(ridge))
        .withParameter("prior mean m(k)", model.isCentred() ? "0" : "the model's, a function of k")
        .withControl(
            "ridge times 2",
            withMean(model, KernelRidgeAttention.of(model.kernel(), WRONG_FACTOR * ridge)));
  }

  private static Attention withMean(LinearGaussianModel<?> model, Attention ridge) {
    return model.isCentred() ? ridge : new ResidualAttention(model::priorMeanAt, ridge);
  }

  private static Derivation softmax(LinearGaussianModel<?> model, double temperature) {
    double factor = SoftmaxAsymptotics.of(model, temperature).limitFactor();
    return new Derivation(
            "softmax",
            "softmax, temperature " + Words.number(temperature) + ", no null token, not corrected",
            SoftmaxAttention.of(temperature),
            new Exactness.NotConsistent(
                "its limit is A_d(1/γ) = "
                    + Words.number(factor)
                    + " times E[v|k=q], not E[v|k=q]"),
            "out = Σ w_l v_l, w = softmax(q·k/γ): a smoother, which multiplies the degree-1 part of"
                + " E[v|k] by μ1/μ0 = A_d(1/γ) = "
                + Words.number(factor)
                + " for any L.",
            "[derived: Funk-Hecke] C3")
        .withParameter("temperature γ", Words.number(temperature))
        .withParameter("limit factor A_d(1/γ)", Words.number(factor));
  }

  private static Derivation correctedSoftmax(LinearGaussianModel<?> model, double temperature) {
    SoftmaxAsymptotics limit = SoftmaxAsymptotics.of(model, temperature);
    double factor = limit.limitFactor();
    return new Derivation(
            "corrected-softmax",
            "softmax, temperature "
                + Words.number(temperature)
                + ", times 1/A_d = "
                + Words.number(1 / factor),
            new ScaledAttention(1 / factor, SoftmaxAttention.of(temperature)),
            new Exactness.Rate(-1, limit.gapConstant()),
            "softmax(q·k/γ) divided by A_d(1/γ) = "
                + Words.number(factor)
                + " tends to E[v|k=q]; L times its mean squared distance to the exact predictive"
                + " mean tends to V/A_d^2 - s2 d p = "
                + Words.number(limit.gapConstant())
                + ".",
            "[derived] C3, C4, C5")
        .withParameter("temperature γ", Words.number(temperature))
        .withParameter("correction 1/A_d(1/γ)", Words.number(1 / factor))
        .withControl("not corrected", SoftmaxAttention.of(temperature));
  }
}
