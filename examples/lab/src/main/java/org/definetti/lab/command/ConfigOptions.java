package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of every verb whose run a file can describe. */
final class ConfigOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "Options by name from a YAML or JSON file, or from the manifest.json of a run;",
        "those given on the command line take precedence."
      })
  @Nullable Path config; // read before parsing, by ConfigFile.expand

  @Option(
      names = "--print-schema",
      help = true,
      description = "Print the JSON Schema of such files, for your editor, and end.")
  boolean printSchema;

  @Option(
      names = "--dry-run",
      description = "Print the plan with its estimated time and memory; write nothing.")
  boolean dryRun;

  /** Prints the schema if that is what was asked for, and returns whether it was. */
  boolean printedSchema(CommandSpec spec) {
    if (printSchema) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(ConfigSchema.of(spec));
      out.flush();
    }
    return printSchema;
  }
}
