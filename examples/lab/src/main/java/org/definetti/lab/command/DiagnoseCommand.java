package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.definetti.calibration.Diagnosis;
import org.definetti.calibration.Diagnostic;
import org.definetti.calibration.Finding;
import org.definetti.calibration.JudgedPosterior;
import org.definetti.calibration.PosteriorEstimator;
import org.definetti.calibration.Simulations;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.definetti.experiment.ResultFiles;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.RunDirectory;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks every diagnostic about the exact, the derived and a trained posterior, side by side. */
@Command(
    name = "diagnose",
    description = {
      "Can the posterior be believed? Every diagnostic of the exact posterior, of the one that the",
      "derived attention determines, and of one that was trained ('train --objective latent",
      "--head gaussian', or a null-token head), side by side."
    })
public final class DiagnoseCommand implements Callable<Integer> {

  private static final int DRAWS = 99;

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--trained",
      paramLabel = "DIR",
      description = "The directory of a 'definetti train' of this model.")
  @Nullable Path trained;

  @Option(
      names = "--length",
      defaultValue = "8",
      paramLabel = "L",
      description = "Tokens of each simulation; default ${DEFAULT-VALUE}.")
  int length;

  @Option(
      names = "--simulations",
      defaultValue = "300",
      paramLabel = "N",
      description = "Latents drawn from the prior; default ${DEFAULT-VALUE}.")
  int simulations;

  @Option(
      names = "--level",
      defaultValue = "0.05",
      paramLabel = "A",
      description = "Share of exact posteriors each may call wrong; default ${DEFAULT-VALUE}.")
  double level;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write diagnosis.csv, curves and a report there.")
  @Nullable Path out;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Options.atLeast("length", 0, length);
    Options.atLeast("simulations", 100, simulations);
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level: expected in (0, 1), got " + level);
    }
    LatentModel<?> exact = model.resolve();
    LatentRows<?> latents = latents(exact);
    Manifest manifest = new Manifest("diagnose", seed, configuration());
    manifest.model(model.model, exact);
    Path directory = out == null ? null : RunDirectory.of(out, manifest, false);
    TrainedRun run = trained == null ? null : TrainedRun.read(trained, model.model, exact);
    Map<String, JudgedPosterior> judged = judged(latents, run);
    Map<String, Diagnosis> found = new LinkedHashMap<>();
    judged.forEach((name, posterior) -> found.put(name, Diagnosis.of(posterior)));
    PrintWriter console = spec.commandLine().getOut();
    console.print(table(found, run));
    console.print(PredictorAudit.table(exact, run, length, Seed.of(seed).child("audit")));
    console.flush();
    if (directory != null) {
      manifest.write(directory);
      AtomicFile.write(directory.resolve("diagnosis.csv"), csv(found));
      ResultFiles.write(directory, List.of(CalibrationCurves.of(exact, judged, level)), List.of());
      manifest.end();
      manifest.write(directory);
      Path page = Report.write(directory);
      spec.commandLine().getErr().println("report: " + page);
    }
    return 0;
  }

  private static LatentRows<?> latents(LatentModel<?> model) {
    try {
      return LatentRows.of(model);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException("model: " + e.getMessage(), e);
    }
  }

  /** Returns what there is to judge by name, and says on the way what there is not. */
  private Map<String, JudgedPosterior> judged(LatentRows<?> latents, @Nullable TrainedRun run) {
    Seed root = Seed.of(seed).child("diagnose");
    Simulations drawn = Simulations.draw(latents, simulations, length, root.child("simulations"));
    Map<String, PosteriorEstimator> posteriors = new LinkedHashMap<>();
    posteriors.put("exact", PosteriorEstimator.exact(latents));
    String none = Derivation.whyNone(latents.model());
    if (none.isEmpty()) {
      Derivation derivation = Derivation.of(latents.model());
      posteriors.put("derived", PosteriorEstimator.readOut(latents, derivation.attention()));
    } else {
      say("derived: none, because " + none);
    }
    if (run != null) {
      posteriors.put("trained", trained(latents, run));
    }
    Map<String, JudgedPosterior> judged = new LinkedHashMap<>();
    posteriors.forEach(
        (name, posterior) -> {
          try {
            judged.put(
                name, JudgedPosterior.of(drawn, DRAWS, root.child("draws").child(name), posterior));
          } catch (UnsupportedOperationException e) {
            say(name + ": no posterior to judge, because " + e.getMessage());
          } catch (IllegalArgumentException e) {
            if (!name.equals("trained")) {
              throw e;
            }
            // A trained attention may imply what is no belief, such as a negative count.
            say(name + ": no posterior to judge, because of what it implies: " + e.getMessage());
          }
        });
    return judged;
  }

  private static PosteriorEstimator trained(LatentRows<?> latents, TrainedRun run) {
    return run.head() == null
        ? PosteriorEstimator.readOut(latents, run.attention())
        : PosteriorEstimator.trained(latents.model(), run.head(), run.attention());
  }

  private void say(String words) {
    spec.commandLine().getOut().println(words);
  }

  private String table(Map<String, Diagnosis> found, @Nullable TrainedRun run) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-16s", "diagnostic"));
    for (String name : found.keySet()) {
      text.append(String.format(Locale.ROOT, "  %-24s", name));
    }
    text.append(" what\n");
    List<Diagnostic> diagnostics = Diagnosis.diagnostics();
    List<String> reasons = new ArrayList<>();
    for (int k = 0; k < diagnostics.size(); k++) {
      text.append(String.format(Locale.ROOT, "%-16s", diagnostics.get(k).name()));
      for (Diagnosis diagnosis : found.values()) {
        Diagnosis.Line line = diagnosis.lines().get(k);
        text.append(String.format(Locale.ROOT, "  %-24s", words(line.finding())));
        if (!line.reason().isEmpty() && !reasons.contains(line.reason())) {
          reasons.add(line.reason());
        }
      }
      text.append(' ').append(diagnostics.get(k).statistic()).append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "* p <= %s; ** p <= %.2g, with which one line at least of %d is marked for at most %s"
                + " of exact posteriors%n%d simulations of %d tokens%s%n",
            level,
            shared(),
            Diagnosis.diagnostics().size(),
            level,
            simulations,
            length,
            run == null ? "" : "; trained on " + run.lengths()));
    reasons.forEach(reason -> text.append("– ").append(reason).append('\n'));
    return text.toString();
  }

  private String words(@Nullable Finding finding) {
    if (finding == null) {
      return "–";
    }
    return String.format(
        Locale.ROOT,
        "%.4g (p %.2g)%s",
        finding.value(),
        finding.pValue(),
        finding.detects(shared()) ? " **" : finding.detects(level) ? " *" : "");
  }

  /**
   * Returns the level of each diagnostic at which all of them together have the level asked for.
   */
  private double shared() {
    return level / Diagnosis.diagnostics().size();
  }

  private String csv(Map<String, Diagnosis> found) {
    Csv csv =
        Csv.withColumns(
            "posterior",
            "diagnostic",
            "statistic",
            "value",
            "p_value",
            "detected",
            "detected_together",
            "reason");
    found.forEach(
        (name, diagnosis) -> {
          for (Diagnosis.Line line : diagnosis.lines()) {
            Finding finding = line.finding();
            csv.row(
                name,
                line.diagnostic().name(),
                line.diagnostic().statistic(),
                finding == null ? "" : (Object) finding.value(),
                finding == null ? "" : (Object) finding.pValue(),
                detected(finding, level),
                detected(finding, shared()),
                line.reason());
          }
        });
    return csv.text();
  }

  private static String detected(@Nullable Finding finding, double level) {
    return finding == null ? "" : finding.detects(level) ? "yes" : "no";
  }

  private Map<String, Object> configuration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model.model);
    configuration.put("trained", trained == null ? "" : trained.toString());
    configuration.put("length", length);
    configuration.put("simulations", simulations);
    configuration.put("draws", DRAWS);
    configuration.put("level", level);
    configuration.put("seed", seed);
    return configuration;
  }
}
