package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.definetti.attention.Attention;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Expectation;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Progress;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.lab.model.Models;
import org.definetti.lab.model.UserClasses;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.ProgressLine;
import org.definetti.lab.run.RunDirectory;
import org.definetti.lab.run.RunProgress;
import org.definetti.latent.LatentModel;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures attentions against the exact posterior over lengths, and judges declared rates. */
@Command(
    name = "sweep",
    description = "Measures attentions against the exact posterior over sequence lengths.")
public final class SweepCommand implements Callable<Integer> {

  private static final String TRAINED = ":trained";

  @Mixin ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = "linear-regression",
      completionCandidates = Candidates.ModelNames.class,
      description = {
        "A model by name (see 'definetti models'), with settings after a colon:",
        "gaussian-mean:dimension=3,noise-variance=0.5; or a model file, my.yaml",
        "or my.json; or a class of your own, com.acme.MyModel;",
        "default ${DEFAULT-VALUE}."
      })
  String model = "linear-regression";

  @Mixin ClassPathOption own = new ClassPathOption();

  @Option(
      names = "--attention",
      paramLabel = "A,…",
      description = {
        "FORM:derived, FORM:trained or a class of your own, separated by commas;",
        "default: every form derived from the model."
      })
  @Nullable String attentions;

  @Option(
      names = "--objective",
      paramLabel = "O,…",
      defaultValue = "masked",
      completionCandidates = Candidates.SweptObjectives.class,
      description =
          "masked, supervised, next-token, separated by commas; default ${DEFAULT-VALUE}.")
  String objectives = "masked";

  @Mixin ExpectOption expect = new ExpectOption();

  @Option(
      names = "--lengths",
      paramLabel = "L,…",
      defaultValue = "4,8,16,32,64,128,256,512,1024",
      description = "Lengths, increasing; default ${DEFAULT-VALUE}.")
  String lengths = "";

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Independent repetitions, training included; default ${DEFAULT-VALUE}.")
  int seeds;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      defaultValue = "100",
      description = "Sequences of each seed; default ${DEFAULT-VALUE}.")
  int sequences;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Of the derived softmax forms; default ${DEFAULT-VALUE}.")
  double temperature = Derivation.DEFAULT_TEMPERATURE;

  @Mixin TrainingOption training = new TrainingOption();

  @Mixin RunOptions run = new RunOptions();

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (config.printedSchema(spec)) {
      return 0;
    }
    run.check();
    LatentModel<?> swept = Models.of(model, own.classes());
    int[] measured = Options.increasing("lengths", lengths, 1);
    Sweep sweep = sweep(swept, measured, 1);
    List<Expectation> declared = expect.declared(swept, measured);
    Plan plan = sweep.plan(Seed.of(run.seed));
    Findings.checkAttentions(declared, plan);
    if (config.dryRun) {
      return dryRun(swept, measured, plan);
    }
    Manifest manifest = new Manifest("sweep", run.seed, configuration(declared));
    manifest.model(model, swept);
    manifest.plan(plan.hash());
    Path out = RunDirectory.of(run.out, manifest, run.resume);
    return RunDirectory.resumable(out, () -> execute(sweep, declared, manifest, out));
  }

  private int execute(Sweep sweep, List<Expectation> declared, Manifest manifest, Path out) {
    long start = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    // The manifest waits until the journal is open, so that a refused run changes nothing.
    Progress progress =
        new RunProgress(new ProgressLine(err, "sweep", run.quiet), () -> manifest.write(out));
    Runner runner = new Runner(run.threads, progress, out, run.resume);
    Results results = sweep.withRunner(runner).execute(run.seed).results();
    Findings findings = Findings.of(results, declared);
    findings.write(out, (System.nanoTime() - start) / 1e9);
    manifest.end();
    manifest.write(out);
    run.report(Report.write(out), err);
    PrintWriter text = spec.commandLine().getOut();
    findings.print(text);
    sweep
        .withoutBelief()
        .forEach((name, why) -> text.println("no posterior-kl of " + name + ": " + why));
    text.flush();
    return findings.exitCode(declared);
  }

  private int dryRun(LatentModel<?> swept, int[] measured, Plan plan) {
    List<Integer> lengthList = Arrays.stream(measured).boxed().toList();
    new SweepDryRun(plan, lengthList, sequences, seeds, run.threads, trainingBytes(swept, measured))
        .print(spec.commandLine().getOut(), run.seed, share -> sweep(swept, measured, share));
    return 0;
  }

  /** Returns the memory of the largest training. */
  private long trainingBytes(LatentModel<?> swept, int[] measured) {
    int longest = measured[measured.length - 1];
    return trainedForms()
        .map(form -> training.of(form, Double.MIN_VALUE))
        .flatMap(
            one ->
                Arrays.stream(objectives())
                    .map(objective -> one.trainer(swept, objective, longest, Seed.of(run.seed))))
        .mapToLong(Trainer::memoryBytes)
        .max()
        .orElse(0);
  }

  private Stream<String> trainedForms() {
    return attentions == null
        ? Stream.empty()
        : Arrays.stream(attentions.split(",", -1))
            .map(String::strip)
            .filter(text -> text.endsWith(TRAINED))
            .map(text -> text.substring(0, text.length() - TRAINED.length()));
  }

  /**
   * Returns the sweep.
   *
   * @param share of the training, 1 for all of it
   */
  private Sweep sweep(LatentModel<?> swept, int[] measured, double share) {
    Sweep sweep =
        Sweep.of(swept)
            .withLengths(measured)
            .withSeeds(seeds)
            .withSequences(sequences)
            .withObjectives(objectives());
    if (attentions == null) {
      for (Derivation derivation : derived(swept)) {
        sweep = sweep.withDerived(derivation);
      }
      return sweep;
    }
    for (String text : attentions.split(",", -1)) {
      sweep = with(sweep, swept, text.strip(), share);
    }
    return sweep;
  }

  private List<Derivation> derived(LatentModel<?> swept) {
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException(
          "temperature: expected finite and > 0, got " + temperature);
    }
    try {
      return Derivation.all(swept, temperature);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "attention: expected one, such as softmax:trained or a class of your own, because none is"
              + " derived from this model, got none ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private Sweep with(Sweep sweep, LatentModel<?> swept, String text, double share) {
    int colon = text.lastIndexOf(':');
    String form = colon < 0 ? text : text.substring(0, colon);
    String origin = colon < 0 ? "derived" : text.substring(colon + 1);
    if (colon < 0 && UserClasses.looksLikeClass(form)) {
      Attention given = own.classes().make("attention", form, Attention.class);
      return sweep.withAttention(form.substring(form.lastIndexOf('.') + 1), given);
    }
    return switch (origin) {
      case "derived" -> sweep.withDerived(Derivation.of(swept, form, temperature));
      case "trained" -> sweep.withTrained(form, training.of(form, share));
      default ->
          throw new IllegalArgumentException(
              "attention: expected FORM:derived, FORM:trained or a class, got " + text);
    };
  }

  private Objective[] objectives() {
    return Arrays.stream(objectives.split(",", -1))
        .map(String::strip)
        .map(
            name ->
                Candidates.SweptObjectives.ALL.stream()
                    .filter(objective -> objective.label().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "objective: expected masked, supervised or next-token, got "
                                    + name)))
        .toArray(Objective[]::new);
  }

  private Map<String, Object> configuration(List<Expectation> declared) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model);
    if (own.classPath != null) {
      configuration.put("class-path", own.classPath);
    }
    if (attentions != null) {
      configuration.put("attention", attentions);
    }
    configuration.put("objective", objectives);
    configuration.put("expect", declared.stream().map(Expectation::toString).toList());
    configuration.put("lengths", lengths);
    configuration.put("seeds", seeds);
    configuration.put("sequences", sequences);
    configuration.put("temperature", temperature);
    training.describe(configuration);
    configuration.put("seed", run.seed);
    return configuration;
  }
}
