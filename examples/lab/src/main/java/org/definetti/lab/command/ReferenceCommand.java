package org.definetti.lab.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.model.ReferenceTable;
import org.definetti.lab.model.ReferenceTable.Agreement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the reference table of exact posteriors, or checks somebody's answers against it. */
@Command(
    name = "reference",
    description = {
      "Writes the table of exact posteriors that other implementations check against:",
      "JSON Lines, for each model some sequences and the exact answers about them.",
      "With --check, compares another program's answers in the same form."
    })
public final class ReferenceCommand implements Callable<Integer> {

  private static final double TOLERANCE = 1e-8;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the table there instead of printing it.")
  @Nullable Path out;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Somebody's answers: lines with \"case\" and \"exact\" as in the table.")
  @Nullable Path check;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "Largest |theirs - exact| / max(1, |exact|) that agrees; default 1e-8.")
  double tolerance = TOLERANCE;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (out != null && check != null) {
      throw new IllegalArgumentException("check: expected no --out beside it, got one");
    }
    PrintWriter console = spec.commandLine().getOut();
    if (check != null) {
      return compare(check, console);
    }
    if (out == null) {
      console.print(ReferenceTable.text());
      console.flush();
      return 0;
    }
    Options.file("out", out);
    AtomicFile.write(out, ReferenceTable.text());
    spec.commandLine().getErr().println("table " + ReferenceTable.VERSION + " written to " + out);
    return 0;
  }

  private int compare(Path file, PrintWriter console) {
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("tolerance: expected > 0, got " + tolerance);
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("check: expected a readable file, got " + file);
    }
    String theirs;
    try {
      theirs = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("check: cannot read " + file + ": " + e.getMessage(), e);
    }
    ReferenceTable.parsed(theirs); // before the table is computed, which takes seconds
    List<Agreement> agreements = ReferenceTable.compare(ReferenceTable.text(), theirs);
    int wrong = 0;
    for (Agreement agreement : agreements) {
      boolean agrees = agreement.error() <= tolerance; // NaN does not
      wrong += agrees ? 0 : 1;
      console.printf(
          "%-28s %-20s %2d cases   error %9.2e   %s%n",
          agreement.model(),
          agreement.quantity(),
          agreement.cases(),
          agreement.error(),
          agrees ? "agrees" : "DIFFERS");
    }
    console.printf("%d quantities compared, %d differ%n", agreements.size(), wrong);
    console.flush();
    return wrong == 0 ? 0 : 1;
  }
}
