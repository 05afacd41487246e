package org.definetti.lab.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.definetti.lab.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws the report of a run again. */
@Command(
    name = "report",
    description = "Draws the report of a finished or half-finished run again.")
public final class ReportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The directory of the run.")
  Path directory = Path.of("");

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException("DIR: expected a run's directory, got " + directory);
    }
    spec.commandLine().getOut().println(Report.write(directory));
    return 0;
  }
}
