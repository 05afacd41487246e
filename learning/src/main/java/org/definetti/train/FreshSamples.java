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
 * New samples from the model at every step, so that the training risk is the population risk.
 *
 * <p>Sequence i of step t is drawn from the seed's child {@code "sample" / t / i}, the length of
 * the step from {@code "length" / t}: no draw depends on another. Cost: O(L) draws a sequence.
 *
 * <p>Drawing is most of a training step's cost, so {@link #withGroupSize} lets several samples
 * share a sequence; see {@link Objective#fill}.
 */
public final class FreshSamples implements DataSource {

  private final LatentModel<?> model;
  private final Objective objective;
  private final int batchSize;
  private final Lengths lengths;
  private final Seed seed;
  private final int groupSize;
  private final boolean mixed;
  private final Widths widths;

  private FreshSamples(
      LatentModel<?> model,
      Objective objective,
      int batchSize,
      Lengths lengths,
      Seed seed,
      int groupSize,
      boolean mixed) {
    this.model = Objects.requireNonNull(model, "model");
    this.objective = Objects.requireNonNull(objective, "objective");
    this.batchSize = Check.atLeast("batchSize", 1, batchSize);
    this.lengths = Objects.requireNonNull(lengths, "lengths");
    this.seed = Objects.requireNonNull(seed, "seed");
    this.groupSize = Check.atLeast("groupSize", 1, groupSize);
    this.mixed = mixed;
    this.widths = objective.widths(model);
  }

  /**
   * Returns samples of this model and objective: 128 a batch, 8 to a sequence, or 1 where a sample
   * asks for every token of its sequence anyway.
   */
  public static FreshSamples of(
      LatentModel<?> model, Objective objective, Lengths lengths, Seed seed) {
    int groupSize = objective == Objective.NEXT_TOKEN ? 1 : 8;
    return new FreshSamples(model, objective, 128, lengths, seed, groupSize, false);
  }

  /** Returns the same source with {@code batchSize} samples a batch. */
  public FreshSamples withBatchSize(int batchSize) {
    return new FreshSamples(model, objective, batchSize, lengths, seed, groupSize, mixed);
  }

  /** Returns the same source where {@code groupSize} samples share each sequence. */
  public FreshSamples withGroupSize(int groupSize) {
    return new FreshSamples(model, objective, batchSize, lengths, seed, groupSize, mixed);
  }

  /**
   * Returns the same source where every sequence has a length of its own, so that a batch mixes
   * lengths: sequence i of step t draws it from the seed's child {@code "length" / t / i}. Batches
   * are padded to the largest length.
   */
  public FreshSamples withMixedLengths() {
    return new FreshSamples(model, objective, batchSize, lengths, seed, groupSize, true);
  }

  @Override
  public Widths widths() {
    return widths;
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public int length(long step) {
    return mixed ? lengths.most() : lengths.draw(seed.child("length").child(step).generator());
  }

  @Override
  public int maxLength() {
    return lengths.most();
  }

  @Override
  public int rows(int length) {
    return objective.rows(length);
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Objects.checkFromIndexSize(first, part.size(), batchSize);
    Seed samples = seed.child("sample").child(step);
    int i = 0;
    while (i < part.size()) {
      int sequence = (first + i) / groupSize;
      int from = (first + i) % groupSize;
      int to = Math.min(groupSize, from + part.size() - i);
      part.setLength(i, mixed ? lengthOf(step, sequence) : part.length());
      RandomGenerator rng = samples.child(sequence).generator();
      objective.fill(model, part, i, new Objective.Group(from, to - from), rng);
      i += to - from;
    }
  }

  private int lengthOf(long step, int sequence) {
    return lengths.draw(seed.child("length").child(step).child(sequence).generator());
  }

  @Override
  public String toString() {
    return "FreshSamples["
        + model.description().text()
        + ", "
        + objective
        + ", batchSize="
        + batchSize
        + ", groupSize="
        + groupSize
        + ", "
        + (mixed ? "mixed " : "")
        + lengths
        + ", "
        + seed
        + "]";
  }
}
