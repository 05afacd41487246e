package org.definetti.lab.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the latent models, one per line, name first. */
@Command(
    name = "models",
    description = "Lists the latent models, and with --settings what can be set and what is exact.")
public final class ModelsCommand implements Callable<Integer> {

  @Option(
      names = "--settings",
      description = "Also print each model's settings with their defaults.")
  boolean settings;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (BuiltInModel model : Models.ALL) {
      out.printf("%-22s %s%n", model.name(), model.formula());
      if (settings) {
        out.printf("%-22s   settings: %s%n", "", model.defaults());
        out.printf("%-22s   exact: %s%n", "", model.exact());
      }
    }
    return 0;
  }
}
