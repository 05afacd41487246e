package org.definetti.train;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;

/**
 * n samples drawn once, visited in a new seeded order every epoch.
 *
 * <p>Sample i is drawn from the seed's child {@code "sample" / i}, its length from {@code "length"
 * / i}, so a smaller set is a prefix of a larger one. Sets of mixed lengths are padded to the
 * largest. Epoch e visits the samples in the order drawn from {@code "order" / e}. Step t takes
 * visits tB .. tB + B - 1; a batch may end one epoch and begin the next.
 *
 * <p>Memory: all samples in float32. Cost of a batch: a copy.
 */
public final class FixedDataSet implements DataSource {

  private final Batch samples;
  private final int batchSize;
  private final Seed seed;
  private final String description;
  private volatile Epoch recent; // of the last epoch asked for; follows from seed and epoch alone

  private static final class Epoch {
    final long index;
    final int[] order;

    Epoch(long index, int[] order) {
      this.index = index;
      this.order = order;
    }
  }

  private FixedDataSet(Batch samples, int batchSize, Seed seed, String description) {
    this.samples = samples;
    this.batchSize = Check.atLeast("batchSize", 1, batchSize);
    this.seed = seed;
    this.description = description;
    this.recent = epoch(0);
  }

  /** Draws the samples; batches have 64 of them, or all if there are fewer. */
  public static FixedDataSet draw(LatentModel<?> model, Objective objective, Size size, Seed seed) {
    Objects.requireNonNull(seed, "seed");
    Batch samples = Batch.zeros(objective.widths(model), size.count(), size.lengths().most());
    for (int i = 0; i < size.count(); i++) {
      samples.setLength(i, size.lengths().draw(seed.child("length").child(i).generator()));
      RandomGenerator rng = seed.child("sample").child(i).generator();
      objective.fill(model, samples, i, Objective.Group.single(), rng);
    }
    String description = model.description().text() + ", " + objective + ", " + size + ", " + seed;
    return new FixedDataSet(samples, Math.min(64, size.count()), seed, description);
  }

  /**
   * Returns samples of the user's own, {@code 64} to a batch or all if there are fewer.
   *
   * @param samples used, not copied: must not change any more
   * @param seed fixes the order of visits
   */
  public static FixedDataSet of(Batch samples, Seed seed) {
    Objects.requireNonNull(seed, "seed");
    String description = samples + " " + Integer.toHexString(samples.hashCode()) + ", " + seed;
    return new FixedDataSet(samples, Math.min(64, samples.size()), seed, description);
  }

  /**
   * How much data.
   *
   * @param count the number n of samples, at least 1
   * @param lengths the law of each sample's number of visible tokens
   */
  public record Size(int count, Lengths lengths) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is too small
     */
    public Size {
      Check.atLeast("count", 1, count);
      Objects.requireNonNull(lengths, "lengths");
    }

    /** Returns {@code count} samples of {@code length} visible tokens each. */
    public Size(int count, int length) {
      this(count, Lengths.fixed(length));
    }
  }

  /** Returns the same data with {@code batchSize} samples a batch; {@link #count} is full batch. */
  public FixedDataSet withBatchSize(int batchSize) {
    return new FixedDataSet(samples, batchSize, seed, description);
  }

  /** Returns the number n of samples. */
  public int count() {
    return samples.size();
  }

  @Override
  public Widths widths() {
    return samples.widths();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public int length(long step) {
    return samples.length();
  }

  @Override
  public int maxLength() {
    return samples.length();
  }

  @Override
  public int rows(int length) {
    return samples.rows();
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Objects.checkFromIndexSize(first, part.size(), batchSize);
    int n = samples.size();
    for (int i = 0; i < part.size(); i++) {
      long visit = step * batchSize + first + i;
      Epoch epoch = epochOf(visit / n);
      part.copySample(i, samples, epoch.order[(int) (visit % n)]);
    }
  }

  private Epoch epochOf(long index) {
    Epoch cached = recent;
    if (cached.index != index) {
      cached = epoch(index);
      recent = cached;
    }
    return cached;
  }

  private Epoch epoch(long index) {
    RandomGenerator rng = seed.child("order").child(index).generator();
    int n = samples.size();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) rng.nextLong(i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return new Epoch(index, order);
  }

  @Override
  public String toString() {
    return "FixedDataSet[" + description + ", batchSize=" + batchSize + "]";
  }
}
