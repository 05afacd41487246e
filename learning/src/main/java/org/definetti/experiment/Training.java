package org.definetti.experiment;

import java.util.Objects;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.definetti.train.DataSource;
import org.definetti.train.EarlyStopping;
import org.definetti.train.FixedDataSet;
import org.definetti.train.FreshSamples;
import org.definetti.train.HeadTargets;
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

  private final Method method;
  private final Data data;

  private record Method(
      Function<Widths, Layer> layer,
      Loss loss,
      TrainingOptions options,
      Optimiser optimiser,
      @Nullable Schedule schedule,
      @Nullable Validation validation,
      @Nullable DistributionHead head) {
    Method {
      Objects.requireNonNull(layer, "layer");
      Objects.requireNonNull(loss, "loss");
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(optimiser, "optimiser");
    }
  }

  private record Validation(EarlyStopping rule, int count) {
    Validation {
      Objects.requireNonNull(rule, "rule");
      Check.atLeast("count", 1, count);
    }
  }

  private record Data(
      int batchSize, @Nullable Lengths lengths, boolean mixed, int sampleCount, int groupSize) {
    Data {
      Check.atLeast("batchSize", 1, batchSize);
      Check.atLeast("sampleCount", 0, sampleCount);
      Check.atLeast("groupSize", 1, groupSize);
    }
  }

  private Training(Method method, Data data) {
    this.method = method;
    this.data = data;
  }

  /**
   * Returns training of a layer by squared error with default options and Adam.
   *
   * @param layer makes the layer for the widths of the model's batches
   */
  public static Training of(Function<Widths, Layer> layer) {
    return new Training(
        new Method(
            layer,
            Loss.squaredError(),
            TrainingOptions.withDefaults(),
            Adam.withDefaults(),
            null,
            null,
            null),
        new Data(DEFAULT_BATCH_SIZE, null, false, 0, 1));
  }

  /** Returns this training with another loss, and without head. */
  public Training withLoss(Loss loss) {
    Method old = method;
    return new Training(
        new Method(old.layer, loss, old.options, old.optimiser, old.schedule, old.validation, null),
        data);
  }

  /**
   * Returns the training of a layer whose output says a law of the target, by its negative log
   * likelihood: of the latent, with {@link Objective#LATENT}.
   *
   * <p>The likelihood of a normal law is steep where the first precision is far too large, and its
   * first gradients would set Adam's scale for a thousand steps: train with a {@link
   * org.definetti.optimise.ClippedGradient} of norm about 1.
   */
  public Training withHead(DistributionHead head) {
    Method old = method;
    Objects.requireNonNull(head, "head");
    return new Training(
        new Method(
            old.layer, head.loss(), old.options, old.optimiser, old.schedule, old.validation, head),
        data);
  }

  /** Returns this training with other options. */
  public Training withOptions(TrainingOptions options) {
    Method old = method;
    return new Training(
        new Method(
            old.layer, old.loss, options, old.optimiser, old.schedule, old.validation, old.head),
        data);
  }

  /** Returns this training with another optimiser. */
  public Training withOptimiser(Optimiser optimiser) {
    Method old = method;
    return new Training(
        new Method(
            old.layer, old.loss, old.options, optimiser, old.schedule, old.validation, old.head),
        data);
  }

  /**
   * Returns this training with this schedule in place of the options' learning rate and warm-up.
   */
  public Training withSchedule(Schedule schedule) {
    Method old = method;
    return new Training(
        new Method(
            old.layer, old.loss, old.options, old.optimiser, schedule, old.validation, old.head),
        data);
  }

  /**
   * Returns this training with early stopping on {@code count} sequences of their own.
   *
   * @param count sequences to validate on, of the lengths of training, at least 1
   */
  public Training withEarlyStopping(EarlyStopping rule, int count) {
    Method old = method;
    Validation validation = new Validation(rule, count);
    return new Training(
        new Method(
            old.layer, old.loss, old.options, old.optimiser, old.schedule, validation, old.head),
        data);
  }

  /** Returns this training with {@code batchSize} samples a step. */
  public Training withBatchSize(int batchSize) {
    return new Training(
        method, new Data(batchSize, data.lengths, data.mixed, data.sampleCount, data.groupSize));
  }

  /** Returns the training of a single attention on these lengths, evaluated at every length. */
  public Training withLengths(Lengths lengths) {
    return new Training(
        method, new Data(data.batchSize, lengths, data.mixed, data.sampleCount, data.groupSize));
  }

  /**
   * Returns this training where every sequence has a length of its own, so that a batch mixes
   * lengths; else the sequences of a step share one.
   */
  public Training withMixedLengths() {
    return new Training(
        method, new Data(data.batchSize, data.lengths, true, data.sampleCount, data.groupSize));
  }

  /**
   * Returns this training on a fixed data set of {@code count} sequences; 0 for fresh samples.
   *
   * <p>A fixed data set has sequences of one length, unless lengths are mixed.
   */
  public Training withSampleCount(int count) {
    return new Training(
        method, new Data(data.batchSize, data.lengths, data.mixed, count, data.groupSize));
  }

  /**
   * Returns this training with {@code groupSize} samples asking about each sequence, 1 by default.
   *
   * <p>Drawing a long sequence costs more than learning from it. Samples of a group are correlated,
   * so this pays where their queries differ; see {@link FreshSamples#withGroupSize}.
   */
  public Training withGroupSize(int groupSize) {
    return new Training(
        method, new Data(data.batchSize, data.lengths, data.mixed, data.sampleCount, groupSize));
  }

  /** Returns the options. */
  public TrainingOptions options() {
    return method.options;
  }

  /** Returns whether one attention is trained for each evaluated length. */
  boolean eachLength() {
    return data.lengths == null;
  }

  /** Returns {@code each}, a length, or a range {@code 4..64}: the column {@code train_length}. */
  public String lengthsLabel() {
    Lengths lengths = data.lengths;
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
    Trainer trainer =
        Trainer.of(
                layer(model, objective),
                headed(data(model, objective, length, seed.child("data"))),
                method.loss)
            .withOptions(method.options)
            .withOptimiser(method.optimiser);
    if (method.schedule != null) {
      trainer = trainer.withSchedule(method.schedule);
    }
    if (method.validation == null) {
      return trainer;
    }
    int count = method.validation.count;
    DataSource held =
        headed(
            fresh(model, objective, seen(length), seed.child("validation")).withBatchSize(count));
    return trainer.withEarlyStopping(method.validation.rule, held);
  }

  /**
   * Returns the trainer of one attention on given samples, in batches of this training's size or of
   * all samples if there are fewer.
   *
   * @throws IllegalArgumentException if this training stops early, which needs samples of its own
   */
  public Trainer trainer(LatentModel<?> model, Objective objective, FixedDataSet samples) {
    if (method.validation != null) {
      throw new IllegalArgumentException(
          "training: expected all steps to be taken on given samples, got early stopping");
    }
    FixedDataSet batches = samples.withBatchSize(Math.min(data.batchSize, samples.count()));
    Trainer trainer =
        Trainer.of(layer(model, objective), batches, method.loss)
            .withOptions(method.options)
            .withOptimiser(method.optimiser);
    return method.schedule == null ? trainer : trainer.withSchedule(method.schedule);
  }

  /** Returns the loss. */
  public Loss loss() {
    return method.loss;
  }

  private DataSource headed(DataSource source) {
    return method.head == null ? source : HeadTargets.of(source, method.head);
  }

  /**
   * Returns the layer that is trained on a model's batches: at every prefix for the next token, as
   * {@link Layers#atEveryPrefix} makes it.
   */
  public Layer layer(LatentModel<?> model, Objective objective) {
    Widths widths = objective.widths(model);
    DistributionHead head = method.head;
    Layer layer =
        method.layer.apply(
            head == null ? widths : new Widths(widths.key(), widths.value(), head.outputs()));
    return objective == Objective.NEXT_TOKEN
        ? Layers.atEveryPrefix(layer, model.tokenSpace())
        : layer;
  }

  private Lengths seen(int length) {
    return data.lengths == null ? Lengths.fixed(length) : data.lengths;
  }

  private FreshSamples fresh(
      LatentModel<?> model, Objective objective, Lengths lengths, Seed seed) {
    FreshSamples fresh =
        FreshSamples.of(model, objective, lengths, seed)
            .withBatchSize(data.batchSize)
            .withGroupSize(data.groupSize);
    return data.mixed ? fresh.withMixedLengths() : fresh;
  }

  private DataSource data(LatentModel<?> model, Objective objective, int length, Seed seed) {
    Lengths seen = seen(length);
    if (data.sampleCount == 0) {
      return fresh(model, objective, seen, seed);
    }
    if (seen.least() != seen.most() && !data.mixed) {
      throw new IllegalArgumentException(
          "lengths: expected one length for a fixed data set, or mixed lengths, got "
              + lengthsLabel());
    }
    return FixedDataSet.draw(model, objective, new FixedDataSet.Size(data.sampleCount, seen), seed)
        .withBatchSize(Math.min(data.batchSize, data.sampleCount));
  }

  /** Returns all that changes a number, but for the layer, for the identity of a run. */
  @Override
  public String toString() {
    return "Training[lengths="
        + lengthsLabel()
        + ", "
        + data
        + (method.head == null ? "" : ", head=" + method.head)
        + ", loss="
        + method.loss
        + ", "
        + method.options.identity()
        + ", "
        + method.optimiser
        + (method.schedule == null ? "" : ", " + method.schedule)
        + (method.validation == null ? "" : ", " + method.validation)
        + "]";
  }
}
