package org.definetti.benchmarks.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.random.Normal;
import org.definetti.random.Seed;

/**
 * What both sides work on: a layer, its initial weights and one batch of standard normal numbers.
 * The same task gives the same bits in every process.
 */
record Problem(Layer layer, Parameters initial, Batch batch) {

  static final double LEARNING_RATE = 1e-3;

  static Problem of(Task task) {
    Shape shape = task.shape();
    int d = shape.dimension();
    Seed seed = Seed.of(1).child("bench").child(task.work().label()).child(shape.toString());
    Layer layer = task.work().isBlock() ? block(shape) : SoftmaxHeadLayer.of(new Widths(d, d, d));
    Parameters initial = layer.initial(seed.child("weights").generator());
    int rows = layer.outputs(shape.length());
    Batch batch = Batch.zeros(layer.widths(), shape.batch(), shape.length(), rows);
    RandomGenerator rng = seed.child("batch").generator();
    for (float[] coordinate : batch.keys()) {
      draw(coordinate, rng);
    }
    for (float[] coordinate : batch.values()) {
      draw(coordinate, rng);
    }
    draw(batch.queries(), rng);
    draw(batch.targets(), rng);
    return new Problem(layer, initial, batch);
  }

  /** One block as PyTorch's {@code TransformerEncoderLayer} has it, on the tokens as they are. */
  private static Layer block(Shape shape) {
    int d = shape.dimension();
    return TransformerLayer.of(new Widths(1, d, d))
        .withDepth(1)
        .withBlock(BlockShape.of(d, shape.heads()))
        .withIdentityEmbedding()
        .withIdentityReadout()
        .atEveryPosition();
  }

  private static void draw(float[] numbers, RandomGenerator rng) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Normal.draw(rng);
    }
  }

  /**
   * Returns coordinates stored one by one as rows: (coordinate)(tokens) to (tokens, coordinate).
   */
  static float[] rows(float[][] coordinates) {
    int width = coordinates.length;
    int tokens = coordinates[0].length;
    float[] rows = new float[tokens * width];
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < tokens; i++) {
        rows[i * width + j] = coordinates[j][i];
      }
    }
    return rows;
  }
}
