package org.definetti.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.OptimiserState;
import org.definetti.optimise.Schedule;
import org.definetti.train.TrainingSetup.Conduct;
import org.definetti.train.TrainingSetup.Stopping;
import org.definetti.train.TrainingSetup.Task;
import org.jspecify.annotations.Nullable;

/** The mutable state of one fit. */
final class TrainingRun implements AutoCloseable {

  /** Between two rewrites of the tables while running; one takes about a millisecond. */
  private static final long TABLE_NANOS = 1_000_000_000L;

  private final Task task;
  private final Conduct conduct;
  private final TrainingOptions options;
  private final Optimiser optimiser;
  private final Schedule schedule;
  private final @Nullable EarlyStopping rule;
  private final long began;

  private final String configuration;
  private final Parameters parameters;
  private final OptimiserState state;
  private final Parameters gradient;
  private final List<LossPoint> log;
  private final List<ValidationPoint> validation;
  private @Nullable Parameters best; // with a rule: as of its best evaluation
  private double openLoss;
  private int openCount;
  private long tablesWritten;

  private final ChunkRunner runner;
  private final @Nullable ChunkRunner validator;

  /**
   * Readies a fit.
   *
   * @param start what to go on from; its parameters and state are used, not copied
   * @param began nanosecond time from which the time limit counts
   */
  TrainingRun(TrainingSetup setup, Checkpoint start, long began) {
    this.task = setup.task();
    this.conduct = setup.conduct();
    this.options = setup.method().options();
    this.optimiser = setup.method().optimiser();
    this.schedule = setup.method().schedule();
    this.began = began;
    this.tablesWritten = began;
    this.configuration = start.configuration();
    this.parameters = start.parameters();
    this.state = start.optimiserState();
    this.gradient = parameters.zeros();
    this.log = new ArrayList<>(start.log());
    this.validation = new ArrayList<>(start.validation());
    this.best = start.validation().isEmpty() ? null : start.solution();
    this.openLoss = start.openLoss();
    this.openCount = start.openCount();
    Stopping stopping = setup.method().stopping();
    this.rule = stopping == null ? null : stopping.rule();
    this.runner = runner(task.data(), conduct.drawAhead());
    this.validator =
        stopping == null ? null : runner(new HeldBatch(stopping.validation().batch(0)), false);
  }

  private ChunkRunner runner(DataSource data, boolean drawAhead) {
    return new ChunkRunner(task.layer(), data, task.loss(), options, drawAhead);
  }

  /** Takes the steps that are left. */
  TrainingResult execute() {
    boolean done = isDone();
    while (!done) {
      long step = state.steps();
      stopIfAsked(step);
      double rate = takeStep(step);
      evaluate(step + 1);
      done = isDone();
      log(step + 1, rate, done);
      int every = options.checkpointEvery();
      if (every > 0 && (step + 1) % every == 0 && !done) {
        save();
      }
    }
    save();
    return new TrainingResult(task.layer(), solution().copy(), log, validation);
  }

  private boolean isDone() {
    return state.steps() >= options.steps() || (rule != null && rule.stops(validation));
  }

  private void stopIfAsked(long step) {
    // Cleared while saving, so that no interruptible call fails; set again for the caller.
    if (Thread.interrupted()) {
      save();
      Thread.currentThread().interrupt();
      throw new TrainingInterruptedException(step, "training interrupted after " + step + " steps");
    }
    Duration limit = conduct.limits().time();
    if (Duration.ofNanos(System.nanoTime() - began).compareTo(limit) >= 0) {
      save();
      throw new TrainingInterruptedException(
          step,
          "training stopped at its time limit of "
              + limit.toMillis() / 1000.0
              + " s after "
              + step
              + " of "
              + options.steps()
              + " steps, checkpoint in "
              + conduct.directory());
    }
  }

  /** Takes a step and returns its learning rate. */
  private double takeStep(long step) {
    double value = runner.gradient(parameters, step, gradient);
    if (!Double.isFinite(value) || !gradient.isFinite()) {
      throw nonFinite(
          step,
          Double.isFinite(value) ? "gradient" : "loss",
          value,
          firstIn("gradient of ", gradient));
    }
    double rate = schedule.learningRate(step);
    optimiser.step(parameters, gradient, state, rate);
    if (!parameters.isFinite()) {
      throw nonFinite(step, "parameters", value, firstIn("", parameters));
    }
    openLoss += value;
    openCount++;
    return rate;
  }

  private void evaluate(long steps) {
    if (rule == null
        || validator == null
        || (steps % rule.every() != 0 && steps < options.steps())) {
      return;
    }
    Parameters candidate = optimiser.solution(parameters, state);
    double loss = validator.loss(candidate);
    if (!Double.isFinite(loss)) {
      throw nonFinite(steps - 1, "validation loss", loss, firstIn("", candidate));
    }
    validation.add(new ValidationPoint(steps, loss));
    if (rule.best(validation) == validation.size() - 1) {
      best = candidate.copy();
    }
  }

  private void log(long steps, double rate, boolean done) {
    if (steps % options.logEvery() != 0 && !done) {
      return;
    }
    LossPoint point = new LossPoint(steps, openLoss / openCount, rate);
    log.add(point);
    openLoss = 0.0;
    openCount = 0;
    if (conduct.directory() != null && System.nanoTime() - tablesWritten > TABLE_NANOS) {
      writeTables(conduct.directory());
    }
    conduct.progress().accept(point);
  }

  /** Says what broke: the loss, the first matrix that is not finite, or the data themselves. */
  private NonFiniteLossException nonFinite(long step, String what, double value, String where) {
    String cause = isFinite(task.data().batch(step)) ? "" : "; the step's data are not finite";
    Path directory = conduct.directory();
    String kept =
        directory == null ? "" : "; the last checkpoint in " + directory + " is unchanged";
    String got = what.endsWith("loss") ? String.valueOf(value) : "loss " + value;
    return new NonFiniteLossException(
        step,
        what
            + ": expected finite at step "
            + step
            + " of "
            + task.layer().label()
            + ", got "
            + got
            + where
            + cause
            + kept);
  }

  private static String firstIn(String kind, Parameters examined) {
    String matrix = examined.firstNotFinite();
    return matrix == null ? "" : "; first in " + kind + matrix;
  }

  private static boolean isFinite(Batch batch) {
    boolean finite = isFinite(batch.queries()) && isFinite(batch.targets());
    for (float[] coordinate : batch.keys()) {
      finite &= isFinite(coordinate);
    }
    for (float[] coordinate : batch.values()) {
      finite &= isFinite(coordinate);
    }
    return finite;
  }

  private static boolean isFinite(float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  private Parameters solution() {
    return best == null ? optimiser.solution(parameters, state) : best;
  }

  private void save() {
    Path directory = conduct.directory();
    if (directory == null) {
      return;
    }
    new Checkpoint(
            configuration, solution(), parameters, state, log, validation, openLoss, openCount)
        .write(directory.resolve(Trainer.CHECKPOINT_FILE));
    writeTables(directory);
  }

  private void writeTables(Path directory) {
    Tables.writeLosses(directory.resolve(Trainer.LOSS_FILE), log);
    if (rule != null) {
      Tables.writeValidation(directory.resolve(Trainer.VALIDATION_FILE), validation);
    }
    tablesWritten = System.nanoTime();
  }

  @Override
  public void close() {
    runner.close();
    if (validator != null) {
      validator.close();
    }
  }
}
