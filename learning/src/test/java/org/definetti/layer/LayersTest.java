package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.attention.Activation;
import org.definetti.attention.ConvolutionShape;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.Pooling;
import org.definetti.attention.Recurrence;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.junit.jupiter.api.Test;

/** Every layer that can be named, and every option, against what all layers must satisfy. */
class LayersTest implements LayerContract {

  private static final Widths WIDTHS = new Widths(3, 2, 2);
  private static final Widths WIDE = new Widths(5, 3, 1);
  private static final Widths EQUAL = new Widths(3, 3, 3);

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (String name : Layers.names()) {
      if (name.equals("equivariant")) {
        layers.add(Layers.of(name, EQUAL));
      } else {
        layers.add(Layers.of(name, WIDTHS));
        layers.add(Layers.of(name, WIDE));
      }
    }
    for (String name : List.of("softmax", "null-token-softmax", "linear", "cme", "linear-cme")) {
      layers.add(Layers.withIdentityValues(name, WIDTHS));
    }
    layers.add(SoftmaxHeadLayer.of(WIDE).withHeadWidth(2).withMapWidth(4));
    layers.add(MultiHeadLayer.of(WIDE, 2).withHeadWidth(2).withMapWidth(4).withLogBias());
    layers.add(MultiHeadLayer.of(WIDE, 3).withClassQuery().withNullToken());
    LinearAttentionLayer linear = LinearAttentionLayer.of(WIDE).withFeatureWidth(6);
    layers.add(linear.withFeatures(FeatureMap.IDENTITY, Divisor.NONE));
    layers.add(linear.withFeatures(FeatureMap.ELU_PLUS_ONE, Divisor.NONE));
    layers.add(linear.withFeatures(FeatureMap.ELU_PLUS_ONE, Divisor.LENGTH));
    layers.add(linear.withFeatures(FeatureMap.ELU_PLUS_ONE, Divisor.WEIGHTS));
    layers.add(KernelRidgeLayer.gaussian(WIDE));
    layers.add(KernelRidgeLayer.linear(WIDE));
    layers.add(KernelRidgeLayer.linear(WIDE).withFeatureWidth(12));
    layers.add(DeepSetsLayer.of(WIDE).withPooling(Pooling.SUM).withWidth(5));
    layers.add(DeepSetsLayer.of(WIDE).withActivation(Activation.GELU).withWidth(7));
    layers.add(SetLayer.of(WIDE).withWidth(5).withDepth(3).atEveryPosition());
    layers.add(SetLayer.of(WIDE).withResiduals().withActivation(Activation.GELU).pooled());
    ConvolutionLayer convolution = ConvolutionLayer.of(WIDE).withWidth(6);
    layers.add(convolution.atEveryPosition());
    layers.add(convolution.pooled().withShape(ConvolutionShape.centred(5, List.of(2))));
    layers.add(
        convolution.withShape(ConvolutionShape.centred(3, List.of(1, 2, 4)).withCircularPadding()));
    layers.add(convolution.atEveryPosition().withShape(ConvolutionShape.grid(3, List.of(1, 1), 4)));
    layers.add(ConvolutionLayer.temporal(WIDE, 2, 5).withActivation(Activation.GELU));
    for (Recurrence recurrence : Recurrence.values()) {
      RecurrentLayer recurrent = RecurrentLayer.of(WIDE, recurrence).withWidth(7);
      layers.add(recurrent.atEveryPosition());
      layers.add(recurrent.withStateWidth(3).pooled());
    }
    layers.add(EquivariantAttentionLayer.withMarks(new Widths(2, 3, 3)).withDepth(3));
    layers.add(EquivariantAttentionLayer.of(EQUAL).withHeads(2).withChannels(3).withDepth(1));
    layers.add(ConceptDictionaryLayer.of(WIDTHS, 2));
    layers.add(ConceptDictionaryLayer.of(WIDE, 5));
    return layers;
  }

  @Override
  public boolean orderMatters(Layer layer) {
    return layer instanceof ConvolutionLayer
        || layer instanceof RecurrentLayer
        || layer.label().contains("rotary");
  }

  /** Convolution, recurrence and rotary positions see an order: the check above can fail. */
  @Test
  void whereOrderMattersItShows() {
    for (Layer layer : layers()) {
      if (orderMatters(layer) && layer.outputs(2) == 1 && !layer.label().contains("mean")) {
        float[] outputs = LayerContract.firstOutputs(layer, false);
        float[] swapped = LayerContract.firstOutputs(layer, true);
        assertFalse(Arrays.equals(outputs, swapped), layer.toString());
      }
    }
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> Layers.of("hopfield", WIDTHS));
    assertEquals("name: expected one of " + Layers.names() + ", got hopfield", error.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Layers.withIdentityValues("deep-sets", WIDTHS));
    assertThrows(ShapeMismatchException.class, () -> Layers.withIdentityValues("cme", WIDE));
    assertFalse(Layers.names().isEmpty());
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    LinearAttentionLayer linear = LinearAttentionLayer.of(WIDTHS);
    assertThrows(
        IllegalArgumentException.class,
        () -> linear.withFeatures(FeatureMap.IDENTITY, Divisor.WEIGHTS));
    assertThrows(IllegalArgumentException.class, () -> MultiHeadLayer.of(WIDTHS, 0));
    assertThrows(ShapeMismatchException.class, () -> Layers.of("equivariant", WIDTHS));
    assertThrows(ShapeMismatchException.class, () -> EquivariantAttentionLayer.withMarks(WIDE));
    ConvolutionShape grid = ConvolutionShape.grid(3, List.of(1), 4);
    assertThrows(IllegalArgumentException.class, () -> ConvolutionLayer.of(WIDTHS).withShape(grid));
    assertThrows(
        IllegalArgumentException.class,
        () -> TransformerLayer.of(WIDTHS).withBlock(BlockShape.of(6, 2)).withRotaryPositions());
    assertThrows(IllegalArgumentException.class, () -> ConceptDictionaryLayer.of(WIDTHS, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelRidgeLayer.gaussian(WIDTHS).workspace(1, KernelRidgeLayer.MAX_LENGTH + 1));
    KernelRidgeLayer.linear(WIDTHS).workspace(1, KernelRidgeLayer.MAX_LENGTH + 1);
  }
}
