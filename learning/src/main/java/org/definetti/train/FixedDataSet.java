package org.definetti.train;

import java.util.Arrays;
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
 * <p>Memory: all samples in float32, each with arrays of its own, so that a layer that computes
 * sample by sample reads them where they lie. For others a batch costs a copy.
 */
public final class FixedDataSet implements DataSource {

  private final Batch[] samples; // each a batch of one
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

  private FixedDataSet(Batch[] samples, int batchSize, Seed seed, String description) {
    this.samples = samples;
    this.batchSize = Check.atLeast("batchSize", 1, batchSize);
    this.seed = seed;
    this.description = description;
    this.recent = epoch(0);
  }

  /** Draws the samples; batches have 64 of them, or all if there are fewer. */
  public static FixedDataSet draw(LatentModel<?> model, Objective objective, Size size, Seed seed) {
    Objects.requireNonNull(seed, "seed");
    Batch[] samples = new Batch[size.count()];
    for (int i = 0; i < samples.length; i++) {
      int most = size.lengths().most();
      samples[i] = Batch.zeros(objective.widths(model), 1, most, objective.rows(most));
      samples[i].setLength(0, size.lengths().draw(seed.child("length").child(i).generator()));
      RandomGenerator rng = seed.child("sample").child(i).generator();
      objective.fill(model, samples[i], 0, Objective.Group.single(), rng);
    }
    String description = model.description().text() + ", " + objective + ", " + size + ", " + seed;
    return new FixedDataSet(samples, Math.min(64, size.count()), seed, description);
  }

  /**
   * Returns samples of the user's own, {@code 64} to a batch or all if there are fewer.
   *
   * @param samples copied
   * @param seed fixes the order of visits
   */
  public static FixedDataSet of(Batch samples, Seed seed) {
    Objects.requireNonNull(seed, "seed");
    String description = samples + " " + Integer.toHexString(samples.hashCode()) + ", " + seed;
    Batch[] copies = new Batch[samples.size()];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = Batch.zeros(samples.widths(), 1, samples.length(), samples.rows());
      copies[i].copySample(0, samples, i);
    }
    return new FixedDataSet(copies, Math.min(64, copies.length), seed, description);
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

  /**
   * Returns the first {@code count} of these samples, not copied: what a draw of so many from the
   * same seed gives. Batches are no larger than that.
   *
   * @throws IllegalArgumentException if there are not so many
   */
  public FixedDataSet first(int count) {
    Check.atLeast("count", 1, count);
    if (count > samples.length) {
      throw new IllegalArgumentException(
          "count: expected at most " + samples.length + ", got " + count);
    }
    return new FixedDataSet(
        Arrays.copyOf(samples, count),
        Math.min(batchSize, count),
        seed,
        "first " + count + " of " + description);
  }

  /** Returns the number n of samples. */
  public int count() {
    return samples.length;
  }

  /**
   * Returns sample {@code index} in the order of drawing, where it lies in memory, as a batch of
   * one.
   *
   * @return not to be modified
   */
  public Batch sample(int index) {
    return samples[Objects.checkIndex(index, samples.length)];
  }

  @Override
  public Widths widths() {
    return samples[0].widths();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public int length(long step) {
    return samples[0].length();
  }

  @Override
  public int maxLength() {
    return samples[0].length();
  }

  @Override
  public int rows(int length) {
    return samples[0].rows();
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Objects.checkFromIndexSize(first, part.size(), batchSize);
    for (int i = 0; i < part.size(); i++) {
      part.copySample(i, resident(step, first + i), 0);
    }
  }

  @Override
  public Batch resident(long step, int index) {
    long visit = step * batchSize + Objects.checkIndex(index, batchSize);
    int n = samples.length;
    return samples[epochOf(visit / n).order[(int) (visit % n)]];
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
    int n = samples.length;
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
