package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.definetti.attention.Attention;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.LatentModel;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints, for each of the user's sequences, the exact posterior and predictive and what the derived
 * attention computes, as CSV.
 */
@Command(
    name = "posterior",
    description = {
      "Computes the exact posterior of your own sequences, the derived attention beside it.",
      "Prints CSV, a line for each number: sequence,length,quantity,index,exact,attention."
    })
public final class PosteriorCommand implements Callable<Integer> {

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Sequences as .csv, .jsonl, .npy, .npz (see 'definetti sample').")
  Path data = Path.of("");

  @Option(
      names = "--query",
      paramLabel = "K1,K2,…",
      description = "Key of the masked token, for (key, value) tokens; default 1,0,0,…")
  @Nullable String query;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the CSV there instead of printing it.")
  @Nullable Path out;

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description = {
        "Also draw the first sequence there, as .svg, .png and .csv: density, the posterior, exact",
        "and of the derived attention; weights, of its tokens in that attention."
      })
  @Nullable Path plots;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (out != null) {
      Options.file("out", out);
    }
    LatentModel<?> prior = model.resolve();
    SimpleMatrix masked = query(prior);
    Attention derived = derived(prior);
    List<Named> sequences = SequenceFormat.read(data, prior.tokenSpace());
    String csv = ExactTable.csv(prior, sequences, masked, derived);
    if (out == null) {
      spec.commandLine().getOut().print(csv);
      spec.commandLine().getOut().flush();
    } else {
      AtomicFile.write(out, csv);
    }
    if (plots != null && !sequences.isEmpty()) {
      PosteriorPlots.write(plots, prior, sequences.get(0).tokens(), masked, derived)
          .forEach(spec.commandLine().getErr()::println);
    }
    return 0;
  }

  /** Returns the attention derived from the model, or null for an own model that has none. */
  private static @Nullable Attention derived(LatentModel<?> prior) {
    try {
      return Derivation.of(prior).attention();
    } catch (IllegalArgumentException e) {
      return null; // the column attention then stays empty
    }
  }

  private SimpleMatrix query(LatentModel<?> prior) {
    if (query == null) {
      return prior.labelQuery();
    }
    double[] numbers = Options.numbers("query", query);
    int width = prior.tokenSpace().keyWidth();
    if (!prior.tokenSpace().hasQueries() || numbers.length != width) {
      throw new IllegalArgumentException(
          "query: expected "
              + (prior.tokenSpace().hasQueries()
                  ? width + " numbers"
                  : "none, the tokens have no key")
              + ", got "
              + numbers.length);
    }
    return new SimpleMatrix(1, width, true, numbers);
  }
}
