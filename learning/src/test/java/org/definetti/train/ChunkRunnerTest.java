package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.objective.Loss;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class ChunkRunnerTest {

  /** Sample b has b mod 4 tokens that count; token l has value l + 1, target 2 (l + 1). */
  private record Ramp(int batchSize) implements DataSource {

    @Override
    public Widths widths() {
      return new Widths(1, 1, 1);
    }

    @Override
    public int length(long step) {
      return 3;
    }

    @Override
    public int maxLength() {
      return 3;
    }

    @Override
    public int rows(int length) {
      return length;
    }

    @Override
    public void fill(long step, int first, Batch part) {
      for (int b = 0; b < part.size(); b++) {
        int counted = (first + b) % 4;
        part.setLength(b, counted);
        for (int l = 0; l < 3; l++) {
          part.values(0)[3 * b + l] = l + 1;
          part.targets()[3 * b + l] = l < counted ? 2 * (l + 1) : 1e9f;
        }
      }
    }
  }

  private static final TrainingOptions OPTIONS = TrainingOptions.withDefaults().withChunkSize(5);

  /**
   * With w = 1/2 the loss of token l is (3/2)² l², its gradient -3 l². A sample's mean over its
   * tokens is then 9/4 times 0, 1, 5/2, 14/3 for 0 to 3 tokens: padding does not count.
   */
  @Test
  void theLossIsTheMeanOverSamplesOfTheMeanOverRowsThatCount() {
    double squares = (0 + 1 + 5.0 / 2 + 14.0 / 3) / 4;
    for (int tile : new int[] {1, 2, 3, 100}) {
      for (int threads : new int[] {1, 3}) {
        TokenwiseLinear layer = TokenwiseLinear.of(tile);
        try (ChunkRunner runner =
            new ChunkRunner(
                layer, new Ramp(16), Loss.squaredError(), OPTIONS.withThreads(threads), true)) {
          Parameters gradient = Parameters.zeros(layer.shapes());
          double loss = runner.gradient(layer.initial(Seed.of(1).generator()), 0, gradient);
          assertEquals(9.0 / 4 * squares, loss, 1e-12);
          assertEquals(-3 * squares, gradient.data()[0], 1e-5);
          int preparations = layer.preparations().get();
          assertTrue(preparations >= 1 && preparations <= threads, "prepared once per worker");
        }
      }
    }
  }

  @Test
  void dataWithoutARowForEveryOutputAreRefused() {
    DataSource rowless = new FreshRamp();
    assertThrows(
        ShapeMismatchException.class,
        () -> Trainer.of(TokenwiseLinear.of(1), rowless, Loss.squaredError()));
  }

  private record FreshRamp() implements DataSource {

    @Override
    public Widths widths() {
      return new Widths(1, 1, 1);
    }

    @Override
    public int batchSize() {
      return 1;
    }

    @Override
    public int length(long step) {
      return 3;
    }

    @Override
    public int maxLength() {
      return 3;
    }

    @Override
    public void fill(long step, int first, Batch part) {
      part.targets()[0] = 1f;
    }
  }
}
