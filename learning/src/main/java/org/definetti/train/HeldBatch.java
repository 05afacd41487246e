package org.definetti.train;

import java.util.Objects;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;

/** One batch, the same at every step: what validation is measured on. */
record HeldBatch(Batch batch) implements DataSource {

  @Override
  public Widths widths() {
    return batch.widths();
  }

  @Override
  public int batchSize() {
    return batch.size();
  }

  @Override
  public int length(long step) {
    return batch.length();
  }

  @Override
  public int maxLength() {
    return batch.length();
  }

  @Override
  public int rows(int length) {
    return batch.rows();
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Objects.checkFromIndexSize(first, part.size(), batch.size());
    for (int i = 0; i < part.size(); i++) {
      part.copySample(i, batch, first + i);
    }
  }
}
