package org.definetti.derivation;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.EvidenceMixtureAttention;
import org.definetti.attention.Head;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.ScaledKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.Check;
import org.definetti.latent.LinearGaussianModel;
import org.ejml.simple.SimpleMatrix;

/**
 * Several linear-Gaussian latents at once, and the heads that they call for (B5).
 *
 * <pre>{@code
 * independent   v = (v_1..v_H), k = (k_1..k_H)   out = concat_h cme_h        a head each
 * additive      v = Σ_h v_h, one key k           kernel Σ_h t2_h κ_h         one head for all
 * uncertain     v = v_c, c ~ p                   out = Σ_c P(c|X) cme_c      evidence mixes heads
 * }</pre>
 *
 * <p>v_h is a value of model h: z_h φ_h(k_h) + ε_h. All models are centred. Source: [derived].
 */
public final class SeveralLatents {

  private SeveralLatents() {}

  /**
   * Returns multi-head attention for tokens that hold a token of each model, keys side by side,
   * then values side by side: each head reads its own columns.
   *
   * @throws IllegalArgumentException if there is no model, or one is not centred
   */
  public static Derivation independent(List<? extends LinearGaussianModel<?>> models) {
    check(models);
    int keyWidth = models.stream().mapToInt(m -> m.tokenSpace().keyWidth()).sum();
    int valueWidth = models.stream().mapToInt(m -> m.tokenSpace().valueWidth()).sum();
    List<Head> heads = new ArrayList<>();
    List<String> ridges = new ArrayList<>();
    int key = 0;
    int value = 0;
    for (LinearGaussianModel<?> model : models) {
      int dk = model.tokenSpace().keyWidth();
      int dv = model.tokenSpace().valueWidth();
      SimpleMatrix keys = columns(key, dk, keyWidth);
      SimpleMatrix values = columns(value, dv, valueWidth);
      heads.add(
          Head.of(ridge(model))
              .withQueryMap(keys)
              .withKeyMap(keys)
              .withValueMap(values)
              .withOutputMap(values.transpose()));
      ridges.add(Words.number(model.noiseVariance() / model.priorVariance()));
      key += dk;
      value += dv;
    }
    return new Derivation(
            "multi-head",
            "kernel-ridge heads, ridges " + ridges,
            new MultiHeadAttention(heads),
            Exactness.exact(),
            "Independent latents have independent posteriors: out = concat_h κ_h(q,K)"
                + " (κ_h(K,K) + λ_h I)^-1 V_h, each head with the ridge of its own latent.",
            "[derived] B5")
        .withParameter("ridges λ_h", ridges.toString());
  }

  /**
   * Returns kernel ridge for values that are the sum of a value of each model at one key.
   *
   * @throws IllegalArgumentException if there is no model, one is not centred, or widths differ
   */
  public static Derivation additive(List<? extends LinearGaussianModel<?>> models) {
    sameWidths(models);
    Kernel kernel = scaled(models.get(0));
    double noise = models.get(0).noiseVariance();
    for (LinearGaussianModel<?> model : models.subList(1, models.size())) {
      kernel = new SumKernel(kernel, scaled(model));
      noise += model.noiseVariance();
    }
    return new Derivation(
            "cme",
            "kernel ridge with the summed kernel, ridge " + Words.number(noise),
            KernelRidgeAttention.of(kernel, noise),
            Exactness.exact(),
            "A sum of independent Gaussian functions is one, with covariance Σ_h t2_h κ_h: one head"
                + " with the summed kernel and the summed noise variance as ridge; heads do not"
                + " separate.",
            "[derived] B5")
        .withParameter("kernel Σ t2 κ", kernel.toString())
        .withParameter("ridge Σ s2", Words.number(noise));
  }

  /**
   * Returns the mixture of heads for values of one of the models, which one being uncertain.
   *
   * @param priors the probability of each model, shape (1, models)
   * @throws IllegalArgumentException if there is no model, one is not centred, widths or noise
   *     variances differ, or the probabilities are none
   */
  public static Derivation uncertain(
      List<? extends LinearGaussianModel<?>> models, SimpleMatrix priors) {
    sameWidths(models);
    double noise = models.get(0).noiseVariance();
    List<KernelRidgeAttention> heads = new ArrayList<>();
    for (LinearGaussianModel<?> model : models) {
      if (model.noiseVariance() != noise) {
        throw new IllegalArgumentException(
            "models: expected noise variance " + noise + ", got " + model.noiseVariance());
      }
      heads.add(ridge(model));
    }
    return new Derivation(
            "evidence-mixture",
            "kernel-ridge heads mixed by their evidence",
            new EvidenceMixtureAttention(heads, priors, noise),
            Exactness.exact(),
            "Which kernel it is, is a latent too: out = Σ_c P(c|X) cme_c, with P(c|X) = softmax of"
                + " log p_c plus the log evidence of head c.",
            "[derived] B5")
        .withParameter("priors p", Words.row(priors))
        .withParameter("noise variance s2", Words.number(noise));
  }

  private static KernelRidgeAttention ridge(LinearGaussianModel<?> model) {
    return KernelRidgeAttention.of(model.kernel(), model.noiseVariance() / model.priorVariance());
  }

  private static Kernel scaled(LinearGaussianModel<?> model) {
    return new ScaledKernel(model.priorVariance(), model.kernel());
  }

  private static void check(List<? extends LinearGaussianModel<?>> models) {
    Check.atLeast("models", 1, models.size());
    for (LinearGaussianModel<?> model : models) {
      if (!model.isCentred()) {
        throw new IllegalArgumentException(
            "models: expected a prior mean of zero, got another in " + model.description().name());
      }
    }
  }

  private static void sameWidths(List<? extends LinearGaussianModel<?>> models) {
    check(models);
    for (LinearGaussianModel<?> model : models) {
      if (!model.tokenSpace().equals(models.get(0).tokenSpace())) {
        throw new IllegalArgumentException(
            "models: expected tokens of "
                + models.get(0).tokenSpace()
                + ", got "
                + model.tokenSpace());
      }
    }
  }

  /** Returns the map that keeps some columns: shape (count, width). */
  private static SimpleMatrix columns(int from, int count, int width) {
    SimpleMatrix map = new SimpleMatrix(count, width);
    for (int i = 0; i < count; i++) {
      map.getDDRM().data[i * width + from + i] = 1;
    }
    return map;
  }
}
