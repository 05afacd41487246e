package org.definetti.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.layer.Layer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.OptimiserState;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;

/**
 * Fits a layer to data by first-order minimisation of the mean loss over samples and output rows.
 *
 * <pre>{@code
 * Trainer.of(layer, data, Loss.squaredError()).fit(seed).attention()
 * }</pre>
 *
 * <ul>
 *   <li>Same layer, data, loss, options and seed give the same bits, whatever the number of threads
 *       and whether or not the run was interrupted and resumed.
 *   <li>With a directory, {@code checkpoint.safetensors} and {@code loss.csv} are written there,
 *       atomically; a fit that finds a checkpoint of the same configuration continues from it, one
 *       of another configuration is refused.
 *   <li>Interrupting the thread stops between two steps; see {@link TrainingInterruptedException}.
 *   <li>Prints nothing; {@link #withProgress} is told every entry of the loss log.
 * </ul>
 *
 * <p>An immutable value; the fit itself runs in the caller's thread and, with more than one thread,
 * a pool of its own that ends with it.
 */
public final class Trainer {

  /** The checkpoint's name in the directory. */
  public static final String CHECKPOINT_FILE = "checkpoint.safetensors";

  /** The loss log's name in the directory: columns {@code step,loss,learning_rate}. */
  public static final String LOSS_FILE = "loss.csv";

  private final Layer layer;
  private final DataSource data;
  private final Loss loss;
  private final TrainingOptions options;
  private final Optimiser optimiser;
  private final @Nullable Path directory;
  private final Consumer<LossPoint> progress;

  private Trainer(
      Layer layer,
      DataSource data,
      Loss loss,
      TrainingOptions options,
      Optimiser optimiser,
      @Nullable Path directory,
      Consumer<LossPoint> progress) {
    this.layer = Objects.requireNonNull(layer, "layer");
    this.data = Objects.requireNonNull(data, "data");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.options = Objects.requireNonNull(options, "options");
    this.optimiser = Objects.requireNonNull(optimiser, "optimiser");
    this.directory = directory;
    this.progress = Objects.requireNonNull(progress, "progress");
    if (!data.widths().equals(layer.widths())) {
      throw new ShapeMismatchException(
          "data: expected " + layer.widths() + " (as the layer), got " + data.widths());
    }
    int rows = layer.outputs(data.maxLength());
    if (data.rows(data.maxLength()) != rows) {
      throw new ShapeMismatchException(
          "data: expected "
              + rows
              + " target rows (as the layer's outputs), got "
              + data.rows(data.maxLength()));
    }
  }

  /**
   * Returns a trainer with default options, Adam, no directory and no progress callback.
   *
   * @throws ShapeMismatchException if layer and data differ in widths or rows
   */
  public static Trainer of(Layer layer, DataSource data, Loss loss) {
    return new Trainer(
        layer, data, loss, TrainingOptions.withDefaults(), Adam.withDefaults(), null, point -> {});
  }

  /** Returns this trainer with other options. */
  public Trainer withOptions(TrainingOptions options) {
    return new Trainer(layer, data, loss, options, optimiser, directory, progress);
  }

  /** Returns this trainer with another optimiser. */
  public Trainer withOptimiser(Optimiser optimiser) {
    return new Trainer(layer, data, loss, options, optimiser, directory, progress);
  }

  /** Returns this trainer with a directory for checkpoint and loss log, made where missing. */
  public Trainer withDirectory(Path directory) {
    return new Trainer(layer, data, loss, options, optimiser, directory, progress);
  }

  /** Returns this trainer with a callback for every entry of the loss log, in the fit's thread. */
  public Trainer withProgress(Consumer<LossPoint> progress) {
    return new Trainer(layer, data, loss, options, optimiser, directory, progress);
  }

  /** Fits from initial parameters drawn from the seed's child {@code "initial"}. */
  public TrainingResult fit(Seed seed) {
    return fit(layer.initial(seed.child("initial").generator()));
  }

  /**
   * Fits from these parameters.
   *
   * @param initial of the layer's shapes. Not modified.
   * @throws NonFiniteLossException if the loss or a parameter stops being finite
   * @throws TrainingInterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the directory holds a checkpoint of another configuration
   */
  public TrainingResult fit(Parameters initial) {
    Parameters.zeros(layer.shapes()).requireSameLayout(initial);
    String configuration = directory == null ? "" : configuration(initial);
    Run run = new Run(start(initial, configuration), configuration);
    try (ChunkRunner runner = new ChunkRunner(layer, data, loss, options)) {
      run.execute(runner);
    }
    return new TrainingResult(layer, run.parameters, run.log);
  }

  private Checkpoint start(Parameters initial, String configuration) {
    if (directory != null) {
      createDirectory(directory);
      Path file = directory.resolve(CHECKPOINT_FILE);
      if (Files.exists(file)) {
        Checkpoint found = Checkpoint.read(file);
        if (!found.configuration().equals(configuration)) {
          throw new IllegalArgumentException(
              "directory: expected a checkpoint of configuration "
                  + configuration
                  + " or none in "
                  + directory
                  + ", got "
                  + found.configuration());
        }
        return found;
      }
    }
    OptimiserState state = optimiser.initialState(initial);
    return new Checkpoint(configuration, initial.copy(), state, List.of(), 0.0, 0);
  }

  private static void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory, e);
    }
  }

  private Schedule schedule() {
    int warmup = Math.min(options.warmup(), options.steps());
    return Schedule.warmupCosine(options.learningRate(), warmup, options.steps());
  }

  /**
   * Hashes all that fixes the bits of the result: the texts of the parts, the initial parameters,
   * and the first batch, which tells apart models that describe themselves alike.
   */
  private String configuration(Parameters initial) {
    TrainingOptions fixed = options.withThreads(1).withCheckpointEvery(0);
    String text = String.join("\n", layer + "", data + "", loss + "", optimiser + "", fixed + "");
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    update(digest, initial.data());
    Batch first = data.batch(0);
    update(digest, first.queries());
    update(digest, first.targets());
    for (float[] coordinate : first.keys()) {
      update(digest, coordinate);
    }
    for (float[] coordinate : first.values()) {
      update(digest, coordinate);
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes);
  }

  /** The mutable state of one fit. */
  private final class Run {

    private final String configuration;
    private final Parameters parameters;
    private final OptimiserState state;
    private final List<LossPoint> log;
    private final Parameters gradient;
    private final Schedule schedule = schedule();
    private double openLoss;
    private int openCount;

    Run(Checkpoint start, String configuration) {
      this.configuration = configuration;
      this.parameters = start.parameters();
      this.state = start.optimiserState();
      this.log = new ArrayList<>(start.log());
      this.gradient = parameters.zeros();
      this.openLoss = start.openLoss();
      this.openCount = start.openCount();
    }

    void execute(ChunkRunner runner) {
      for (long step = state.steps(); step < options.steps(); step++) {
        // Cleared while saving, so that no interruptible call fails; set again for the caller.
        if (Thread.interrupted()) {
          save();
          Thread.currentThread().interrupt();
          throw new TrainingInterruptedException(step);
        }
        takeStep(runner, step);
        int every = options.checkpointEvery();
        if (every > 0 && (step + 1) % every == 0 && step + 1 < options.steps()) {
          save();
        }
      }
      save();
    }

    private void takeStep(ChunkRunner runner, long step) {
      double value = runner.gradient(parameters, step, gradient);
      if (!Double.isFinite(value) || !gradient.isFinite()) {
        throw nonFinite(step, "loss", value);
      }
      double rate = schedule.learningRate(step);
      optimiser.step(parameters, gradient, state, rate);
      if (!parameters.isFinite()) {
        throw nonFinite(step, "parameters", Double.NaN);
      }
      openLoss += value;
      openCount++;
      if ((step + 1) % options.logEvery() == 0 || step + 1 == options.steps()) {
        LossPoint point = new LossPoint(step + 1, openLoss / openCount, rate);
        log.add(point);
        openLoss = 0.0;
        openCount = 0;
        progress.accept(point);
      }
    }

    private NonFiniteLossException nonFinite(long step, String what, double value) {
      String kept =
          directory == null ? "" : "; the last checkpoint in " + directory + " is unchanged";
      return new NonFiniteLossException(
          step, what + ": expected finite at step " + step + ", got " + value + kept);
    }

    private void save() {
      if (directory == null) {
        return;
      }
      new Checkpoint(configuration, parameters, state, log, openLoss, openCount)
          .write(directory.resolve(CHECKPOINT_FILE));
      LossFile.write(directory.resolve(LOSS_FILE), log);
    }
  }
}
