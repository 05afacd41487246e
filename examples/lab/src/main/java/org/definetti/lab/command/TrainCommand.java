package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.definetti.experiment.Training;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.ProgressLine;
import org.definetti.lab.run.RunDirectory;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.LossPoint;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingLimits;
import org.definetti.train.TrainingResult;
import org.definetti.train.ValidationPoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one attention and keeps its parameters, checkpoint and loss log. */
@Command(
    name = "train",
    description = {
      "Trains one attention on a model's sequences.",
      "Writes checkpoint.safetensors, loss.csv and its curve; needs --train-length L or A..B.",
      "A training that was stopped or killed goes on with --resume, to the same bits."
    })
public final class TrainCommand implements Callable<Integer> {

  @Mixin ConfigOptions config = new ConfigOptions();

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--attention",
      paramLabel = "FORM",
      defaultValue = "softmax",
      completionCandidates = Candidates.Layers.class,
      description = {
        "A layer by name, as in 'definetti audit --layer': softmax, null-token-softmax,",
        "transformer, deep-sets, convolution, gru, ...; default ${DEFAULT-VALUE}."
      })
  String attention = "softmax";

  @Option(
      names = "--objective",
      paramLabel = "O",
      defaultValue = "masked",
      converter = ObjectiveLabel.class,
      completionCandidates = Candidates.Objectives.class,
      description = {
        "masked, supervised, latent or next-token (each token from those",
        "before it); default ${DEFAULT-VALUE}."
      })
  Objective objective = Objective.MASKED;

  @Mixin TrainingOption training = new TrainingOption();

  @Mixin HeadOption head = new HeadOption();

  @Option(
      names = "--time-limit",
      paramLabel = "T",
      description = {
        "Stop between two steps after this time, 90s, 10m or 2h; default none.",
        "--resume goes on."
      })
  @Nullable String timeLimit;

  @Option(
      names = "--memory-limit",
      paramLabel = "MIB",
      defaultValue = "0",
      description = "Refuse a training that takes more mebibytes; default 0: none.")
  long memoryLimit;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "500",
      description = "Steps between checkpoints; default ${DEFAULT-VALUE}.")
  int checkpointEvery;

  @Option(
      names = "--log-every",
      paramLabel = "N",
      defaultValue = "50",
      description = "Steps between entries of loss.csv; default ${DEFAULT-VALUE}.")
  int logEvery;

  @Mixin RunOptions run = new RunOptions();

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (config.printedSchema(spec)) {
      return 0;
    }
    run.check();
    LatentModel<?> learned = model.resolve();
    if (training.trainLength.equals(Training.EACH_LENGTH)) {
      throw new IllegalArgumentException(
          "train-length: expected a length or a range 4..64 (train has no evaluated lengths), got "
              + training.trainLength);
    }
    Seed seed = Seed.of(run.seed).child("train");
    if (config.dryRun) {
      return dryRun(learned, seed);
    }
    Trainer trainer = trainer(learned, seed, 1).withLimits(limits());
    trainer.checkMemory();
    Manifest manifest = new Manifest("train", run.seed, configuration());
    manifest.model(model.model, learned);
    Path out = RunDirectory.of(run.out, manifest, run.resume);
    return RunDirectory.resumable(out, () -> fit(trainer, seed, manifest, out));
  }

  /**
   * Returns the trainer.
   *
   * @param share of the steps, 1 for all of them
   */
  private Trainer trainer(LatentModel<?> learned, Seed seed, double share) {
    Training described = training.of(attention, share);
    DistributionHead law = head.of(learned, objective);
    described = law == null ? described : described.withHead(law);
    return described
        .withOptions(
            described
                .options()
                .withThreads(run.threads)
                .withCheckpointEvery(checkpointEvery)
                .withLogEvery(logEvery))
        .trainer(learned, objective, 0, seed);
  }

  private int dryRun(LatentModel<?> learned, Seed seed) {
    PrintWriter out = spec.commandLine().getOut();
    Training whole = training.of(attention, Double.MIN_VALUE);
    Layer layer = whole.layer(learned, objective);
    out.println("a dry run: nothing is written");
    SweepDryRun.line(out, "model", learned.description().name());
    SweepDryRun.line(out, "attention", layer.label());
    SweepDryRun.line(
        out, "parameters", layer.shapes().stream().mapToLong(shape -> shape.size()).sum());
    SweepDryRun.line(out, "objective", objective.label());
    SweepDryRun.line(out, "length", training.trainLength);
    SweepDryRun.line(
        out, "steps", training.steps + " of " + training.batchSize + " sequences, one training");
    out.flush();
    Pilot<Long> pilot =
        Pilot.of(Math.min(1, 1.0 / training.steps), share -> fitNanos(learned, seed, share));
    SweepDryRun.line(
        out,
        "time",
        Pilot.about((long) (pilot.result() / pilot.share()))
            + " (measured: "
            + pilot.percent()
            + " of the steps"
            + (training.method.patience == 0 ? ")" : "; less if it stops early)"));
    SweepDryRun.line(
        out,
        "memory",
        Pilot.bytes(trainer(learned, seed, Double.MIN_VALUE).memoryBytes())
            + " (from its shapes); the heap held "
            + Pilot.bytes(pilot.heapBytes())
            + " at most in the pilot");
    out.flush();
    return 0;
  }

  private long fitNanos(LatentModel<?> learned, Seed seed, double share) {
    long start = System.nanoTime();
    trainer(learned, seed, share).fit(seed.child("fit"));
    return System.nanoTime() - start;
  }

  private TrainingLimits limits() {
    TrainingLimits limits = TrainingLimits.none();
    if (timeLimit != null) {
      limits = limits.withTime(duration(timeLimit));
    }
    if (memoryLimit == 0) {
      return limits;
    }
    if (memoryLimit < 0 || memoryLimit > Long.MAX_VALUE >> 20) {
      throw new IllegalArgumentException(
          "memory-limit: expected mebibytes above zero, got " + memoryLimit);
    }
    return limits.withMemory(memoryLimit << 20);
  }

  private static Duration duration(String text) {
    try {
      Duration duration = Duration.parse("PT" + text);
      if (duration.compareTo(Duration.ZERO) > 0) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // falls through to the one message
    }
    throw new IllegalArgumentException("time-limit: expected 90s, 10m or 2h, got " + text);
  }

  private int fit(Trainer trainer, Seed seed, Manifest manifest, Path out) {
    manifest.write(out);
    ProgressLine line = new ProgressLine(spec.commandLine().getErr(), "train", run.quiet);
    StepProgress progress = new StepProgress(line, training.steps);
    line.start(0, training.steps);
    TrainingResult result =
        trainer.withDirectory(out).withProgress(progress::show).fit(seed.child("fit"));
    manifest.end();
    manifest.write(out);
    LossPoint last = result.log().get(result.log().size() - 1);
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        Locale.ROOT,
        "loss %.6g after %d steps, %sparameters in %s%n",
        last.loss(),
        last.step(),
        validated(result),
        out.resolve(Trainer.CHECKPOINT_FILE));
    console.flush();
    run.report(Report.write(out), spec.commandLine().getErr());
    return 0;
  }

  /** Returns a clause about the least validation loss, nothing without early stopping. */
  private static String validated(TrainingResult result) {
    return result.validation().stream()
        .min(Comparator.comparingDouble(ValidationPoint::loss))
        .map(
            best ->
                String.format(Locale.ROOT, "validation %.6g after %d, ", best.loss(), best.step()))
        .orElse("");
  }

  /** Shows steps as they are taken; the first one tells where a resumed training began. */
  private static final class StepProgress {

    private final ProgressLine line;
    private final int steps;
    private final long startNanos = System.nanoTime();
    private long firstStep = -1;

    StepProgress(ProgressLine line, int steps) {
      this.line = line;
      this.steps = steps;
    }

    void show(LossPoint point) {
      if (firstStep < 0) {
        firstStep = point.step();
      }
      long taken = point.step() - firstStep;
      long left =
          taken == 0 ? -1 : (System.nanoTime() - startNanos) / taken * (steps - point.step());
      line.update(point.step(), steps, left);
    }
  }

  private Map<String, Object> configuration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model.model);
    if (model.own.classPath != null) {
      configuration.put("class-path", model.own.classPath);
    }
    configuration.put("attention", attention);
    configuration.put("objective", objective.label());
    training.describe(configuration);
    head.describe(configuration);
    configuration.put("log-every", logEvery);
    configuration.put("seed", run.seed);
    return configuration;
  }
}
