package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.definetti.attention.Attention;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurveKey;
import org.definetti.experiment.ExitCode;
import org.definetti.experiment.Expectation;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Progress;
import org.definetti.experiment.ResultFiles;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.SweepResult;
import org.definetti.experiment.Verdict;
import org.definetti.lab.model.Models;
import org.definetti.lab.model.UserClasses;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.RunDirectory;
import org.definetti.lab.run.TerminalProgress;
import org.definetti.lab.run.VerdictRows;
import org.definetti.latent.LatentModel;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
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

  private static final String EXPECT_HELP =
      "METRIC ~ L^S ± T over A..B: fixed before the run, judged after it.";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options from a YAML or JSON file, or from another run's manifest.json.")
  @Nullable Path config;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A model by name, NAME:key=value,…, or a class; see 'definetti models'.")
  String model = "linear-regression";

  @Option(names = "--class-path", paramLabel = "PATH", description = "Classes of your own.")
  @Nullable String classPath;

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
      description = "masked, supervised or both, separated by commas; default ${DEFAULT-VALUE}.")
  String objectives = "masked";

  @Option(names = "--expect", paramLabel = "\"…\"", arity = "1", description = EXPECT_HELP)
  List<String> expectations = new ArrayList<>();

  @Option(
      names = "--lengths",
      paramLabel = "L,…",
      defaultValue = "4,8,16,32,64,128,256,512,1024",
      description = "Tokens seen; default ${DEFAULT-VALUE}.")
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
  public Integer call() {
    if (config != null) {
      return withConfig(config);
    }
    run.check();
    LatentModel<?> swept = Models.of(model, UserClasses.of(classPath));
    Sweep sweep = sweep(swept);
    List<Expectation> declared = expectations.stream().map(Expectation::parse).toList();
    declared.forEach(SweepCommand::checkMetric);
    Path out = RunDirectory.of(run.out, "sweep", run.resume);
    return execute(sweep, declared, out);
  }

  /** Runs the command again with the file's options, overridden by those given beside it. */
  private int withConfig(Path file) {
    List<String> arguments = new ArrayList<>(ConfigFile.arguments(file));
    List<String> given = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).equals("--config")) {
        i++;
      } else if (!given.get(i).startsWith("--config=")) {
        arguments.add(given.get(i));
      }
    }
    return new picocli.CommandLine(new SweepCommand())
        .setOverwrittenOptionsAllowed(true)
        .setOut(spec.commandLine().getOut())
        .setErr(spec.commandLine().getErr())
        .setParameterExceptionHandler(spec.commandLine().getParameterExceptionHandler())
        .setExecutionExceptionHandler(spec.commandLine().getExecutionExceptionHandler())
        .execute(arguments.toArray(String[]::new));
  }

  private Sweep sweep(LatentModel<?> swept) {
    Sweep sweep =
        Sweep.of(swept)
            .withLengths(Options.increasing("lengths", lengths, 1))
            .withSeeds(seeds)
            .withSequences(sequences)
            .withObjectives(objectives());
    if (attentions == null) {
      for (Derivation derivation : Derivation.all(swept, temperature)) {
        sweep = sweep.withDerived(derivation);
      }
      return sweep;
    }
    for (String text : attentions.split(",")) {
      sweep = with(sweep, swept, text.strip());
    }
    return sweep;
  }

  private Sweep with(Sweep sweep, LatentModel<?> swept, String text) {
    int colon = text.lastIndexOf(':');
    String form = colon < 0 ? text : text.substring(0, colon);
    String origin = colon < 0 ? "derived" : text.substring(colon + 1);
    if (colon < 0 && form.contains(".")) {
      Attention own = UserClasses.of(classPath).make("attention", form, Attention.class);
      return sweep.withAttention(form.substring(form.lastIndexOf('.') + 1), own);
    }
    return switch (origin) {
      case "derived" -> sweep.withDerived(Derivation.of(swept, form, temperature));
      case "trained" -> sweep.withTrained(form, training.of(form));
      default ->
          throw new IllegalArgumentException(
              "attention: expected FORM:derived, FORM:trained or a class, got " + text);
    };
  }

  private Objective[] objectives() {
    return Arrays.stream(objectives.split(","))
        .map(String::strip)
        .map(
            name ->
                Arrays.stream(Objective.values())
                    .filter(objective -> objective.label().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "objective: expected masked or supervised, got " + name)))
        .toArray(Objective[]::new);
  }

  private static void checkMetric(Expectation expectation) {
    List<String> known = Arrays.stream(Metric.values()).map(Metric::label).toList();
    if (!known.contains(expectation.metric()) || !expectation.sweptAxis().equals(Sweep.LENGTH)) {
      throw new IllegalArgumentException(
          "expect: expected a metric of " + known + " against L, got " + expectation);
    }
  }

  private static void checkAttention(Expectation expectation, Plan plan) {
    boolean found =
        plan.cells().stream()
            .map(cell -> new CurveKey(cell.axes(), expectation.metric(), plan.sweptAxis()))
            .anyMatch(expectation::isAbout);
    if (!found) {
      throw new IllegalArgumentException(
          "expect: expected an attention of the sweep, got " + expectation);
    }
  }

  private int execute(Sweep sweep, List<Expectation> declared, Path out) {
    long start = System.nanoTime();
    Plan plan = sweep.plan(Seed.of(run.seed));
    declared.forEach(expectation -> checkAttention(expectation, plan));
    Manifest manifest = new Manifest("sweep", run.seed, configuration(declared));
    manifest.plan(plan.hash());
    PrintWriter err = spec.commandLine().getErr();
    // The manifest waits until the journal is open, so that a refused run changes nothing.
    Progress progress =
        new OnStart(TerminalProgress.of(err, "sweep", run.quiet), () -> manifest.write(out));
    Runner runner = new Runner(run.threads, progress, out, run.resume);
    SweepResult result = sweep.withRunner(runner).execute(run.seed);
    List<JudgedRate> rates = rates(result, declared);
    double seconds = (System.nanoTime() - start) / 1e9;
    ResultFiles.write(out, List.of(result.results()), rates);
    VerdictRows verdicts = new VerdictRows();
    for (Expectation expectation : declared) {
      rates.stream()
          .filter(judged -> judged.verdict() != null && expectation.isAbout(judged.rate().curve()))
          .forEach(judged -> verdicts.add(expectation.toString(), judged, seconds));
    }
    verdicts.write(out);
    manifest.end();
    manifest.write(out);
    Path page = Report.write(out);
    print(result, rates);
    err.println("report: " + page);
    return ExitCode.ofRates(rates, Budget.FULL);
  }

  /** The declared rates, then the slope over the whole range of every other curve that has one. */
  private static List<JudgedRate> rates(SweepResult result, List<Expectation> declared) {
    List<JudgedRate> rates = new ArrayList<>();
    for (Curve curve : result.curves()) {
      List<Expectation> about =
          declared.stream().filter(expectation -> expectation.isAbout(curve.key())).toList();
      about.forEach(expectation -> rates.add(expectation.judge(curve)));
      boolean positive = curve.points().stream().allMatch(point -> point.mean() > 0);
      int last = curve.values().size() - 1;
      if (about.isEmpty() && positive && last > 0) {
        rates.add(
            new JudgedRate(curve.rate(curve.values().get(0), curve.values().get(last)), null));
      }
    }
    return rates;
  }

  private Map<String, Object> configuration(List<Expectation> declared) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model);
    if (classPath != null) {
      configuration.put("class-path", classPath);
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

  private void print(SweepResult result, List<JudgedRate> rates) {
    PrintWriter out = spec.commandLine().getOut();
    for (Curve curve : result.curves()) {
      if (curve.key().metric().equals(Metric.SQUARED_GAP.label())) {
        out.printf(
            Locale.ROOT,
            "%s:%s, %s, squared-gap: %s%n",
            curve.key().axis("attention"),
            curve.key().axis("origin"),
            curve.key().axis("objective"),
            curve.points().stream()
                .map(p -> String.format(Locale.ROOT, "%.0f: %.3g", p.value(), p.mean()))
                .toList());
      }
    }
    for (JudgedRate judged : rates) {
      Verdict verdict = judged.verdict();
      if (verdict != null) {
        out.printf(
            Locale.ROOT,
            "%s: slope %.4f [%.4f, %.4f], predicted %s: %s %s%n",
            judged.rate().curve().axis("attention"),
            verdict.measured(),
            verdict.interval().low(),
            verdict.interval().high(),
            verdict.prediction(),
            verdict.outcome(),
            verdict.reason());
      }
    }
    out.flush();
  }
}
