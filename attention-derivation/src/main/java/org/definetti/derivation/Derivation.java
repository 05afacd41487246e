package org.definetti.derivation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.MeanPooling;
import org.definetti.attention.NullToken;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LinearGaussianModel;

/**
 * The attention that a latent model dictates, with how close it claims to come to the exact
 * predictive mean.
 *
 * <pre>{@code
 * conjugate family    null-token-softmax   logit log ν, value χ0            exact
 *                     mean-pooling         no prior                         known gap (control)
 * linear-Gaussian     cme                  kernel κ, ridge s2 / t2          exact
 *                     corrected-softmax    softmax(q·k/γ) / A_d(1/γ)        rate L^-1
 *                     softmax              softmax(q·k/γ)                   not consistent
 * }</pre>
 *
 * <p>It depends on what a model declares it is ({@link ConjugateModel}: statistic, prior count,
 * prior mean; {@link LinearGaussianModel}: kernel, prior and noise variance, law of keys), never on
 * its class, so an own model derives too. A linear-Gaussian model must be centred, with prior mean
 * zero at every key. The two softmax forms need the linear kernel and keys on the sphere.
 * Immutable.
 */
public final class Derivation {

  /** The temperature of {@link #all} and {@link #of(LatentModel, String)}, 0.25. */
  public static final double DEFAULT_TEMPERATURE = 0.25;

  private final String form;
  private final String label;
  private final Attention attention;
  private final Exactness exactness;
  private final String explanation;
  private final String source;

  private Derivation(
      String form,
      String label,
      Attention attention,
      Exactness exactness,
      String explanation,
      String source) {
    this.form = form;
    this.label = label;
    this.attention = attention;
    this.exactness = exactness;
    this.explanation = explanation;
    this.source = source;
  }

  /**
   * Returns the best known attention for a model: an exact one where there is one.
   *
   * @throws IllegalArgumentException with the reason if none is known for such a model
   */
  public static Derivation of(LatentModel<?> model) {
    return all(model).get(0);
  }

  /**
   * Returns the attention of this form for a model, at {@link #DEFAULT_TEMPERATURE} if it has one.
   *
   * @param form for example {@code null-token-softmax}
   * @throws IllegalArgumentException with the forms there are if this is not one of them
   */
  public static Derivation of(LatentModel<?> model, String form) {
    return of(model, form, DEFAULT_TEMPERATURE);
  }

  /**
   * Returns the attention of this form for a model.
   *
   * @param temperature γ of {@code softmax} and {@code corrected-softmax}; the other forms have
   *     none
   * @throws IllegalArgumentException with the forms there are if this is not one of them
   */
  public static Derivation of(LatentModel<?> model, String form, double temperature) {
    List<String> known = new ArrayList<>();
    for (Derivation derivation : all(model, temperature)) {
      if (derivation.form.equals(form)) {
        return derivation;
      }
      known.add(derivation.form);
    }
    String name = model.description().name();
    throw new IllegalArgumentException(
        "form: expected one of " + known + " for " + name + whyNoSoftmax(model) + ", got " + form);
  }

  /** Returns every attention known for a model, the best first, at the default temperature. */
  public static List<Derivation> all(LatentModel<?> model) {
    return all(model, DEFAULT_TEMPERATURE);
  }

  /**
   * Returns every attention known for a model, the best first.
   *
   * @param temperature γ of the forms that have one, above zero
   * @throws IllegalArgumentException with the reason if none is known for such a model
   */
  public static List<Derivation> all(LatentModel<?> model, double temperature) {
    List<Derivation> found = new ArrayList<>();
    if (model instanceof ConjugateModel<?> conjugate && !model.tokenSpace().hasQueries()) {
      found.add(nullTokenSoftmax(conjugate));
      found.add(meanPooling(conjugate));
    }
    if (model instanceof LinearGaussianModel<?> linear) {
      if (!linear.isCentred()) {
        throw new IllegalArgumentException(
            "model: expected a linear-Gaussian map with prior mean zero, got "
                + model.description().name()
                + " with another: kernel ridge is exact only for values less their prior mean,"
                + " v - Z0 k");
      }
      found.add(cme(linear));
      if (SoftmaxAsymptotics.whyNot(linear).isEmpty()) {
        found.add(correctedSoftmax(linear, temperature));
        found.add(softmax(linear, temperature));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "model: expected one with a derivation, got "
              + model.description().name()
              + ", which declares neither a conjugate family of tokens without keys"
              + " (ConjugateModel) nor a linear-Gaussian map (LinearGaussianModel)");
    }
    return List.copyOf(found);
  }

  private static String whyNoSoftmax(LatentModel<?> model) {
    if (model instanceof LinearGaussianModel<?> linear) {
      String reason = SoftmaxAsymptotics.whyNot(linear);
      return reason.isEmpty() ? "" : " (softmax forms: " + reason + ")";
    }
    return "";
  }

  private static Derivation nullTokenSoftmax(ConjugateModel<?> model) {
    NullToken prior = NullToken.ofCount(model.priorCount(), model.priorMean());
    return new Derivation(
        "null-token-softmax",
        "softmax, all logits 0, null token of weight " + number(model.priorCount()),
        SoftmaxAttention.of(1).withNullToken(prior),
        Exactness.exact(),
        "Every token has logit 0 and value T(x); the null token has logit log ν and value χ0."
            + " Then out = (Σ T(x^l) + ν χ0) / (L + ν) = E[E(T|z) | X] for every L, with ν = "
            + number(model.priorCount())
            + ".",
        "[derived] B2");
  }

  private static Derivation meanPooling(ConjugateModel<?> model) {
    return new Derivation(
        "mean-pooling",
        "mean of the values, no null token",
        new MeanPooling(),
        new Exactness.KnownGap(-2, "E gap^2 = nu^2 Var(z) / (L (L + nu)) per coordinate"),
        "Without the null token of weight ν = "
            + number(model.priorCount())
            + " the average forgets the prior and how many tokens it saw; z is the mean parameter"
            + " E(T|z).",
        "[derived] A7");
  }

  private static Derivation cme(LinearGaussianModel<?> model) {
    double ridge = model.noiseVariance() / model.priorVariance();
    return new Derivation(
        "cme",
        "kernel ridge, ridge " + number(ridge) + ", no temperature",
        KernelRidgeAttention.of(model.kernel(), ridge),
        Exactness.exact(),
        "The posterior mean of a Gaussian latent: out = κ(q,K) (κ(K,K) + λ I)^-1 V, with"
            + " ridge λ = noise variance / prior variance = "
            + number(ridge)
            + ".",
        model.kernel().equals(new LinearKernel())
            ? "[source: Zhang-2023, sec 4.1; ridge derived] B1, M5"
            : "[source: Zhang-2023, sec 4.1; ridge derived] B1");
  }

  private static Derivation softmax(LinearGaussianModel<?> model, double temperature) {
    double factor = SoftmaxAsymptotics.of(model, temperature).limitFactor();
    return new Derivation(
        "softmax",
        "softmax, temperature " + number(temperature) + ", no null token, not corrected",
        SoftmaxAttention.of(temperature),
        new Exactness.NotConsistent(
            "its limit is A_d(1/γ) = " + number(factor) + " times E[v|k=q], not E[v|k=q]"),
        "out = Σ w_l v_l, w = softmax(q·k/γ): a smoother, which multiplies the degree-1 part of"
            + " E[v|k] by μ1/μ0 = A_d(1/γ) = "
            + number(factor)
            + " for any L.",
        "[derived: Funk-Hecke] C3");
  }

  private static Derivation correctedSoftmax(LinearGaussianModel<?> model, double temperature) {
    SoftmaxAsymptotics limit = SoftmaxAsymptotics.of(model, temperature);
    double factor = limit.limitFactor();
    return new Derivation(
        "corrected-softmax",
        "softmax, temperature " + number(temperature) + ", times 1/A_d = " + number(1 / factor),
        new ScaledAttention(1 / factor, SoftmaxAttention.of(temperature)),
        new Exactness.Rate(-1, limit.gapConstant()),
        "softmax(q·k/γ) divided by A_d(1/γ) = "
            + number(factor)
            + " tends to E[v|k=q]; L times its mean squared distance to the exact predictive mean"
            + " tends to V/A_d^2 - s2 d p = "
            + number(limit.gapConstant())
            + ".",
        "[derived] C3, C4, C5");
  }

  private static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
    return String.valueOf(rounded.doubleValue());
  }

  /** Returns the name of the form, in lower case with hyphens. */
  public String form() {
    return form;
  }

  /** Returns a short label that states temperature and normalisation. */
  public String label() {
    return label;
  }

  /** Returns the attention. */
  public Attention attention() {
    return attention;
  }

  /** Returns how close the attention claims to come to the exact predictive mean. */
  public Exactness exactness() {
    return exactness;
  }

  /** Returns the derivation in words and one formula. */
  public String explanation() {
    return explanation;
  }

  /** Returns where it comes from: a source tag and the ids of the checks. */
  public String source() {
    return source;
  }

  @Override
  public String toString() {
    return form + " (" + label + ")";
  }
}
