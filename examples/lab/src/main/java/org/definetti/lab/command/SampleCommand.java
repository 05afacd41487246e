package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.data.ExactAnswers;
import org.definetti.lab.data.NpzArchive;
import org.definetti.lab.data.Predictions;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws sequences from a model and writes them to a file. */
@Command(name = "sample", description = "Draws sequences from a model and writes them to a file.")
public final class SampleCommand implements Callable<Integer> {

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--length",
      required = true,
      paramLabel = "L",
      description = "Tokens per sequence.")
  int length;

  @Option(
      names = "--count",
      defaultValue = "1",
      paramLabel = "N",
      description = "Sequences; default ${DEFAULT-VALUE}.")
  int count;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, jsonl, npy or npz; default: the ending of --out.")
  @Nullable String format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  Path out = Path.of("");

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--with-exact",
      description = {
        "Beside it, write the exact posterior of each sequence and the Bayes risk of a",
        "masked token, as CSV in the form of 'definetti posterior': X.npy gets X-exact.csv;",
        "as arrays within an npz."
      })
  boolean withExact;

  @Option(
      names = "--with-labels",
      description = {
        "Beside it, write a label of each sequence's latent, to train on, as CSV in the",
        "form that 'definetti score --predictions' reads: X.npy gets X-labels.csv; as an",
        "array within an npz."
      })
  boolean withLabels;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Options.atLeast("length", 0, length);
    Options.atLeast("count", 1, count);
    Options.file("out", out);
    SequenceFormat written = format == null ? SequenceFormat.of("out", out) : named(format);
    if (written == SequenceFormat.CSV && length == 0) {
      throw new IllegalArgumentException(
          "length: expected >= 1 for csv, which has one token a line, got 0");
    }
    draw(model.resolve(), written);
    spec.commandLine()
        .getErr()
        .println(count + " sequences of " + length + " tokens written to " + out);
    return 0;
  }

  private <Z> void draw(LatentModel<Z> drawn, SequenceFormat written) {
    List<Named> sequences = new ArrayList<>(count);
    List<double[]> labels = new ArrayList<>();
    Seed root = Seed.of(seed).child("sample");
    for (int i = 0; i < count; i++) {
      RandomGenerator rng = root.child(i).generator();
      Sample<Z> sample = drawn.sample(length, rng);
      sequences.add(new Named(String.valueOf(i), sample.tokens()));
      if (withLabels) {
        labels.add(drawn.drawLabel(sample.latent(), rng)); // after the tokens: they stay the same
      }
    }
    if (written == SequenceFormat.NPZ) {
      archive(drawn, sequences, labels).write(out);
      return;
    }
    // The sequences last: who finds them finds what belongs to them.
    if (withExact) {
      AtomicFile.write(
          beside("-exact.csv"), ExactTable.csv(drawn, sequences, drawn.labelQuery(), null));
    }
    if (withLabels) {
      AtomicFile.write(beside("-labels.csv"), Predictions.csv(sequences, labels));
    }
    written.write(out, drawn.tokenSpace(), sequences);
  }

  private NpzArchive archive(LatentModel<?> drawn, List<Named> sequences, List<double[]> labels) {
    NpzArchive archive = NpzArchive.of(drawn.tokenSpace(), sequences);
    if (withLabels) {
      archive = archive.withLabels(labels);
    }
    return withExact
        ? archive.withExact(
            sequences.stream()
                .map(one -> ExactAnswers.of(drawn, one.tokens(), drawn.labelQuery()))
                .toList())
        : archive;
  }

  private Path beside(String ending) {
    String name = out.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
  }

  private static SequenceFormat named(String format) {
    try {
      return SequenceFormat.valueOf(format.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "format: expected csv, jsonl, npy or npz, got " + format, e);
    }
  }
}
