package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.definetti.experiment.Budget;
import org.definetti.experiment.CheckedClaim;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExitCode;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.ResultFiles;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.claims.Claims;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.ProgressLine;
import org.definetti.lab.run.RunDirectory;
import org.definetti.lab.run.RunProgress;
import org.definetti.lab.run.VerdictRows;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks claims, each with its control, and writes the report. */
@Command(
    name = "verify",
    description = "Checks claims against the exact posterior, each with a control that must fail.")
public final class VerifyCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..*",
      paramLabel = "CLAIM",
      description = "Ids, names, or classes of your own; default: all (see 'definetti claims').")
  List<String> names = new ArrayList<>();

  @Mixin ConfigOptions config = new ConfigOptions();

  @Option(names = "--tag", paramLabel = "TAG", description = "Only claims with this tag.")
  @Nullable String tag;

  @Option(
      names = "--budget",
      paramLabel = "B",
      defaultValue = "smoke",
      description = "smoke (a minute), standard (minutes) or full; default ${DEFAULT-VALUE}.")
  Budget budget = Budget.SMOKE;

  @Mixin ClassPathOption own = new ClassPathOption();

  @Mixin RunOptions run = new RunOptions();

  @Spec CommandSpec spec;

  private final VerdictRows verdicts = new VerdictRows();
  private final List<CheckedClaim> checked = new ArrayList<>();
  private final Map<String, String> controls = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    if (config.printedSchema(spec)) {
      return 0;
    }
    run.check();
    List<Claim> claims = Claims.select(names, tag, own.classes());
    if (config.dryRun) {
      return dryRun(claims);
    }
    Manifest manifest = new Manifest("verify", run.seed, configuration(claims));
    Path out = RunDirectory.of(run.out, manifest, run.resume);
    return RunDirectory.resumable(out, () -> execute(claims, manifest, out));
  }

  private int execute(List<Claim> claims, Manifest manifest, Path out) {
    if (!run.quiet) {
      announce(claims, spec.commandLine().getErr());
    }
    manifest.claims(claims, controls);
    manifest.write(out);
    for (Claim claim : claims) {
      check(claim, out);
      // Written after every claim, so that an interrupted run can have its report too.
      write(out);
      manifest.claims(claims, controls);
      manifest.write(out);
    }
    manifest.end();
    manifest.write(out);
    Path page = Report.write(out);
    summarise();
    run.report(page, spec.commandLine().getErr());
    return ExitCode.ofClaims(checked);
  }

  private int dryRun(List<Claim> claims) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("a dry run: nothing is written");
    announce(claims, out);
    out.printf(
        "%d claims at the budget %s; times as the claims state them for two processors%n",
        claims.size(), budgetName());
    out.println(
        "memory: claims state none; Java may take "
            + Pilot.bytes(Runtime.getRuntime().maxMemory())
            + " here");
    out.flush();
    return 0;
  }

  private void announce(List<Claim> claims, PrintWriter text) {
    long total = 0;
    for (Claim claim : claims) {
      long nanos = claim.cost(budget).toNanos();
      total += nanos;
      text.printf("%-4s %-28s about %s%n", claim.id(), claim.slug(), ProgressLine.duration(nanos));
    }
    text.println("in all about " + ProgressLine.duration(total));
  }

  private void check(Claim claim, Path out) {
    long start = System.nanoTime();
    Runner runner =
        new Runner(
            run.threads,
            RunProgress.of(new ProgressLine(spec.commandLine().getErr(), claim.id(), run.quiet)),
            out.resolve("journals").resolve(claim.id()),
            true);
    ClaimResult result =
        claim.check(budget, Seed.of(run.seed).child("claim").child(claim.id()), runner);
    CheckedClaim done = new CheckedClaim(claim, budget, result);
    double seconds = (System.nanoTime() - start) / 1e9;
    checked.add(done);
    verdicts.add(done, seconds);
    controls.put(
        claim.id(),
        result.parts().stream()
            .filter(part -> part.control() != null)
            .map(VerifyCommand::controlText)
            .collect(Collectors.joining("; ")));
    print(done, seconds);
  }

  private static String controlText(ClaimPart part) {
    Control control = part.control();
    return control == null ? "" : control.outcome() + ": " + control.text();
  }

  private void print(CheckedClaim done, double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    for (ClaimPart part : done.result().parts()) {
      Verdict verdict = part.verdict();
      Control control = part.control();
      out.printf(
          Locale.ROOT,
          "%-4s %-26s %-12s measured %.4g [%.4g, %.4g], predicted %s%s%s%n",
          done.claim().id(),
          part.name(),
          verdict.outcome(),
          verdict.measured(),
          verdict.interval().low(),
          verdict.interval().high(),
          verdict.prediction(),
          control == null ? "" : ", control " + control.outcome(),
          verdict.reason().isEmpty() ? "" : " (" + verdict.reason() + ")");
    }
    out.printf(Locale.ROOT, "%-4s %-26s %.1f s%n", done.claim().id(), done.claim().slug(), seconds);
    out.flush();
  }

  private void write(Path out) {
    List<Results> results = new ArrayList<>();
    List<JudgedRate> rates = new ArrayList<>();
    for (CheckedClaim done : checked) {
      results.addAll(done.result().results());
      rates.addAll(done.result().rates());
    }
    ResultFiles.write(out, results, rates);
    verdicts.write(out);
  }

  private void summarise() {
    long missed = checked.stream().filter(done -> done.result().hasMissedControl()).count();
    long unexpected = checked.stream().filter(done -> !done.isAsExpected()).count();
    spec.commandLine()
        .getOut()
        .printf(
            "%d claims checked, %d not as expected, %d with a missed control%n",
            checked.size(), unexpected, missed);
    spec.commandLine().getOut().flush();
  }

  private String budgetName() {
    return budget.name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> configuration(List<Claim> claims) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("claims", claims.stream().map(Claims::name).toList());
    if (own.classPath != null) {
      configuration.put("class-path", own.classPath);
    }
    configuration.put("budget", budgetName());
    configuration.put("seed", run.seed);
    return configuration;
  }
}
