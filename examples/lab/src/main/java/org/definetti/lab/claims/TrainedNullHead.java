package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.latent.LatentModel;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;

/**
 * E4: where an exact head exists, training finds it: a null-token head trained at each length, on
 * masked tokens or on labels, computes the posterior mean, and its null token weighs ν.
 *
 * <ul>
 *   <li>Models: Gaussian mean by squared error; Dirichlet-categorical by squared error, and on
 *       masked tokens by cross-entropy too. Values pass unchanged, so that logit and value of the
 *       null token are what is learned.
 *   <li>Parts: {@code gap} the largest over lengths 4..1024 of the mean squared gap as a share of
 *       the prior variance of z = E(T|z) (both summed over coordinates); no slope, since what is
 *       left is optimisation noise. {@code kl} the largest over lengths of the divergence of the
 *       exact predictive from the head trained by cross-entropy. {@code prior-count} the prior
 *       count that the null weight implies, over ν.
 *   <li>The prior count is judged at lengths up to 16. A relative error δ of it costs {@code δ² ν²
 *       L² (t2 + s2/L) / (L + ν)⁴} a coordinate in M1: at 4 and 16 tokens the samples of one
 *       training tell δ to about 1 %, at 1024 to no better than its own size, and the weight of the
 *       null token no longer matters.
 *   <li>Control: the head without null token, trained at four tokens.
 *   <li>Source: exactness [derived] (check B2); masked cross-entropy is divergence plus a constant
 *       [source: Zhang-2023, sec 5.1] (checks D4, E4).
 * </ul>
 */
public final class TrainedNullHead implements Claim {

  private static final String ID = "E4";

  private static final double GAP_BOUND = 1e-3;
  private static final double KL_BOUND = 1e-3;
  // Samples that ask about one sequence, since drawing long ones is most of the work.
  private static final int QUESTIONS = 8;
  private static final int SHORTEST = 4;
  private static final double LONGEST_FOR_PRIOR_COUNT = 16;
  private static final String HEAD = "null-token-head";
  private static final String BY_CROSS_ENTROPY = "null-token-head-cross-entropy";
  private static final String WITHOUT = "head-without-null-token";

  /** A model with the prior variance of z, summed over coordinates. */
  private record Setting(String name, LatentModel<?> model, double spread) {}

  /** How much work a budget does, and how far the prior count may be off. */
  private record Size(
      List<Integer> lengths,
      int seeds,
      int sequences,
      int steps,
      int batchSize,
      double tolerance) {}

  /** Returns the claim. */
  public TrainedNullHead() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "trained-null-head";
  }

  @Override
  public String statement() {
    return "A null-token head trained at each length, on masked tokens or on labels, computes the"
        + " posterior mean of Gaussian and Dirichlet-categorical models, and its null token weighs"
        + " the prior count.";
  }

  @Override
  public Source source() {
    return Source.derived("checks B2, D4 and E4: the exact head is in the class");
  }

  @Override
  public String prediction() {
    return "squared gap <= 1e-3 of the prior variance at every length 4..1024; kl <= 1e-3 nats;"
        + " implied prior count within 10 % for L <= 16";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "trained", "null-token");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed("the exact head is in the class; only optimisation is left");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 45;
          case FULL -> 300;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Setting gaussian = new Setting("gaussian-mean", NullHeads.GAUSSIAN, NullHeads.gaussianSpread());
    Setting dirichlet =
        new Setting("dirichlet-categorical", NullHeads.DIRICHLET, NullHeads.dirichletSpread());
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    for (Setting setting : List.of(gaussian, dirichlet)) {
      Seed own = seed.child(setting.name);
      Runner within = runner.within(setting.name);
      Results trained = train(setting, size, own, within.within("head"));
      Results without = trainWithout(setting, size, own, within.within("without"));
      results.add(trained);
      results.add(without);
      for (Objective objective : List.of(Objective.MASKED, Objective.SUPERVISED)) {
        parts.add(gap(setting, objective, trained, without));
        parts.add(priorCount(setting, objective, trained, size.tolerance));
      }
    }
    Results categories = trainByCrossEntropy(dirichlet, size, seed, runner);
    results.add(categories);
    parts.add(divergence(categories));
    return ClaimResult.of(parts).withResults(results);
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(SHORTEST), 3, 200, 1500, 128, 0.2);
      case STANDARD -> new Size(List.of(4, 32, 256, 1024), 3, 300, 2000, 128, 0.1);
      case FULL -> new Size(Judging.octaves(2, 10, 1), 5, 500, 4000, 128, 0.1);
    };
  }

  private static Sweep sweep(Setting setting, Size size, Runner runner) {
    return Sweep.of(setting.model)
        .withAxis("claim", ID)
        .withLengths(Judging.ints(size.lengths))
        .withSeeds(size.seeds)
        .withSequences(size.sequences)
        .withRunner(runner);
  }

  private static Results train(Setting setting, Size size, Seed seed, Runner runner) {
    return sweep(setting, size, runner)
        .withObjectives(Objective.MASKED, Objective.SUPERVISED)
        .withTrained(
            HEAD, NullHeads.identityValues(size.steps, size.batchSize).withGroupSize(QUESTIONS))
        .execute(seed)
        .results();
  }

  private static Results trainWithout(Setting setting, Size size, Seed seed, Runner runner) {
    Training training = NullHeads.withoutNullToken(size.steps / 2, size.batchSize);
    return sweep(setting, size, runner)
        .withLengths(SHORTEST)
        .withObjectives(Objective.MASKED, Objective.SUPERVISED)
        .withTrained(WITHOUT, training)
        .execute(seed.child("control"))
        .results();
  }

  private static Results trainByCrossEntropy(Setting setting, Size size, Seed seed, Runner runner) {
    return sweep(setting, size, runner.within("cross-entropy"))
        .withTrained(
            BY_CROSS_ENTROPY,
            NullHeads.crossEntropy(size.steps, size.batchSize).withGroupSize(QUESTIONS))
        .execute(seed.child("cross-entropy"))
        .results();
  }

  private static ClaimPart gap(
      Setting setting, Objective objective, Results trained, Results without) {
    Prediction prediction = Prediction.atMost(GAP_BOUND);
    Verdict wrong =
        Judging.largestShare(squaredGap(without, WITHOUT, objective), setting.spread, prediction);
    return ClaimPart.of(
            name(setting, objective, "gap"),
            Judging.largestShare(squaredGap(trained, HEAD, objective), setting.spread, prediction))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "no null token: gap of %.3g prior variances at length %d",
                    wrong.measured(),
                    SHORTEST)));
  }

  private static Curve squaredGap(Results results, String attention, Objective objective) {
    return Judging.curve(results, attention, objective, Metric.SQUARED_GAP.label());
  }

  private static ClaimPart priorCount(
      Setting setting, Objective objective, Results trained, double tolerance) {
    Curve count = Judging.curve(trained, HEAD, objective, Metric.IMPLIED_PRIOR_COUNT.label());
    return ClaimPart.of(
        name(setting, objective, "prior-count"),
        Judging.meanShare(
            count, LONGEST_FOR_PRIOR_COUNT, NullHeads.PRIOR_COUNT, Prediction.near(1, tolerance)));
  }

  private static ClaimPart divergence(Results results) {
    Curve kl = Judging.curve(results, BY_CROSS_ENTROPY, Objective.MASKED, Metric.KL.label());
    return ClaimPart.of(
        "dirichlet-categorical:masked:kl",
        Judging.largestShare(kl, 1, Prediction.atMost(KL_BOUND)));
  }

  private static String name(Setting setting, Objective objective, String what) {
    return setting.name + ":" + objective.label() + ":" + what;
  }
}
