package org.definetti.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.layer.Layer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.OptimiserState;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.definetti.train.TrainingSetup.Conduct;
import org.definetti.train.TrainingSetup.Method;
import org.definetti.train.TrainingSetup.Stopping;
import org.definetti.train.TrainingSetup.Task;

/**
 * Fits a layer to data by first-order minimisation of the mean loss over samples and output rows.
 *
 * <pre>{@code
 * Trainer.of(layer, data, Loss.squaredError()).fit(seed).attention()
 * }</pre>
 *
 * <ul>
 *   <li>Same layer, data, loss, options, optimiser, schedule, early stopping and seed give the same
 *       bits, whatever the number of threads and whether or not the run was interrupted or killed,
 *       and resumed.
 *   <li>With a directory, {@code checkpoint.safetensors}, {@code loss.csv} and, with early
 *       stopping, {@code validation.csv} are written there, atomically; a fit that finds a
 *       checkpoint of the same configuration continues from it, one of another configuration, or of
 *       other kernels, is refused. The tables are also rewritten while it runs, at most once a
 *       second.
 *   <li>Interrupting the thread stops between two steps; see {@link TrainingInterruptedException}.
 *   <li>Prints nothing; {@link #withProgress} is told every entry of the loss log.
 * </ul>
 *
 * <p>An immutable value; the fit itself runs in the caller's thread and, with more than one thread,
 * in helper threads that end with it.
 */
public final class Trainer {

  /** The checkpoint's name in the directory. */
  public static final String CHECKPOINT_FILE = "checkpoint.safetensors";

  /** The loss log's name in the directory: columns {@code step,loss,learning_rate}. */
  public static final String LOSS_FILE = "loss.csv";

  /** The name of the table of validation losses in the directory: columns {@code step,loss}. */
  public static final String VALIDATION_FILE = "validation.csv";

  private final TrainingSetup setup;

  private Trainer(TrainingSetup setup) {
    this.setup = setup;
  }

  /**
   * Returns a trainer with default options, Adam with warm-up and cosine decay, all steps, no
   * directory, no progress callback and no limits.
   *
   * @throws ShapeMismatchException if layer and data differ in widths or rows
   */
  public static Trainer of(Layer layer, DataSource data, Loss loss) {
    Task task = new Task(layer, data, loss);
    requireFit("data", layer, data);
    return new Trainer(
        new TrainingSetup(
            task,
            new Method(TrainingOptions.withDefaults(), Adam.withDefaults(), null, null),
            new Conduct(null, point -> {}, TrainingLimits.none(), false)));
  }

  private static void requireFit(String argument, Layer layer, DataSource data) {
    if (!data.widths().equals(layer.widths())) {
      throw new ShapeMismatchException(
          argument + ": expected " + layer.widths() + " (as the layer), got " + data.widths());
    }
    int rows = layer.outputs(data.maxLength());
    if (data.rows(data.maxLength()) != rows) {
      throw new ShapeMismatchException(
          argument
              + ": expected "
              + rows
              + " target rows (as the layer's outputs), got "
              + data.rows(data.maxLength()));
    }
  }

  /** Returns this trainer with other options. */
  public Trainer withOptions(TrainingOptions options) {
    Method old = setup.method();
    return with(new Method(options, old.optimiser(), old.chosenSchedule(), old.stopping()));
  }

  /** Returns this trainer with another optimiser. */
  public Trainer withOptimiser(Optimiser optimiser) {
    Method old = setup.method();
    return with(new Method(old.options(), optimiser, old.chosenSchedule(), old.stopping()));
  }

  /** Returns this trainer with this schedule in place of the options' learning rate and warm-up. */
  public Trainer withSchedule(Schedule schedule) {
    Method old = setup.method();
    return with(new Method(old.options(), old.optimiser(), schedule, old.stopping()));
  }

  /**
   * Returns this trainer with a rule that may end it before all steps are taken, and returns the
   * parameters that were best on validation data.
   *
   * @param validation its first batch is what the loss is measured on
   * @throws ShapeMismatchException if it differs from the layer in widths or rows
   */
  public Trainer withEarlyStopping(EarlyStopping rule, DataSource validation) {
    requireFit("validation", setup.task().layer(), validation);
    Method old = setup.method();
    Stopping stopping = new Stopping(rule, validation);
    return with(new Method(old.options(), old.optimiser(), old.chosenSchedule(), stopping));
  }

  /** Returns this trainer with a directory for checkpoint and loss log, made where missing. */
  public Trainer withDirectory(Path directory) {
    Conduct old = setup.conduct();
    return with(new Conduct(directory, old.progress(), old.limits(), old.drawAhead()));
  }

  /** Returns this trainer with a callback for every entry of the loss log, in the fit's thread. */
  public Trainer withProgress(Consumer<LossPoint> progress) {
    Conduct old = setup.conduct();
    return with(new Conduct(old.directory(), progress, old.limits(), old.drawAhead()));
  }

  /** Returns this trainer with limits of time and memory. A limit of time needs a directory. */
  public Trainer withLimits(TrainingLimits limits) {
    Conduct old = setup.conduct();
    return with(new Conduct(old.directory(), old.progress(), limits, old.drawAhead()));
  }

  /**
   * Returns this trainer with or without drawing ahead: helper threads that have no chunk left draw
   * samples of the next step. Changes no bit. Off by default, because it was not measured to pay:
   * drawing is parallel over chunks already.
   */
  public Trainer withDrawAhead(boolean drawAhead) {
    Conduct old = setup.conduct();
    return with(new Conduct(old.directory(), old.progress(), old.limits(), drawAhead));
  }

  private Trainer with(Method method) {
    return new Trainer(setup.with(method));
  }

  private Trainer with(Conduct conduct) {
    return new Trainer(setup.with(conduct));
  }

  /** Fits from initial parameters drawn from the seed's child {@code "initial"}. */
  public TrainingResult fit(Seed seed) {
    return fit(setup.task().layer().initial(seed.child("initial").generator()));
  }

  /**
   * Fits from these parameters.
   *
   * @param initial of the layer's shapes. Not modified.
   * @throws NonFiniteLossException if the loss or a parameter stops being finite
   * @throws TrainingInterruptedException if the thread is interrupted or the time is over
   * @throws IllegalArgumentException if the directory holds a checkpoint of another configuration,
   *     the fit would take more memory than its limit, or its time is limited without a directory
   */
  public TrainingResult fit(Parameters initial) {
    long began = System.nanoTime();
    Layer layer = setup.task().layer();
    Parameters.zeros(layer.shapes()).requireSameLayout(initial);
    TrainingLimits limits = setup.conduct().limits();
    Path directory = setup.conduct().directory();
    if (limits.limitsTime() && directory == null) {
      throw new IllegalArgumentException(
          "limits: expected a directory to go on from after " + limits.time() + ", got none");
    }
    checkMemory();
    OptimiserState state = setup.method().optimiser().initialState(initial);
    String configuration = directory == null ? "" : setup.configuration(initial);
    Checkpoint start =
        new Checkpoint(configuration, initial, initial.copy(), state, List.of(), List.of(), 0.0, 0);
    if (directory != null) {
      createDirectory(directory);
      Path file = directory.resolve(CHECKPOINT_FILE);
      start = Files.exists(file) ? read(file, configuration) : start;
    }
    try (TrainingRun run = new TrainingRun(setup, start, began)) {
      return run.execute();
    }
  }

  /**
   * Checks the limit of memory, as a fit does first of all.
   *
   * @throws IllegalArgumentException if a fit would take more
   */
  public void checkMemory() {
    memory().requireAtMost(setup.conduct().limits().memory());
  }

  /**
   * Returns about how many bytes a fit takes, from shapes alone: gradients, workspaces, samples in
   * flight and what the optimiser keeps. A fixed data set is not counted; it was there before.
   */
  public long memoryBytes() {
    return memory().total();
  }

  private MemoryEstimate memory() {
    // An optimiser has as many moments for one number as for many.
    Parameters one = Parameters.zeros(List.of(new ParameterShape("one", 1, 1)));
    int moments = setup.method().optimiser().initialState(one).moments().size();
    // Besides: parameters, gradient, best parameters.
    Task task = setup.task();
    return MemoryEstimate.of(task.layer(), task.data(), setup.method().options(), moments + 3);
  }

  private static Checkpoint read(Path file, String configuration) {
    Checkpoint found = Checkpoint.read(file);
    if (!found.configuration().equals(configuration)) {
      throw new IllegalArgumentException(
          "directory: expected a checkpoint of configuration "
              + configuration
              + " or none in "
              + file.getParent()
              + ", got "
              + found.configuration());
    }
    return found;
  }

  private static void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory, e);
    }
  }
}
