package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every verb that makes a run directory. */
final class RunOptions {

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits, whatever the threads; default ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; default one per processor. No number depends on it.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write; default runs/<time>-<verb>.")
  @Nullable Path out;

  @Option(names = "--resume", description = "Continue the run that --out holds.")
  boolean resume;

  @Option(names = "--quiet", description = "Show no progress.")
  boolean quiet;

  /** Says where the report is. */
  void report(Path page, PrintWriter err) {
    if (!quiet) {
      err.println("report: " + page);
    }
  }

  void check() {
    Options.atLeast("threads", 1, threads);
  }
}
