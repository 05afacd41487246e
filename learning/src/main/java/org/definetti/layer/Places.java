package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Batch;

/**
 * Where the rows of a call's samples lie: those of one sample together, its query's row behind its
 * tokens, then padding. One place more, {@link #zero}, holds zeros.
 */
final class Places {

  private final int queryRows; // 1 with a row for the query, else 0
  private final int[] counts; // rows of each sample
  private int stride;
  private int samples;

  /** The place behind all others. */
  final int zero;

  Places(int size, int length, int queryRows) {
    this.queryRows = queryRows;
    this.counts = new int[size];
    this.zero = Math.multiplyExact(size, length + queryRows);
  }

  /** Takes the samples {@code from..to-1} of a batch. */
  void show(Batch batch, int from, int to) {
    samples = to - from;
    stride = batch.length() + queryRows;
    for (int s = 0; s < samples; s++) {
      counts[s] = batch.length(from + s) + queryRows;
    }
  }

  int samples() {
    return samples;
  }

  /** Returns how many places there are, padding included. */
  int total() {
    return samples * stride;
  }

  int first(int sample) {
    return sample * stride;
  }

  /** Returns how many rows of a sample count. */
  int count(int sample) {
    return counts[sample];
  }

  /** Zeroes the padding of each row. */
  void clearPadding(float[][] rows) {
    for (int s = 0; s < samples; s++) {
      for (float[] row : rows) {
        Arrays.fill(row, first(s) + counts[s], first(s) + stride, 0f);
      }
    }
  }
}
