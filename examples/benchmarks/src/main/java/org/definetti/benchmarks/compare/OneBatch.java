package org.definetti.benchmarks.compare;

import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.train.DataSource;

/** The same batch at every step, copied sample by sample as from any fixed data set. */
record OneBatch(Batch whole) implements DataSource {

  @Override
  public Widths widths() {
    return whole.widths();
  }

  @Override
  public int batchSize() {
    return whole.size();
  }

  @Override
  public int length(long step) {
    return whole.length();
  }

  @Override
  public int maxLength() {
    return whole.length();
  }

  @Override
  public int rows(int length) {
    return whole.rows();
  }

  @Override
  public void fill(long step, int first, Batch part) {
    for (int b = 0; b < part.size(); b++) {
      part.copySample(b, whole, first + b);
    }
  }
}
