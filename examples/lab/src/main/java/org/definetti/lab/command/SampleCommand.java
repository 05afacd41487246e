package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.LatentModel;
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
      description = "csv, jsonl or npy; default: the ending of --out.")
  @Nullable String format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  Path out = Path.of("");

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed;

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
    LatentModel<?> drawn = model.resolve();
    List<Named> sequences = new ArrayList<>(count);
    Seed root = Seed.of(seed).child("sample");
    for (int i = 0; i < count; i++) {
      sequences.add(
          new Named(String.valueOf(i), drawn.sample(length, root.child(i).generator()).tokens()));
    }
    written.write(out, drawn.tokenSpace(), sequences);
    spec.commandLine()
        .getErr()
        .println(count + " sequences of " + length + " tokens written to " + out);
    return 0;
  }

  private static SequenceFormat named(String format) {
    try {
      return SequenceFormat.valueOf(format.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("format: expected csv, jsonl or npy, got " + format, e);
    }
  }
}
