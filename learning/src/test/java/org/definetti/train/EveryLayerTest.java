package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.Parameters;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

/** Every trainable layer, on mixed lengths: the same bits on 1, 2 and 7 threads, ahead or not. */
class EveryLayerTest {

  private static final FreshSamples DATA =
      FreshSamples.of(GaussianMean.of(2, 1, 1), Objective.MASKED, Lengths.uniform(1, 9), Seed.of(5))
          .withBatchSize(21)
          .withMixedLengths();

  private static Parameters fit(Layer layer, int threads, boolean ahead) {
    TrainingOptions options =
        TrainingOptions.withDefaults().withSteps(6).withChunkSize(4).withLearningRate(1e-3);
    return Trainer.of(layer, DATA, Loss.squaredError())
        .withOptions(options.withThreads(threads))
        .withDrawAhead(ahead)
        .fit(Seed.of(1))
        .parameters();
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    List<Layer> layers = new ArrayList<>();
    Layers.names().forEach(name -> layers.add(Layers.of(name, DATA.widths())));
    layers.add(TransformerLayer.of(DATA.widths()));
    for (Layer layer : layers) {
      Parameters one = fit(layer, 1, false);
      for (int threads : new int[] {2, 7}) {
        assertEquals(one, fit(layer, threads, false), layer.label());
        assertEquals(one, fit(layer, threads, true), layer.label());
      }
    }
  }
}
