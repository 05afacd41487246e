package org.definetti.lab.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.lab.data.AtomicFiles;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
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
      "The exact posterior of your own sequences, and the derived attention beside it, as CSV:",
      "one line per number: sequence,length,quantity,index,exact,attention."
    })
public final class PosteriorCommand implements Callable<Integer> {

  @Mixin ModelOption model;

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
    LatentModel<?> prior = model.resolve();
    SimpleMatrix masked = query(prior);
    StringBuilder csv = new StringBuilder("sequence,length,quantity,index,exact,attention\n");
    for (Named sequence : SequenceFormat.read(data, prior.tokenSpace())) {
      describe(prior, sequence, masked, csv);
    }
    if (out == null) {
      spec.commandLine().getOut().print(csv);
      spec.commandLine().getOut().flush();
    } else {
      AtomicFiles.write(out, csv.toString().getBytes(StandardCharsets.UTF_8));
    }
    return 0;
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
      LatentModel<?> prior, Named sequence, SimpleMatrix query, StringBuilder csv) {
    Belief<?> belief = prior.prior().observe(sequence.tokens());
    Predictive predictive = belief.predictive(query);
    SimpleMatrix attended =
        Derivation.of(prior).attention().attend(query, Context.of(prior, sequence.tokens()));
    String start = sequence.name() + "," + sequence.tokens().length() + ",";
    rows(csv, start + "predictive-mean", predictive.mean(), attended);
    rows(csv, start + "predictive-variance", predictive.covariance().diag(), null);
    for (Quantity quantity : quantities(belief)) {
      rows(csv, start + quantity.name(), quantity.value(), null);
    }
  }

  private record Quantity(String name, SimpleMatrix value) {}

  /** What this belief knows; a belief without a closed form of one of them leaves it out. */
  private static List<Quantity> quantities(Belief<?> belief) {
    List<Quantity> known = new ArrayList<>();
    add(known, "posterior-mean", belief::mean);
    add(known, "posterior-variance", () -> belief.covariance().diag());
    add(known, "log-evidence", () -> SimpleMatrix.filled(1, 1, belief.logEvidence()));
    add(known, "entropy-nats", () -> SimpleMatrix.filled(1, 1, belief.entropyNats()));
    return known;
  }

  private static void add(
      List<Quantity> known, String name, java.util.function.Supplier<SimpleMatrix> value) {
    try {
      known.add(new Quantity(name, value.get()));
    } catch (UnsupportedOperationException e) {
      // This belief has no such quantity; the CSV then has no such line.
    }
  }

  private static void rows(
      StringBuilder csv, String start, SimpleMatrix exact, @Nullable SimpleMatrix attention) {
    for (int i = 0; i < exact.getNumElements(); i++) {
      csv.append(start).append(',').append(i).append(',').append(exact.get(i)).append(',');
      csv.append(attention == null ? "" : String.valueOf(attention.get(i))).append('\n');
    }
  }
}
