package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.definetti.latent.Check;
import org.definetti.sparse.CapacityBound;
import org.definetti.sparse.InformationBound;
import org.definetti.sparse.Normaliser;
import org.definetti.sparse.SelectionHead;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates the generalisation bound of a head of bounded norm, and says when it says nothing. */
@Command(
    name = "bound",
    description = {
      "Evaluates the generalisation bound of one attention head on strings of T bits: how far"
          + " train",
      "and true error are apart at most after m samples, and how many samples a gap needs. Norms"
          + " are",
      "given, or those of the head that selects s of T bits, or those of a softmax head that",
      "'definetti train' left. Says plainly when the bound is vacuous."
    })
public final class BoundCommand implements Callable<Integer> {

  @Option(
      names = "--length",
      paramLabel = "T",
      description = "Bits of a string, at least 1; with --trained by default its longest sequence.")
  @Nullable Integer length;

  @Option(
      names = "--samples",
      paramLabel = "M",
      description = {
        "Training samples, above 0; 1e13 is a number; with --trained by default",
        "as many as it saw."
      })
  @Nullable Double samples;

  @Option(
      names = "--trained",
      paramLabel = "DIR",
      description = {
        "Directory of a training of softmax or null-token-softmax: norms not given",
        "are those of the head it ended with."
      })
  @Nullable Path trained;

  @Mixin ClassPathOption own = new ClassPathOption();

  @Option(
      names = "--relevant",
      paramLabel = "S",
      description = "Relevant bits: norms not given are those of the head that selects them.")
  @Nullable Integer relevant;

  @Option(names = "--token-norm", paramLabel = "X", description = "Largest norm of a token, B_X.")
  @Nullable Double tokenNorm;

  @Option(names = "--value-norm", paramLabel = "X", description = "Norm of the value map, B_V.")
  @Nullable Double valueNorm;

  @Option(
      names = "--query-norm",
      paramLabel = "X",
      description = "Norm of W_QK x_[CLS], the direction scores are read along, B_u.")
  @Nullable Double queryNorm;

  @Option(
      names = "--normaliser",
      paramLabel = "N",
      defaultValue = "softmax",
      description = "softmax, sparsemax or relu; default ${DEFAULT-VALUE}.")
  Normaliser normaliser = Normaliser.SOFTMAX;

  @Option(
      names = "--gap",
      paramLabel = "G",
      defaultValue = "0.1",
      description = "The gap to ask samples for; default ${DEFAULT-VALUE}.")
  double gap;

  @Option(
      names = "--loss-lipschitz",
      paramLabel = "L",
      defaultValue = "1",
      description = "Lipschitz constant of the loss; default ${DEFAULT-VALUE}.")
  double lossLipschitz;

  @Option(
      names = "--loss-bound",
      paramLabel = "B",
      defaultValue = "1",
      description = "Largest loss; default ${DEFAULT-VALUE}.")
  double lossBound;

  @Option(
      names = "--failure",
      paramLabel = "D",
      defaultValue = "0.01",
      description = "The bound fails with at most this probability; default ${DEFAULT-VALUE}.")
  double failure;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    TrainedNorms norms = trained == null ? null : TrainedNorms.read(trained, own);
    int bits = (int) given("length", length, norms == null ? null : norms.length());
    Options.atLeast("length", 1, bits);
    if (bits > Integer.MAX_VALUE / 10) {
      throw new IllegalArgumentException(
          "length: expected <= " + Integer.MAX_VALUE / 10 + ", got " + bits);
    }
    double seen = given("samples", samples, norms == null ? null : norms.samples());
    Check.positive("samples", seen);
    Check.positive("gap", gap);
    CapacityBound bound = bound(bits, norms);
    PrintWriter out = spec.commandLine().getOut();
    print(out, "length T", bits + (norms == null ? " bits" : " tokens"));
    if (norms != null) {
      print(
          out,
          "trained",
          String.format(
              Locale.ROOT, "%s; B_X is the largest of %d tokens drawn", trained, norms.drawn()));
    }
    print(
        out,
        "norms",
        String.format(
            Locale.ROOT,
            "B_X %.4g, B_V %.4g, B_u %.4g",
            bound.tokenNorm(),
            bound.valueNorm(),
            bound.queryNorm()));
    print(
        out,
        "normaliser",
        String.format(
            Locale.ROOT,
            "%s, constant %.4g",
            normaliser.name().toLowerCase(Locale.ROOT),
            bound.normaliserConstant()));
    print(
        out,
        "gap",
        String.format(
            Locale.ROOT,
            "at most %.4g after %.6g samples, with probability %.4g",
            bound.gap(seen),
            seen,
            1 - failure));
    print(
        out,
        "vacuous",
        bound.isVacuous(seen)
            ? String.format(Locale.ROOT, "yes: no gap exceeds the largest loss, %.4g", lossBound)
            : "no");
    double needed = bound.samplesFor(gap);
    print(out, "needed", String.format(Locale.ROOT, "%.3e samples for a gap of %.4g", needed, gap));
    print(
        out,
        "10 T",
        String.format(
            Locale.ROOT,
            "%.3f times as many at these norms; norms that select bits grow with ln T",
            bound.withLength(10 * bits).samplesFor(gap) / needed));
    if (relevant != null) {
      print(
          out,
          "any learner",
          String.format(
              Locale.ROOT,
              "%.1f samples at least to find %d of the bits",
              Math.max(0, InformationBound.samples(bits, relevant)),
              relevant));
    }
    out.flush();
    return 0;
  }

  private static double given(String option, @Nullable Number given, @Nullable Number trained) {
    Number number = given == null ? trained : given;
    if (number == null) {
      throw new IllegalArgumentException(
          option + ": expected a number, or --trained for that of a training, got neither");
    }
    return number.doubleValue();
  }

  private CapacityBound bound(int bits, @Nullable TrainedNorms norms) {
    CapacityBound known = norms == null ? null : at(bits, norms);
    if (known == null && relevant != null) {
      Options.atLeast("relevant", 1, relevant);
      SelectionHead.threshold(bits, relevant);
      known = CapacityBound.ofSelection(bits, relevant);
    }
    double query = norm("query-norm", queryNorm, known == null ? null : known.queryNorm());
    double value = norm("value-norm", valueNorm, known == null ? null : known.valueNorm());
    double token = norm("token-norm", tokenNorm, known == null ? null : known.tokenNorm());
    if (normaliser == Normaliser.NONE) {
      throw new IllegalArgumentException(
          "normaliser: expected weights that sum to one (softmax, sparsemax, relu), got none: no"
              + " bound of this kind holds");
    }
    double constant = normaliser.lipschitz(bits + 1, token * query);
    if (constant == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "normaliser: expected scores below 1 for relu, got token norm times query norm "
              + token * query);
    }
    return CapacityBound.of(bits, token, value, query)
        .withNormaliserConstant(constant)
        .withLoss(lossLipschitz, lossBound)
        .withFailure(failure);
  }

  private static CapacityBound at(int bits, TrainedNorms norms) {
    return CapacityBound.of(bits, norms.tokenNorm(), norms.valueNorm(), norms.queryNorm());
  }

  private static double norm(String option, @Nullable Double given, @Nullable Double known) {
    if (given != null) {
      return Check.positive(option, given);
    }
    if (known == null) {
      throw new IllegalArgumentException(
          option
              + ": expected a norm, or --relevant for those of the selecting head, or --trained,"
              + " got none");
    }
    return known;
  }

  private static void print(PrintWriter out, String name, String text) {
    out.println(String.format(Locale.ROOT, "%-12s", name) + text);
  }
}
