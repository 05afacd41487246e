package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every trainable layer, on mixed lengths: the same bits on 1, 2 and 7 threads, ahead or not, and
 * of samples read in place or copied.
 */
class EveryLayerTest {

  private static final FreshSamples DATA =
      FreshSamples.of(GaussianMean.of(2, 1, 1), Objective.MASKED, Lengths.uniform(1, 9), Seed.of(5))
          .withBatchSize(21)
          .withMixedLengths();

  private static Parameters fit(Layer layer, int threads, boolean ahead) {
    return fit(layer, DATA, threads, ahead).parameters();
  }

  private static TrainingResult fit(Layer layer, DataSource data, int threads, boolean ahead) {
    TrainingOptions options =
        TrainingOptions.withDefaults().withSteps(6).withChunkSize(4).withLearningRate(1e-3);
    return Trainer.of(layer, data, Loss.squaredError())
        .withOptions(options.withThreads(threads))
        .withDrawAhead(ahead)
        .fit(Seed.of(1));
  }

  private static List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    Layers.names().forEach(name -> layers.add(Layers.of(name, DATA.widths())));
    layers.add(TransformerLayer.of(DATA.widths()));
    return layers;
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    for (Layer layer : layers()) {
      Parameters one = fit(layer, 1, false);
      for (int threads : new int[] {2, 7}) {
        assertEquals(one, fit(layer, threads, false), layer.label());
        assertEquals(one, fit(layer, threads, true), layer.label());
      }
    }
  }

  /** Batches of 21 of 50 samples, so that one ends within an epoch. */
  @Test
  void samplesReadInPlaceGiveTheBitsOfCopies() {
    FixedDataSet.Size size = new FixedDataSet.Size(50, Lengths.uniform(1, 9));
    FixedDataSet set =
        FixedDataSet.draw(GaussianMean.of(2, 1, 1), Objective.MASKED, size, Seed.of(5))
            .withBatchSize(21);
    int inPlace = 0;
    for (Layer layer : layers()) {
      TrainingResult copied = fit(layer, new Source(set, false), 1, false);
      assertSame(copied, fit(layer, set, 1, false), layer);
      assertSame(copied, fit(layer, set, 2, true), layer);
      if (layer.isSamplewise() || layer.tile(9) == 1) {
        assertSame(copied, fit(layer, new Source(set, true), 2, true), layer);
        inPlace++;
      }
    }
    assertTrue(inPlace >= 8, "layers that copy nothing: " + inPlace);
  }

  private static void assertSame(TrainingResult expected, TrainingResult actual, Layer layer) {
    assertEquals(expected.parameters(), actual.parameters(), layer.label());
    assertEquals(expected.log(), actual.log(), layer.label());
  }

  /** A set that either has its samples in memory and refuses to copy them, or only copies. */
  private record Source(FixedDataSet set, boolean isResident) implements DataSource {

    @Override
    public Widths widths() {
      return set.widths();
    }

    @Override
    public int batchSize() {
      return set.batchSize();
    }

    @Override
    public int length(long step) {
      return set.length(step);
    }

    @Override
    public int maxLength() {
      return set.maxLength();
    }

    @Override
    public void fill(long step, int first, Batch part) {
      if (isResident) {
        throw new IllegalStateException("copied");
      }
      set.fill(step, first, part);
    }

    @Override
    public @Nullable Batch resident(long step, int index) {
      return isResident ? set.resident(step, index) : null;
    }
  }
}
