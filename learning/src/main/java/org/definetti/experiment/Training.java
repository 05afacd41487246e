package org.definetti.experiment;

import java.util.Objects;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.DataSource;
import org.definetti.train.FixedDataSet;
import org.definetti.train.FreshSamples;
import org.definetti.train.Lengths;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.jspecify.annotations.Nullable;

/**
 * How a swept attention is trained: the layer, the lengths it sees, how much data and how long.
 *
 * <p>Without {@link #withLengths} one attention is trained for each length of the sweep, at that
 * length; with it a single one is trained and evaluated at every length. Without {@link
 * #withSampleCount} every step has fresh samples, so that what is left is approximation and
 * optimisation; with it the attention is fitted to a fixed data set, so generalisation shows.
 *
 * <p>An immutable value.
 */
public final class Training {

  /** How {@link #lengthsLabel} names training at each evaluated length. */
  public static final String EACH_LENGTH = "each";

  private static final int DEFAULT_BATCH_SIZE = 128;

  private final Function<Widths, Layer> layer;
  private final Loss loss;
  private final TrainingOptions options;
  private final int batchSize;
  private final @Nullable Lengths lengths;
  private final int sampleCount;
  private final int groupSize;

  private Training(
      Function<Widths, Layer> layer,
      Loss loss,
      TrainingOptions options,
      int batchSize,
      @Nullable Lengths lengths,
      int sampleCount,
      int groupSize) {
    this.layer = Objects.requireNonNull(layer, "layer");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.options = Objects.requireNonNull(options, "options");
    this.batchSize = Check.atLeast("batchSize", 1, batchSize);
    this.lengths = lengths;
    this.sampleCount = Check.atLeast("sampleCount", 0, sampleCount);
    this.groupSize = Check.atLeast("groupSize", 1, groupSize);
  }

  /**
   * Returns training of a layer by squared error with default options.
   *
   * @param layer makes the layer for the widths of the model's batches
   */
  public static Training of(Function<Widths, Layer> layer) {
    return new Training(
        layer, Loss.squaredError(), TrainingOptions.withDefaults(), DEFAULT_BATCH_SIZE, null, 0, 1);
  }

  /** Returns this training with another loss. */
  public Training withLoss(Loss loss) {
    return new Training(layer, loss, options, batchSize, lengths, sampleCount, groupSize);
  }

  /** Returns this training with other options. */
  public Training withOptions(TrainingOptions options) {
    return new Training(layer, loss, options, batchSize, lengths, sampleCount, groupSize);
  }

  /** Returns this training with {@code batchSize} samples a step. */
  public Training withBatchSize(int batchSize) {
    return new Training(layer, loss, options, batchSize, lengths, sampleCount, groupSize);
  }

  /** Returns the training of a single attention on these lengths, evaluated at every length. */
  public Training withLengths(Lengths lengths) {
    return new Training(layer, loss, options, batchSize, lengths, sampleCount, groupSize);
  }

  /**
   * Returns this training on a fixed data set of {@code count} sequences; 0 for fresh samples.
   *
   * <p>A fixed data set has sequences of one length.
   */
  public Training withSampleCount(int count) {
    return new Training(layer, loss, options, batchSize, lengths, count, groupSize);
  }

  /**
   * Returns this training with {@code groupSize} samples asking about each sequence, 1 by default.
   *
   * <p>Drawing a long sequence costs more than learning from it. Samples of a group are correlated,
   * so this pays where their queries differ; see {@link FreshSamples#withGroupSize}.
   */
  public Training withGroupSize(int groupSize) {
    return new Training(layer, loss, options, batchSize, lengths, sampleCount, groupSize);
  }

  /** Returns the options. */
  public TrainingOptions options() {
    return options;
  }

  /** Returns whether one attention is trained for each evaluated length. */
  boolean eachLength() {
    return lengths == null;
  }

  /** Returns {@code each}, a length, or a range {@code 4..64}: the column {@code train_length}. */
  public String lengthsLabel() {
    if (lengths == null) {
      return EACH_LENGTH;
    }
    return lengths.least() == lengths.most()
        ? String.valueOf(lengths.least())
        : lengths.least() + ".." + lengths.most();
  }

  /**
   * Trains.
   *
   * @param length the length to train at where each length has its own attention
   * @param seed fixes initial parameters and data
   */
  Attention fit(LatentModel<?> model, Objective objective, int length, Seed seed) {
    return trainer(model, objective, length, seed).fit(seed.child("fit")).attention();
  }

  /**
   * Returns the trainer of one attention, to which a directory or progress can be given.
   *
   * @param length the length to train at if no lengths were set
   * @param seed fixes the data
   */
  public Trainer trainer(LatentModel<?> model, Objective objective, int length, Seed seed) {
    return Trainer.of(
            layer(model, objective), data(model, objective, length, seed.child("data")), loss)
        .withOptions(options);
  }

  /** Returns the layer that is trained on a model's batches. */
  Layer layer(LatentModel<?> model, Objective objective) {
    return layer.apply(objective.widths(model));
  }

  private DataSource data(LatentModel<?> model, Objective objective, int length, Seed seed) {
    Lengths seen = lengths == null ? Lengths.fixed(length) : lengths;
    if (sampleCount == 0) {
      return FreshSamples.of(model, objective, seen, seed)
          .withBatchSize(batchSize)
          .withGroupSize(groupSize);
    }
    if (seen.least() != seen.most()) {
      throw new IllegalArgumentException(
          "lengths: expected one length for a fixed data set, got " + lengthsLabel());
    }
    return FixedDataSet.draw(
            model, objective, new FixedDataSet.Size(sampleCount, seen.least()), seed)
        .withBatchSize(Math.min(batchSize, sampleCount));
  }

  /** Returns all that changes a number, but for the layer, for the identity of a run. */
  @Override
  public String toString() {
    return "Training[lengths="
        + lengthsLabel()
        + ", batchSize="
        + batchSize
        + ", sampleCount="
        + sampleCount
        + ", groupSize="
        + groupSize
        + ", loss="
        + loss
        + ", "
        + options.withThreads(1)
        + "]";
  }
}
