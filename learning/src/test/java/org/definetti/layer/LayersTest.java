package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Activation;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.Pooling;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.junit.jupiter.api.Test;

/** Every layer that can be named, and every option, against what all layers must satisfy. */
class LayersTest implements LayerContract {

  private static final Widths WIDTHS = new Widths(3, 2, 2);
  private static final Widths WIDE = new Widths(5, 3, 1);

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (String name : Layers.names()) {
      layers.add(Layers.of(name, WIDTHS));
      layers.add(Layers.of(name, WIDE));
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
    return layers;
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> Layers.of("convolution", WIDTHS));
    assertEquals(
        "name: expected one of " + Layers.names() + ", got convolution", error.getMessage());
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
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelRidgeLayer.gaussian(WIDTHS).workspace(1, KernelRidgeLayer.MAX_LENGTH + 1));
    KernelRidgeLayer.linear(WIDTHS).workspace(1, KernelRidgeLayer.MAX_LENGTH + 1);
  }
}
