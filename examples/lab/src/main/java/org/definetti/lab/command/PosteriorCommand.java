package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
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
      description = "Sequences as .csv, .jsonl or .npy (see 'definetti sample').")
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

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (out != null) {
      Options.file("out", out);
    }
    LatentModel<?> prior = model.resolve();
    SimpleMatrix masked = query(prior);
    Attention derived = derived(prior);
    Csv csv = Csv.withColumns("sequence", "length", "quantity", "index", "exact", "attention");
    for (Named sequence : SequenceFormat.read(data, prior.tokenSpace())) {
      Rows rows = new Rows(csv, sequence);
      describe(rows, prior, masked, derived);
    }
    if (out == null) {
      spec.commandLine().getOut().print(csv.text());
      spec.commandLine().getOut().flush();
    } else {
      AtomicFile.write(out, csv.text());
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

  private static void describe(
      Rows rows, LatentModel<?> prior, SimpleMatrix query, @Nullable Attention derived) {
    Tokens tokens = rows.sequence().tokens();
    Belief<?> belief = prior.prior().observe(tokens);
    Predictive predictive = belief.predictive(query);
    SimpleMatrix attended =
        derived == null ? null : derived.attend(query, Context.of(prior, tokens));
    rows.add("predictive-mean", predictive.mean(), attended);
    rows.addKnown("predictive-variance", () -> predictive.covariance().diag());
    rows.addKnown("posterior-mean", belief::mean);
    rows.addKnown("posterior-variance", () -> belief.covariance().diag());
    rows.addKnown("log-evidence", () -> SimpleMatrix.filled(1, 1, belief.logEvidence()));
    rows.addKnown("entropy-nats", () -> SimpleMatrix.filled(1, 1, belief.entropyNats()));
  }

  /** The rows about one sequence. */
  private record Rows(Csv csv, Named sequence) {

    void add(String quantity, SimpleMatrix exact, @Nullable SimpleMatrix attention) {
      for (int i = 0; i < exact.getNumElements(); i++) {
        Object attended = attention == null ? "" : (Object) attention.get(i);
        csv.row(sequence.name(), sequence.tokens().length(), quantity, i, exact.get(i), attended);
      }
    }

    void addKnown(String quantity, Supplier<SimpleMatrix> value) {
      try {
        add(quantity, value.get(), null);
      } catch (UnsupportedOperationException e) {
        // This belief has no such quantity in closed form; the CSV then has no such row.
      }
    }
  }
}
