package org.definetti.train;

import org.definetti.engine.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the samples of one chunk, tile by tile, kept from step to step while the shape is the
 * same. Used by one thread at a time; {@link #filledFor} hands it from one to another.
 */
final class Chunk {

  private final DataSource data;
  private final int tile;
  private final @Nullable Batch[] tiles;
  private volatile long filledFor = -1; // a step

  Chunk(DataSource data, int tile, int chunkSize) {
    this.data = data;
    this.tile = tile;
    this.tiles = new Batch[(chunkSize + tile - 1) / tile];
  }

  /**
   * Fills one tile and returns it.
   *
   * @param first the tile's first sample in the batch of the step
   * @param size its number of samples
   */
  Batch fill(int index, long step, int length, int first, int size) {
    Batch batch = tiles[index];
    if (batch == null || batch.size() != size || batch.length() != length) {
      batch = Batch.zeros(data.widths(), size, length, data.rows(length));
      tiles[index] = batch;
    }
    data.fill(step, first, batch);
    return batch;
  }

  /** Fills all tiles with the samples {@code from..to-1} of a step, ahead of it. */
  void fillAhead(long step, int length, int from, int to) {
    for (int first = from; first < to; first += tile) {
      fill((first - from) / tile, step, length, first, Math.min(tile, to - first));
    }
    filledFor = step;
  }

  /** Returns a tile that was filled ahead. */
  Batch tile(int index) {
    Batch batch = tiles[index];
    if (batch == null) {
      throw new IllegalStateException("tile " + index + " is not filled");
    }
    return batch;
  }

  /** Returns whether it was filled ahead for this step. */
  boolean isFilledFor(long step) {
    return filledFor == step;
  }
}
