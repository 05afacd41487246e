package org.definetti.lab.compare;

import java.util.Objects;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Seed;
import org.definetti.train.DataSource;
import org.definetti.train.Lengths;

/**
 * New sequences of a task at every step: sample i of step t from the seed's child {@code "sample" /
 * t / i}, the number of items of the step from {@code "items" / t}.
 *
 * <p>Every architecture that is given the same seed is given the same sequences.
 */
public final class TaskSamples implements DataSource {

  private final Task task;
  private final Lengths items;
  private final int batchSize;
  private final Seed seed;
  private final int sequences; // 0 for new ones at every step

  private TaskSamples(Task task, Lengths items, int batchSize, Seed seed, int sequences) {
    this.task = Objects.requireNonNull(task, "task");
    this.items = Objects.requireNonNull(items, "items");
    this.batchSize = Check.atLeast("batchSize", 1, batchSize);
    this.seed = Objects.requireNonNull(seed, "seed");
    this.sequences = Check.atLeast("sequences", 0, sequences);
  }

  /**
   * Returns sequences of a task.
   *
   * @param items the law of the number of items of a step
   * @param batchSize sequences a step, at least 1
   */
  public static TaskSamples of(Task task, Lengths items, int batchSize, Seed seed) {
    return new TaskSamples(task, items, batchSize, seed, 0);
  }

  /**
   * Returns samples of which there are only so many: each is drawn from among them, sequence i from
   * the child {@code "sequence" / i}; 0 for new ones at every step.
   *
   * @throws IllegalArgumentException if the numbers of items of steps differ
   */
  public TaskSamples withSequences(int sequences) {
    if (sequences > 0 && items.least() != items.most()) {
      throw new IllegalArgumentException("items: expected a fixed number, got " + items);
    }
    return new TaskSamples(task, items, batchSize, seed, sequences);
  }

  @Override
  public Widths widths() {
    return task.widths();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public int length(long step) {
    return task.tokens(items.draw(seed.child("items").child(step).generator()));
  }

  @Override
  public int maxLength() {
    return task.tokens(items.most());
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Objects.checkFromIndexSize(first, part.size(), batchSize);
    Seed samples = seed.child("sample").child(step);
    for (int i = 0; i < part.size(); i++) {
      part.setLength(i, part.length());
      new SampleRows(part, i).clear();
      task.draw(part, i, sequence(samples.child(first + i)).generator());
    }
  }

  private Seed sequence(Seed sample) {
    return sequences == 0
        ? sample
        : seed.child("sequence").child(sample.generator().nextInt(sequences));
  }

  @Override
  public String toString() {
    return "TaskSamples["
        + task
        + ", "
        + items
        + ", batchSize="
        + batchSize
        + ", sequences="
        + sequences
        + ", "
        + seed
        + "]";
  }
}
