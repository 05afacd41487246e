package org.definetti.layer;

import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/** Batches of normal numbers, and what attention sees of them. */
final class Samples {

  private Samples() {}

  /** Returns a batch filled with normal draws. */
  static Batch batch(Layer layer, int size, int length, RandomGenerator rng) {
    Batch batch = Batch.zeros(layer.widths(), size, length, layer.outputs(length));
    for (float[] coordinate : batch.keys()) {
      fill(coordinate, rng);
    }
    for (float[] coordinate : batch.values()) {
      fill(coordinate, rng);
    }
    fill(batch.queries(), rng);
    return batch;
  }

  static void fill(float[] out, RandomGenerator rng) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Normal.draw(rng);
    }
  }

  /** Returns the query of a sample as a row. */
  static SimpleMatrix query(Batch batch, int b) {
    int dk = batch.widths().key();
    SimpleMatrix query = new SimpleMatrix(1, dk);
    for (int j = 0; j < dk; j++) {
      query.getDDRM().data[j] = batch.queries()[b * dk + j];
    }
    return query;
  }

  /** Returns the tokens of a sample that count. */
  static Context context(Batch batch, int b) {
    return Context.of(rows(batch, batch.keys(), b), rows(batch, batch.values(), b));
  }

  private static SimpleMatrix rows(Batch batch, float[][] coordinates, int b) {
    SimpleMatrix rows = new SimpleMatrix(batch.length(b), coordinates.length);
    for (int l = 0; l < batch.length(b); l++) {
      for (int j = 0; j < coordinates.length; j++) {
        rows.getDDRM().data[l * coordinates.length + j] = coordinates[j][b * batch.length() + l];
      }
    }
    return rows;
  }
}
