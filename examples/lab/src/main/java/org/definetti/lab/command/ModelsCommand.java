package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.ModelFile;
import org.definetti.lab.model.Models;
import org.definetti.latent.LatentModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the latent models, one per line, name first; explains one; writes it to a file. */
@Command(
    name = "models",
    description = {
      "Lists the latent models, or explains one: what it says, what is exact about it,",
      "which attention follows from it, and what can be set."
    })
public final class ModelsCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = {
        "The model to explain: a name, with settings after a colon if you like, a",
        "model file or a class of your own; default: list them all."
      })
  @Nullable String model;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write MODEL as a model file, .yaml or .json, for every --model to read.")
  @Nullable Path save;

  @Option(
      names = "--settings",
      description = "In the list, also each model's settings with their defaults.")
  boolean settings;

  @Mixin ClassPathOption own = new ClassPathOption();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (model != null) {
      explain(Models.of(model, own.classes()), out);
    } else if (save != null) {
      throw new IllegalArgumentException("save: expected a MODEL before it, got none");
    } else {
      list(out);
    }
    out.flush();
    return 0;
  }

  private void explain(LatentModel<?> explained, PrintWriter out) {
    if (save == null) {
      out.print(ModelPage.of(explained));
      return;
    }
    Options.file("save", save);
    ModelFile.write(save, explained.description());
    spec.commandLine().getErr().println(explained.description().name() + " written to " + save);
  }

  private void list(PrintWriter out) {
    for (BuiltInModel entry : Models.ALL) {
      out.printf("%-22s %s%n", entry.name(), entry.formula());
      if (settings) {
        out.printf("%-22s   settings: %s%n", "", entry.defaults());
        out.printf("%-22s   exact: %s%n", "", entry.exact());
      }
    }
  }
}
