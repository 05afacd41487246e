package org.definetti.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.definetti.experiment.Training;
import org.definetti.optimise.Adam;
import org.definetti.optimise.AdamW;
import org.definetti.optimise.Averaged;
import org.definetti.optimise.ClippedGradient;
import org.definetti.optimise.Momentum;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.Schedule;
import org.definetti.train.EarlyStopping;
import org.definetti.train.TrainingOptions;
import picocli.CommandLine.Option;

/** The options of how a loss is lowered: optimiser, schedule, averaging, early stopping. */
final class MethodOption {

  @Option(
      names = "--optimiser",
      paramLabel = "O",
      defaultValue = "adam",
      completionCandidates = Candidates.Optimisers.class,
      description = {
        "adam, adamw[:DECAY], momentum[:M] or sgd; default ${DEFAULT-VALUE}.",
        "DECAY is 0.01 and M 0.9 unless given."
      })
  String optimiser = "adam";

  @Option(
      names = "--schedule",
      paramLabel = "S",
      defaultValue = "cosine",
      completionCandidates = Candidates.Schedules.class,
      description = "cosine or constant, after the warm-up; default ${DEFAULT-VALUE}.")
  String schedule = "cosine";

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "-1",
      description = "Steps of linear warm-up; default a tenth of the steps, at most 100.")
  int warmup;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      defaultValue = "0",
      description = "Largest norm of a gradient; default 0: any.")
  double clip;

  @Option(
      names = "--averaging",
      paramLabel = "A",
      defaultValue = "none",
      completionCandidates = Candidates.Averages.class,
      description = {
        "What is kept: none (the last point), exponential[:DECAY] or",
        "tail[:SHARE], the mean over a last share of the steps; default none.",
        "DECAY is 0.999 and SHARE 0.5 unless given."
      })
  String averaging = "none";

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Stop after N validations in a row without improvement, and keep",
        "the best parameters; default 0: take all steps."
      })
  int patience;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      defaultValue = "50",
      description = "Steps between validations; default ${DEFAULT-VALUE}.")
  int validateEvery;

  @Option(
      names = "--min-improvement",
      paramLabel = "D",
      defaultValue = "0",
      description = "What counts as improvement of the loss; default any.")
  double minImprovement;

  @Option(
      names = "--validation-count",
      paramLabel = "N",
      defaultValue = "512",
      description = "Sequences to validate on; default ${DEFAULT-VALUE}.")
  int validationCount;

  /**
   * Returns the training by this method.
   *
   * @param options steps and peak learning rate
   * @throws IllegalArgumentException if an option is out of range or a name unknown
   */
  Training apply(Training training, TrainingOptions options) {
    if (warmup < -1) {
      throw new IllegalArgumentException("warmup: expected >= 0, got " + warmup);
    }
    TrainingOptions all = warmup < 0 ? options : options.withWarmup(warmup);
    Training chosen = training.withOptions(all).withOptimiser(optimiser(all.steps()));
    if (named("schedule", schedule, new Candidates.Schedules()).equals("constant")) {
      chosen = chosen.withSchedule(Schedule.warmupConstant(all.learningRate(), all.warmup()));
    }
    if (patience == 0) {
      return chosen;
    }
    return chosen.withEarlyStopping(
        new EarlyStopping(validateEvery, patience, minImprovement), validationCount);
  }

  private Optimiser optimiser(int steps) {
    Optimiser plain =
        switch (named("optimiser", optimiser, new Candidates.Optimisers())) {
          case "adamw" -> AdamW.withDefaults().withDecay(number("optimiser", optimiser, 0.01));
          case "momentum" -> new Momentum(number("optimiser", optimiser, 0.9));
          case "sgd" -> new Momentum(0.0);
          default -> Adam.withDefaults();
        };
    Optimiser clipped = clip == 0 ? plain : new ClippedGradient(plain, clip);
    return switch (named("averaging", averaging, new Candidates.Averages())) {
      case "exponential" -> Averaged.exponential(clipped, number("averaging", averaging, 0.999));
      case "tail" -> Averaged.tail(clipped, steps - last(steps));
      default -> clipped;
    };
  }

  private long last(int steps) {
    double share = number("averaging", averaging, 0.5);
    if (share > 0 && share <= 1) {
      return Math.max(1, Math.round(share * steps));
    }
    throw new IllegalArgumentException("averaging: expected a share in (0, 1], got " + share);
  }

  /** Returns what stands before the colon, one of the names. */
  private static String named(String option, String text, Iterable<String> names) {
    String name = text.split(":", 2)[0];
    List<String> known = new ArrayList<>();
    names.forEach(known::add);
    if (known.contains(name)) {
      return name;
    }
    throw new IllegalArgumentException(option + ": expected one of " + known + ", got " + text);
  }

  /** Returns the number behind the colon, or the default without one. */
  private static double number(String option, String text, double otherwise) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + ": expected a number after the colon, got " + text, e);
    }
  }

  void describe(Map<String, Object> configuration) {
    configuration.put("optimiser", optimiser);
    configuration.put("schedule", schedule);
    configuration.put("warmup", warmup);
    configuration.put("clip", clip);
    configuration.put("averaging", averaging);
    configuration.put("patience", patience);
    configuration.put("validate-every", validateEvery);
    configuration.put("min-improvement", minImprovement);
    configuration.put("validation-count", validationCount);
  }
}
