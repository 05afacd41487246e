package org.definetti.lab.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.definetti.lab.report.CalibrationTable;
import org.definetti.lab.report.ClaimPages;
import org.definetti.lab.report.Comparison;
import org.definetti.lab.report.LeverTable;
import org.definetti.lab.report.ModelTable;
import org.definetti.lab.report.Report;
import org.definetti.lab.report.VerdictTables;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws the report of a run again, or compares two runs. */
@Command(
    name = "report",
    description = {
      "Draws the report of a finished or half-finished run again.",
      "With two directories: both runs side by side on one page."
    })
public final class ReportCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The directory of the run.")
  Path directory = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR",
      description = {
        "The directory of another run, of the same or other claims: writes a page that compares",
        "the two instead."
      })
  @Nullable Path other;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page that compares two runs; default comparison.html in the second DIR.")
  @Nullable Path out;

  @Option(
      names = "--claims",
      paramLabel = "PAGES",
      description = "Also bring the Markdown pages of the run's claims in this folder up to date.")
  @Nullable Path claims;

  @Option(
      names = "--models",
      paramLabel = "PAGE",
      description = "Also bring the Markdown page of the models up to date, from a run of claim M.")
  @Nullable Path models;

  @Option(
      names = "--calibration",
      paramLabel = "PAGE",
      description = "Also bring the power table of a Markdown page up to date, from claim CAL12.")
  @Nullable Path calibration;

  @Option(
      names = "--transfer",
      paramLabel = "PAGE",
      description = "Also bring the table of levers of a Markdown page up to date, from claim X2.")
  @Nullable Path transfer;

  @Option(
      names = "--page",
      paramLabel = "PAGE",
      description = {
        "Also bring the tables of verdicts of a Markdown page up to date, wherever it has a region",
        "named as a claim of the run."
      })
  @Nullable Path page;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    check(directory);
    if (other != null) {
      return compare(other);
    }
    if (out != null) {
      throw new IllegalArgumentException("out: expected two directories beside it, got one");
    }
    spec.commandLine().getOut().println(Report.write(directory));
    if (claims != null) {
      for (Path page : ClaimPages.write(directory, claims)) {
        spec.commandLine().getOut().println(page);
      }
    }
    if (models != null) {
      spec.commandLine().getOut().println(ModelTable.write(directory, models));
    }
    if (calibration != null) {
      spec.commandLine().getOut().println(CalibrationTable.write(directory, calibration));
    }
    if (transfer != null) {
      spec.commandLine().getOut().println(LeverTable.write(directory, transfer));
    }
    if (page != null) {
      spec.commandLine().getOut().println(VerdictTables.write(directory, page));
    }
    return 0;
  }

  private int compare(Path second) {
    check(second);
    if (claims != null
        || models != null
        || calibration != null
        || transfer != null
        || page != null) {
      throw new IllegalArgumentException(
          "DIR: expected one directory where pages are brought up to date, got two");
    }
    Path comparison = out == null ? second.resolve("comparison.html") : out;
    Options.file("out", comparison);
    spec.commandLine().getOut().println(Comparison.write(directory, second, comparison));
    return 0;
  }

  private static void check(Path run) {
    if (!Files.isDirectory(run)) {
      throw new IllegalArgumentException("DIR: expected a run's directory, got " + run);
    }
  }
}
