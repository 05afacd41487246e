package org.definetti.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.definetti.attention.Recurrence;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.TokenSpace;
import org.jspecify.annotations.Nullable;

/**
 * The trainable layers by the names of the attentions they learn, each with its default options.
 *
 * <pre>{@code
 * softmax              one softmax head
 * null-token-softmax   one softmax head with a null token
 * multi-head           four softmax heads with null tokens
 * linear               linear attention, identity features, divided by length
 * cme                  kernel ridge, Gaussian kernel of learned features, prior mean
 * linear-cme           kernel ridge, linear kernel of learned features, prior mean
 * transformer          two transformer blocks, read out at the query
 * mean-pooling         mean of the values, a control
 * deep-sets            networks before and behind a mean, the baseline
 * set-network          equivariant deep sets, two layers, read out at the query
 * convolution          two causal convolutions of kernel 3, read out at the query
 * temporal-convolution four of kernel 3 and dilations 1, 2, 4, 8, with residuals
 * elman, gru, lstm     recurrence, read out at the query
 * rotary-transformer   transformer with rotary positions
 * equivariant          attention that turns with keys, values and queries of one width
 * }</pre>
 *
 * <p>Whoever trains by name, and every test or audit that must hold for all layers, enumerates this
 * list.
 */
public final class Layers {

  private static final int HEADS = 4;

  // Of the temporal convolution: it sees 30 tokens.
  private static final int KERNEL = 3;
  private static final int DEPTH = 4;

  /**
   * How a layer is made.
   *
   * @param free with learned value map and readout
   * @param identity with values that pass unchanged, null where that cannot be
   */
  private record Form(Function<Widths, Layer> free, @Nullable Function<Widths, Layer> identity) {}

  private static final Map<String, Form> FORMS = forms();

  private Layers() {}

  private static Map<String, Form> forms() {
    Map<String, Form> forms = new LinkedHashMap<>();
    forms.put(
        "softmax",
        new Form(SoftmaxHeadLayer::of, widths -> SoftmaxHeadLayer.of(widths).withIdentityValues()));
    forms.put(
        "null-token-softmax",
        new Form(
            widths -> SoftmaxHeadLayer.of(widths).withNullToken(),
            widths -> SoftmaxHeadLayer.of(widths).withNullToken().withIdentityValues()));
    forms.put(
        "multi-head", new Form(widths -> MultiHeadLayer.of(widths, HEADS).withNullToken(), null));
    forms.put(
        "linear",
        new Form(
            LinearAttentionLayer::of,
            widths -> LinearAttentionLayer.of(widths).withIdentityValues()));
    forms.put(
        "cme",
        new Form(widths -> gaussian(widths), widths -> gaussian(widths).withIdentityValues()));
    forms.put(
        "linear-cme",
        new Form(widths -> linear(widths), widths -> linear(widths).withIdentityValues()));
    forms.put("transformer", new Form(TransformerLayer::of, null));
    forms.put("mean-pooling", new Form(MeanPoolingLayer::of, null));
    forms.put("deep-sets", new Form(DeepSetsLayer::of, null));
    forms.put("set-network", new Form(SetLayer::of, null));
    forms.put("convolution", new Form(ConvolutionLayer::of, null));
    forms.put(
        "temporal-convolution",
        new Form(widths -> ConvolutionLayer.temporal(widths, KERNEL, DEPTH), null));
    for (Recurrence recurrence : Recurrence.values()) {
      String name = recurrence.name().toLowerCase(Locale.ROOT);
      forms.put(name, new Form(widths -> RecurrentLayer.of(widths, recurrence), null));
    }
    forms.put(
        "rotary-transformer",
        new Form(widths -> TransformerLayer.of(widths).withRotaryPositions(), null));
    forms.put("equivariant", new Form(EquivariantAttentionLayer::of, null));
    return forms;
  }

  private static KernelRidgeLayer gaussian(Widths widths) {
    return KernelRidgeLayer.gaussian(widths).withFeatureWidth(widths.key()).withPriorMean();
  }

  private static KernelRidgeLayer linear(Widths widths) {
    return KernelRidgeLayer.linear(widths).withFeatureWidth(widths.key()).withPriorMean();
  }

  /** Returns the names, in a fixed order. */
  public static List<String> names() {
    return List.copyOf(FORMS.keySet());
  }

  /**
   * Returns the layer of this name for these widths.
   *
   * @throws IllegalArgumentException with the names there are if this is not one of them
   * @throws org.definetti.latent.ShapeMismatchException if the layer cannot have these widths
   */
  public static Layer of(String name, Widths widths) {
    return form(name).free.apply(widths);
  }

  /**
   * Returns the layer of this name without value map and readout: values pass unchanged.
   *
   * @throws IllegalArgumentException if there is no such layer or it cannot do without
   * @throws ShapeMismatchException if values and targets differ in width
   */
  public static Layer withIdentityValues(String name, Widths widths) {
    Function<Widths, Layer> identity = form(name).identity;
    if (identity == null) {
      throw new IllegalArgumentException(
          "name: expected one whose values can pass unchanged, got " + name);
    }
    return identity.apply(widths);
  }

  /**
   * Returns the form of a layer that answers at every prefix of its context, row t from the first t
   * tokens, for {@link org.definetti.objective.Objective#NEXT_TOKEN}.
   *
   * <pre>{@code
   * softmax head with null token, tokens without queries   CausalNullHeadLayer
   * transformer                                            CausalTransformerLayer
   * any other with one answer                              PrefixLayer, with a start row if need be
   * one that answers at every prefix                       itself
   * }</pre>
   *
   * @param space of the tokens: pairs ask row t with the key of token t + 1
   * @throws ShapeMismatchException if the layer answers at several places, but not at every prefix
   */
  public static Layer atEveryPrefix(Layer layer, TokenSpace space) {
    boolean pairs = space.hasQueries();
    if (layer.outputs(0) == 1 && layer.outputs(2) == 3) {
      return layer;
    }
    if (layer instanceof TransformerLayer transformer) {
      return pairs
          ? CausalTransformerLayer.ofPairs(transformer)
          : CausalTransformerLayer.of(transformer);
    }
    if (layer instanceof SoftmaxHeadLayer head && head.hasNullToken() && !pairs) {
      return CausalNullHeadLayer.of(head);
    }
    PrefixLayer prefixes = PrefixLayer.of(layer);
    prefixes = pairs ? prefixes.withKeysAsQueries() : prefixes;
    return refusesNothing(layer) ? prefixes.withStartRow() : prefixes;
  }

  private static boolean refusesNothing(Layer layer) {
    return layer instanceof SoftmaxHeadLayer head
        ? !head.hasNullToken()
        : layer instanceof SampleLayer sample && sample.whyNotEmpty() != null;
  }

  private static Form form(String name) {
    Form form = FORMS.get(name);
    if (form == null) {
      throw new IllegalArgumentException("name: expected one of " + names() + ", got " + name);
    }
    return form;
  }
}
