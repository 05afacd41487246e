package org.definetti.layer;

import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.attention.Activation;
import org.definetti.attention.AnswerPlace;
import org.definetti.attention.ConvolutionShape;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.Pooling;
import org.definetti.attention.Recurrence;
import org.definetti.engine.Widths;
import org.definetti.random.Seed;

/** Outputs and gradients of the layers against their reference forms, on random shapes. */
class LayerGradientProperties {

  /** Of the parameters: makes logits of order one; larger ones carry errors in proportion. */
  private static final double SCALE = 0.5;

  @Property(tries = 50, seed = "20261127")
  void multiHead(
      @ForAll @IntRange(min = 1, max = 6) int keyWidth,
      @ForAll @IntRange(min = 1, max = 4) int valueWidth,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 0, max = 7) int options,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    boolean nullToken = (options & 1) != 0;
    MultiHeadLayer layer =
        MultiHeadLayer.of(new Widths(keyWidth, valueWidth, 1 + seed % 3), heads)
            .withHeadWidth(1 + seed % 4)
            .withMapWidth(1 + seed % 5);
    layer = nullToken ? layer.withNullToken() : layer;
    layer = (options & 2) != 0 ? layer.withLogBias() : layer;
    layer = (options & 4) != 0 ? layer.withClassQuery() : layer;
    GradientCheck.check(layer, nullToken ? 0 : 1, length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 60, seed = "20261127")
  void linearAttention(
      @ForAll @IntRange(min = 1, max = 6) int keyWidth,
      @ForAll @IntRange(min = 1, max = 4) int valueWidth,
      @ForAll @IntRange(min = 1, max = 6) int featureWidth,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll FeatureMap features,
      @ForAll Divisor divisor,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    boolean identity = seed % 2 == 0;
    LinearAttentionLayer layer =
        LinearAttentionLayer.of(new Widths(keyWidth, valueWidth, identity ? valueWidth : 2))
            .withFeatureWidth(featureWidth);
    layer = identity ? layer.withIdentityValues() : layer;
    boolean divides = divisor == Divisor.WEIGHTS;
    layer = layer.withFeatures(divides ? FeatureMap.ELU_PLUS_ONE : features, divisor);
    GradientCheck.check(layer, divides ? 1 : 0, length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 60, seed = "20261127")
  void kernelRidge(
      @ForAll @IntRange(min = 1, max = 6) int keyWidth,
      @ForAll @IntRange(min = 1, max = 4) int valueWidth,
      @ForAll @IntRange(min = 0, max = 6) int featureWidth,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll boolean gaussian,
      @ForAll boolean priorMean,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    boolean identity = seed % 2 == 0;
    Widths widths = new Widths(keyWidth, valueWidth, identity ? valueWidth : 2);
    KernelRidgeLayer layer =
        gaussian ? KernelRidgeLayer.gaussian(widths) : KernelRidgeLayer.linear(widths);
    layer = featureWidth > 0 ? layer.withFeatureWidth(featureWidth) : layer;
    layer = priorMean ? layer.withPriorMean() : layer;
    layer = identity ? layer.withIdentityValues() : layer;
    GradientCheck.check(layer, 0, length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 40, seed = "20261127")
  void deepSets(
      @ForAll @IntRange(min = 1, max = 4) int keyWidth,
      @ForAll @IntRange(min = 1, max = 4) int valueWidth,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll Activation activation,
      @ForAll Pooling pooling,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    DeepSetsLayer layer =
        DeepSetsLayer.of(new Widths(keyWidth, valueWidth, 1 + seed % 3))
            .withWidth(width)
            .withActivation(activation)
            .withPooling(pooling);
    int shortest = pooling == Pooling.MEAN ? 1 : 0;
    GradientCheck.check(layer, shortest, length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 30, seed = "20261127")
  void conceptDictionary(
      @ForAll @IntRange(min = 1, max = 4) int valueWidth,
      @ForAll @IntRange(min = 1, max = 7) int concepts,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    ConceptDictionaryLayer layer =
        ConceptDictionaryLayer.of(new Widths(2, valueWidth, 1 + seed % 3), concepts);
    GradientCheck.check(layer, 0, length, SCALE, ConceptDictionaryLayer::reference, rng(seed));
  }

  @Property(tries = 20, seed = "20261127")
  void meanPooling(
      @ForAll @IntRange(min = 1, max = 6) int valueWidth,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    MeanPoolingLayer layer = MeanPoolingLayer.of(new Widths(2, valueWidth, 1 + seed % 3));
    GradientCheck.check(layer, 1, length, 1, MeanPoolingLayer::reference, rng(seed));
  }

  @Property(tries = 40, seed = "20261127")
  void convolution(
      @ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int depth,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll Activation activation,
      @ForAll AnswerPlace answers,
      @ForAll @IntRange(min = 0, max = 4) int form,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    boolean grid = form == 4 && answers != AnswerPlace.QUERY;
    boolean causal = form < 2;
    int size = causal || kernel % 2 == 1 ? kernel : kernel + 1;
    List<Integer> dilations = ConvolutionShape.doubling(depth);
    ConvolutionShape shape =
        grid
            ? ConvolutionShape.grid(size, dilations, 1 + seed % 4)
            : causal
                ? ConvolutionShape.causal(size, dilations)
                : ConvolutionShape.centred(size, dilations);
    shape = !grid && form % 2 == 1 ? shape.withCircularPadding() : shape;
    ConvolutionLayer layer =
        ConvolutionLayer.of(widths(seed)).withWidth(width).withActivation(activation);
    layer = seed % 2 == 0 ? layer : layer.withResiduals();
    layer =
        switch (answers) {
          case QUERY -> layer;
          case EVERY_TOKEN -> layer.atEveryPosition();
          case MEAN -> layer.pooled();
        };
    layer = layer.withShape(shape);
    GradientCheck.check(layer, shortest(answers), length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 30, seed = "20261127")
  void sets(
      @ForAll @IntRange(min = 1, max = 3) int depth,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll Activation activation,
      @ForAll AnswerPlace answers,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    SetLayer layer =
        SetLayer.of(widths(seed)).withWidth(width).withDepth(depth).withActivation(activation);
    layer = seed % 2 == 0 ? layer : layer.withResiduals();
    layer =
        switch (answers) {
          case QUERY -> layer;
          case EVERY_TOKEN -> layer.atEveryPosition();
          case MEAN -> layer.pooled();
        };
    GradientCheck.check(layer, shortest(answers), length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 60, seed = "20261127")
  void recurrent(
      @ForAll Recurrence recurrence,
      @ForAll @IntRange(min = 1, max = 4) int width,
      @ForAll @IntRange(min = 1, max = 4) int stateWidth,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll AnswerPlace answers,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    RecurrentLayer layer =
        RecurrentLayer.of(widths(seed), recurrence).withWidth(width).withStateWidth(stateWidth);
    layer =
        switch (answers) {
          case QUERY -> layer;
          case EVERY_TOKEN -> layer.atEveryPosition();
          case MEAN -> layer.pooled();
        };
    GradientCheck.check(layer, shortest(answers), length, SCALE, layer::reference, rng(seed));
  }

  @Property(tries = 40, seed = "20261127")
  void equivariant(
      @ForAll @IntRange(min = 1, max = 3) int depth,
      @ForAll @IntRange(min = 1, max = 4) int channels,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 8) int length,
      @ForAll boolean marks,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    int d = 1 + seed % 5;
    EquivariantAttentionLayer layer =
        marks
            ? EquivariantAttentionLayer.withMarks(new Widths(1 + seed % 3, d, d))
            : EquivariantAttentionLayer.of(new Widths(d, d, d));
    layer = layer.withDepth(depth).withChannels(channels).withHeads(heads);
    GradientCheck.check(layer, 0, length, SCALE, layer::reference, rng(seed));
  }

  private static Widths widths(int seed) {
    return new Widths(1 + seed % 2, 1 + seed % 3, 1 + seed % 4);
  }

  private static int shortest(AnswerPlace answers) {
    return answers == AnswerPlace.MEAN ? 1 : 0;
  }

  private static RandomGenerator rng(int seed) {
    return Seed.of(seed).generator();
  }
}
