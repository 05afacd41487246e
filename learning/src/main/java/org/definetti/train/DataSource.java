package org.definetti.train;

import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.jspecify.annotations.Nullable;

/**
 * Training data, asked for the batch of a step.
 *
 * <p>The batch of step t follows from the source and t alone, so any step can be replayed and any
 * part of a batch can be filled from any thread. Implementations are safe to share between threads,
 * and their {@code toString} tells apart sources of different data: it goes into the identity of a
 * training run.
 */
public interface DataSource {

  /** Returns the widths of the batches. */
  Widths widths();

  /** Returns the number B of samples of a batch. */
  int batchSize();

  /**
   * Returns the context length of the batch of step {@code step}, counted from 0. Samples may have
   * fewer tokens; see {@link Batch#length(int)}.
   */
  int length(long step);

  /** Returns the largest length that any step has. */
  int maxLength();

  /** Returns the number of target rows of a sample in a batch of this length; by default 1. */
  default int rows(int length) {
    return 1;
  }

  /**
   * Writes samples {@code first}, {@code first + 1}, ... of the batch of a step.
   *
   * @param step counted from 0
   * @param first the first sample written, counted from 0
   * @param part of this source's widths and rows and the step's length; its size says how many
   *     samples are written. Modified.
   */
  void fill(long step, int first, Batch part);

  /**
   * Returns one sample of the batch of a step where it lies in memory, as a batch of one with the
   * numbers that {@link #fill} would write, or null where samples have to be written. By default
   * null. A source has all its samples in memory or none.
   *
   * @param step counted from 0
   * @param index of the sample in the batch, counted from 0
   * @return not to be modified
   */
  default @Nullable Batch resident(long step, int index) {
    return null;
  }

  /** Returns the whole batch of step {@code step}, counted from 0. */
  default Batch batch(long step) {
    int length = length(step);
    Batch batch = Batch.zeros(widths(), batchSize(), length, rows(length));
    fill(step, 0, batch);
    return batch;
  }
}
