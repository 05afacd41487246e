package org.definetti.lab.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.RunDirectory;
import org.definetti.latent.LatentModel;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.LossPoint;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one attention and keeps its parameters, checkpoint and loss log. */
@Command(
    name = "train",
    description = {
      "Trains one attention on a model's sequences; writes checkpoint.safetensors and loss.csv.",
      "Needs --train-length L or A..B."
    })
public final class TrainCommand implements Callable<Integer> {

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--attention",
      paramLabel = "FORM",
      defaultValue = "softmax",
      description = "softmax or null-token-softmax; default ${DEFAULT-VALUE}.")
  String attention = "softmax";

  @Option(
      names = "--objective",
      paramLabel = "O",
      defaultValue = "masked",
      description = "masked or supervised; default ${DEFAULT-VALUE}.")
  Objective objective = Objective.MASKED;

  @Mixin TrainingOption training = new TrainingOption();

  @Mixin RunOptions run = new RunOptions();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    run.check();
    LatentModel<?> learned = model.resolve();
    if (training.trainLength.equals(org.definetti.experiment.Training.EACH_LENGTH)) {
      throw new IllegalArgumentException(
          "train-length: expected a length or a range 4..64, got " + training.trainLength);
    }
    Seed seed = Seed.of(run.seed).child("train");
    Path out = RunDirectory.of(run.out, "train", run.resume);
    boolean found = Files.exists(out.resolve(Trainer.CHECKPOINT_FILE));
    if (run.resume && !found) {
      throw new IllegalArgumentException("resume: expected a checkpoint in " + out + ", got none");
    }
    org.definetti.experiment.Training described = training.of(attention.replace(":trained", ""));
    Trainer trainer =
        described
            .withOptions(described.options().withThreads(run.threads))
            .trainer(learned, objective, 0, seed)
            .withDirectory(out)
            .withProgress(this::show);
    Manifest manifest = new Manifest("train", run.seed, configuration());
    if (!found) {
      manifest.write(out);
    }
    TrainingResult result = trainer.fit(seed.child("fit"));
    manifest.end();
    manifest.write(out);
    double last =
        result.log().isEmpty() ? Double.NaN : result.log().get(result.log().size() - 1).loss();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "loss %.6g, parameters in %s%n",
            last,
            out.resolve(Trainer.CHECKPOINT_FILE));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void show(LossPoint point) {
    if (!run.quiet && point.step() % (10L * training.of("softmax").options().logEvery()) == 0) {
      spec.commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "step %d of %d, loss %.5g%n",
              point.step(),
              training.steps,
              point.loss());
    }
  }

  private Map<String, Object> configuration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model.model);
    configuration.put("attention", attention);
    configuration.put("objective", objective.label());
    training.describe(configuration);
    configuration.put("seed", run.seed);
    return configuration;
  }
}
