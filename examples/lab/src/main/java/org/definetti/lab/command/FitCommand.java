package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.lab.data.UnknownSpace;
import org.definetti.lab.fit.Climb;
import org.definetti.lab.fit.Fit;
import org.definetti.lab.fit.FitOptions;
import org.definetti.lab.fit.GaussianFit;
import org.definetti.lab.fit.MixtureFit;
import org.definetti.lab.fit.TopicsFit;
import org.definetti.lab.model.ModelFile;
import org.definetti.lab.run.Build;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits a model to the user's sequences, says how well it knows others, and writes it. */
@Command(
    name = "fit",
    description = {
      "Fits a model to your own sequences by expectation-maximisation and writes it as a model",
      "file, which is accepted wherever a model name is. A fifth of the sequences is held out:",
      "what the model knows about them is compared with one law for all tokens."
    })
public final class FitCommand implements Callable<Integer> {

  /** What can be fitted. */
  enum Kind {
    MIXTURE,
    TOPICS,
    GAUSSIAN
  }

  /** The covariances of Gaussian concepts. */
  enum Covariance {
    OWN,
    SHARED
  }

  /** What the tokens of a mixture are. */
  enum Kinds {
    CATEGORIES,
    NUMBERS
  }

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = {
        "mixture: each sequence has one of K concepts (categories or real vectors);",
        "topics: each sequence mixes K topics (categories);",
        "gaussian: each sequence has a mean, or mean and covariance, of its own",
        "(real vectors)."
      })
  Kind kind = Kind.MIXTURE;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Sequences as .csv, .jsonl, .npy, .npz (see 'definetti sample').")
  Path data = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The model file to write, .yaml, .yml or .json.")
  Path out = Path.of("");

  @Option(
      names = "--components",
      paramLabel = "K",
      description = "Concepts or topics; default ${DEFAULT-VALUE}.")
  int components = 3;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = {"topics: the proportions are multiples of 1/N; default ${DEFAULT-VALUE}."})
  int steps = 4;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = {
        "gaussian: gaussian-mean, multivariate-gaussian-mean or",
        "normal-inverse-wishart; default normal-inverse-wishart."
      })
  String family = "normal-inverse-wishart";

  @Option(
      names = "--covariance",
      paramLabel = "KIND",
      description = "mixture of real vectors: own or shared; default own.")
  Covariance covariance = Covariance.OWN;

  @Option(
      names = "--tokens",
      paramLabel = "KIND",
      description = {
        "mixture: categories or numbers; default what the header of a .csv says,",
        "else numbers."
      })
  @Nullable Kinds tokens;

  @Option(
      names = "--categories",
      paramLabel = "W",
      description = "How many categories there are; default one more than the largest seen.")
  int categories;

  @Option(
      names = "--prior-tokens",
      paramLabel = "C",
      description = {
        "Every fitted law has seen C tokens of the pooled law beforehand, which",
        "keeps variances and probabilities above zero; 0 is maximum likelihood;",
        "default ${DEFAULT-VALUE}."
      })
  double priorTokens = 1;

  @Option(
      names = "--hold-out",
      paramLabel = "SHARE",
      description = "The share of sequences that is held out; default ${DEFAULT-VALUE}.")
  double holdOut = 0.2;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      description = "Random starts; default ${DEFAULT-VALUE}.")
  int restarts = 10;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed = 1;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Options.file("out", out);
    if (!ModelFile.isNamedBy(out.toString())) {
      throw new IllegalArgumentException(
          "out: expected a file ending in .yaml, .yml or .json, got " + out);
    }
    FitOptions options =
        FitOptions.withDefaults()
            .withSeed(seed)
            .withRestarts(restarts)
            .withPriorTokens(priorTokens);
    Split split = Split.of(read().stream().map(Named::tokens).toList(), holdOut, seed);
    Fit fit = fit(split.seen(), options);
    Fit baseline = MixtureFit.of(split.seen(), 1, options.withRestarts(1));
    String summary = summary(fit, baseline, split.heldOut());
    write(fit, summary);
    PrintWriter to = spec.commandLine().getOut();
    to.print(summary);
    to.println(fit.model() + " written to " + out);
    to.flush();
    return 0;
  }

  private List<Named> read() {
    boolean isCategories =
        switch (kind) {
          case MIXTURE -> tokens == null ? headerSaysCategories() : tokens == Kinds.CATEGORIES;
          case TOPICS -> true;
          case GAUSSIAN -> false;
        };
    Options.atLeast("categories", 0, categories);
    return isCategories
        ? UnknownSpace.readCategories(data, categories)
        : UnknownSpace.readNumbers(data);
  }

  private boolean headerSaysCategories() {
    return Boolean.TRUE.equals(UnknownSpace.holdsCategories(data));
  }

  private Fit fit(List<Tokens> sequences, FitOptions options) {
    return switch (kind) {
      case MIXTURE ->
          covariance == Covariance.SHARED
              ? MixtureFit.sharingCovariance(sequences, components, options)
              : MixtureFit.of(sequences, components, options);
      case TOPICS -> TopicsFit.of(sequences, components, steps, options);
      case GAUSSIAN -> GaussianFit.of(sequences, family(), options);
    };
  }

  private GaussianFit.Family family() {
    List<String> known = new ArrayList<>();
    for (GaussianFit.Family one : GaussianFit.Family.values()) {
      String name = one.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(family)) {
        return one;
      }
      known.add(name);
    }
    throw new IllegalArgumentException("family: expected one of " + known + ", got " + family);
  }

  // YAML has comments: the file then says where its numbers come from.
  private void write(Fit fit, String summary) {
    ModelDescription description = fit.model().description();
    if (out.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
      ModelFile.write(out, description);
    } else {
      String origin =
          "definetti "
              + Build.provenance().version()
              + " fit of "
              + data.getFileName()
              + "\n"
              + summary;
      AtomicFile.write(
          out,
          origin.lines().map(line -> "# " + line + "\n").collect(Collectors.joining())
              + ModelFile.yaml(description));
    }
  }

  private static String summary(Fit fit, Fit baseline, List<Tokens> heldOut) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "fitted to %d sequences, %d tokens; %d sequences held out; seed %d, prior tokens %s\n",
            fit.sequences(),
            fit.tokens(),
            heldOut.size(),
            fit.options().seed(),
            fit.options().priorTokens()));
    text.append("restart  steps  log evidence, nats a token\n");
    for (int i = 0; i < fit.climbs().size(); i++) {
      Climb climb = fit.climbs().get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "%7d  %5d  %.6f%s%s\n",
              i,
              climb.iterations(),
              climb.finalLogEvidence() / fit.tokens(),
              climb.converged() ? "" : "  not converged",
              i == fit.best() ? "  kept" : ""));
    }
    if (heldOut.stream().anyMatch(sequence -> sequence.length() > 0)) {
      double model = Fit.evidencePerToken(fit.model(), heldOut);
      double one = Fit.evidencePerToken(baseline.model(), heldOut);
      text.append(
          String.format(
              Locale.ROOT,
              "held out, nats a token: %.6f; one law for all tokens %.6f; gain %.6f\n",
              model,
              one,
              model - one));
    }
    return text.toString();
  }

  /** The sequences that are fitted and those that are not, each in the order of the file. */
  private record Split(List<Tokens> seen, List<Tokens> heldOut) {

    static Split of(List<Tokens> all, double share, long seed) {
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException("hold-out: expected in 0..1, below 1, got " + share);
      }
      // By random keys of the places, so that growing the share moves sequences one way only.
      List<Integer> order =
          IntStream.range(0, all.size())
              .boxed()
              .sorted(
                  Comparator.comparingLong(
                      i -> Seed.of(seed).child("held-out").child(i).generator().nextLong()))
              .toList();
      int count = (int) Math.round(share * all.size());
      return new Split(
          pick(all, order.subList(count, all.size())), pick(all, order.subList(0, count)));
    }

    private static List<Tokens> pick(List<Tokens> all, List<Integer> places) {
      return places.stream().sorted().map(all::get).toList();
    }
  }
}
