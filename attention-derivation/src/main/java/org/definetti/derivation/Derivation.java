package org.definetti.derivation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DirectionalModel;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.GaussianGroupModel;
import org.definetti.latent.GaussianLocationModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.LinearGaussianModel;
import org.jspecify.annotations.Nullable;

/**
 * The attention that a latent model dictates, with how close it claims to come to the exact
 * predictive mean.
 *
 * <pre>{@code
 * conjugate family     null-token-softmax     logit log ν, value χ0             exact     B2
 *                      mean-pooling           no prior                          known gap A7
 * linear-Gaussian      cme                    kernel κ, ridge s2 / t2           exact     B1
 *                      corrected-softmax      softmax(q·k/γ) / A_d(1/γ)         rate L^-1
 *                      softmax                softmax(q·k/γ)                    not consistent
 * Gaussian location    multi-head-null-token  a null head a direction           exact     MS7
 * Gaussian groups      two-level-null-token   null heads within and across      exact     M12
 * finite latents       concept-dictionary     evidence, then a dictionary       exact     B3
 * directions           direction-readout      a sum, then a Bessel ratio        exact     M7, MS5
 * any likelihood       mean-pooling           average                           rate L^-1
 * }</pre>
 *
 * <p>It depends on what a model declares it is ({@link ConjugateModel}: statistic, prior count,
 * prior mean; {@link LinearGaussianModel}: kernel, prior mean and variance, noise variance, law of
 * keys; {@link GaussianLocationModel}, {@link GaussianGroupModel}, {@link FiniteLatentModel},
 * {@link DirectionalModel}, {@link LikelihoodModel}), never on its class, so an own model derives
 * too. The two softmax forms need a centred model, the linear kernel and keys on the sphere.
 * Immutable.
 *
 * <p>Attentions that follow from an assumption which no single model states are made by {@link
 * GeneratedQuery} (B4) and {@link SeveralLatents} (B5).
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
  private final Map<String, String> parameters;
  private final @Nullable Control control;

  Derivation(
      String form,
      String label,
      Attention attention,
      Exactness exactness,
      String explanation,
      String source) {
    this(form, label, attention, exactness, explanation, source, Map.of(), null);
  }

  private Derivation(
      String form,
      String label,
      Attention attention,
      Exactness exactness,
      String explanation,
      String source,
      Map<String, String> parameters,
      @Nullable Control control) {
    this.form = form;
    this.label = label;
    this.attention = attention;
    this.exactness = exactness;
    this.explanation = explanation;
    this.source = source;
    this.parameters = parameters;
    this.control = control;
  }

  /**
   * The same attention with something wrong: what a check of the right one has to catch.
   *
   * @param words what is wrong
   * @param attention the wrong attention
   */
  public record Control(String words, Attention attention) {}

  Derivation withParameter(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new Derivation(
        form,
        label,
        attention,
        exactness,
        explanation,
        source,
        Collections.unmodifiableMap(more),
        control);
  }

  Derivation withControl(String words, Attention wrong) {
    return new Derivation(
        form,
        label,
        attention,
        exactness,
        explanation,
        source,
        parameters,
        new Control(words, wrong));
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
    List<Derivation> found = known(model, temperature);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "model: expected one with a derivation, got "
              + model.description().name()
              + ", which "
              + LikelihoodDerivation.whyNone(model));
    }
    return List.copyOf(found);
  }

  /**
   * Returns why no attention is derived from a model, in one sentence, or the empty string if one
   * is.
   */
  public static String whyNone(LatentModel<?> model) {
    return known(model, DEFAULT_TEMPERATURE).isEmpty()
        ? model.description().name() + " " + LikelihoodDerivation.whyNone(model)
        : "";
  }

  private static List<Derivation> known(LatentModel<?> model, double temperature) {
    List<Derivation> found = new ArrayList<>();
    if (model instanceof ConjugateModel<?> conjugate && !model.tokenSpace().hasQueries()) {
      found.addAll(ConjugateDerivation.of(conjugate));
    }
    if (model instanceof LinearGaussianModel<?> linear) {
      found.addAll(LinearGaussianDerivation.of(linear, temperature));
    }
    if (model instanceof GaussianLocationModel<?> location) {
      found.addAll(LocationDerivation.of(location));
    }
    if (model instanceof GaussianGroupModel<?> groups) {
      found.addAll(GroupDerivation.of(groups));
    }
    if (model instanceof FiniteLatentModel<?> finite) {
      found.addAll(FiniteDerivation.of(finite));
    }
    if (model instanceof DirectionalModel<?> directional) {
      found.addAll(DirectionalDerivation.of(directional));
    }
    if (found.isEmpty() && model instanceof LikelihoodModel<?> likelihood) {
      found.addAll(LikelihoodDerivation.of(likelihood));
    }
    return found;
  }

  private static String whyNoSoftmax(LatentModel<?> model) {
    if (model instanceof LinearGaussianModel<?> linear) {
      String reason = SoftmaxAsymptotics.whyNot(linear);
      return reason.isEmpty() ? "" : " (softmax forms: " + reason + ")";
    }
    return "";
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

  /** Returns the attention's parameters with their values as text, in order. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Returns the wrong attention that a check has to catch, or null where there is none. */
  public @Nullable Control control() {
    return control;
  }

  @Override
  public String toString() {
    return form + " (" + label + ")";
  }
}
