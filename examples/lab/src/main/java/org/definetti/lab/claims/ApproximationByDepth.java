package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * E10: what transformer blocks of depth k can become, and what training makes of them.
 *
 * <pre>{@code
 * model                 in the class of depth k, width 16              squared gap
 * Gaussian mean         the posterior mean                             0       MeanTransformer
 * linear regression     k steps of gradient descent                    ~ L^-k  DescentTransformer
 * }</pre>
 *
 * <ul>
 *   <li>Labels without noise ({@link #LABEL}) are asked for, so that what training leaves is not
 *       the noise of the target; {@code token-targets} shows what that noise does.
 *   <li>Parts: {@code mean:exact} and {@code descent:k:exact} the largest distance of the built
 *       transformers from what they are said to compute; {@code descent:k:slope} of its gap; for
 *       trained blocks {@code gaussian-mean:depth-k} the largest gap as a share of the prior
 *       variance, {@code linear-regression:depth-k:at-L} the best seed's gap over that of k steps,
 *       {@code :beyond-one-step} the same at the greatest length over that of one step, {@code
 *       :slope} reported, {@code longer-training} the gap with four times the steps over the gap.
 *   <li>Controls: the built transformers with another prior count and without their sink; mean
 *       pooling; a single block.
 *   <li>Source: [derived] but for linear attention as gradient descent [source: von Oswald-2023,
 *       arXiv 2212.07677].
 * </ul>
 */
public final class ApproximationByDepth implements Claim {

  /** The noise variance of labels: none to speak of, beside prior variances of one. */
  static final double LABEL = 1e-6;

  private static final String ID = "E10";
  private static final GaussianMean MEAN = NullHeads.GAUSSIAN.withLabelVariance(LABEL);
  private static final LinearRegression REGRESSION =
      LinearRegression.of(2, 1, 1, 0.5).withLabelVariance(LABEL);
  private static final double BUILT = 1e-5;
  private static final int BUILT_SEQUENCES = 3;
  private static final double SLOPE_SHARE = 0.15; // of k, either way
  private static final int FROM = 32; // where slopes begin
  private static final int[] DESCENT_LENGTHS = {8, 32, 128, 512};
  private static final int DESCENT_SEEDS = 10;
  private static final double REACHED = 1.15;
  private static final double HALF = 0.5;
  private static final ExpectedOutcome TRAINING =
      ExpectedOutcome.refuted(
          "runs stopped far above it; that four times the steps come closer is judged beside it");
  private static final double LONGER_GAIN = 0.7;
  private static final int LONGER = 4;
  private static final double NOISIER = 3;
  private static final double RATE = 0.01;
  private static final int BATCH = 32;

  /** How much work a budget does. */
  private record Size(
      List<Integer> lengths,
      List<Integer> depths,
      int seeds,
      int sequences,
      int steps,
      double gap) {

    static Size of(Budget budget) {
      return switch (budget) {
        case SMOKE -> new Size(List.of(8), List.of(1), 3, 100, 300, 0.05);
        case STANDARD -> new Size(List.of(8, 32, 128), List.of(1, 2), 3, 300, 400, 0.02);
        case FULL -> new Size(List.of(8, 32, 128, 512), List.of(1, 2, 4), 3, 500, 1000, 0.01);
      };
    }

    int shortest() {
      return lengths.get(0);
    }

    int longest() {
      return lengths.get(lengths.size() - 1);
    }
  }

  /** Returns the claim. */
  public ApproximationByDepth() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "approximation-by-depth";
  }

  @Override
  public String statement() {
    return "A transformer block can be the posterior mean of a Gaussian mean, and k blocks can take"
        + " k steps of gradient descent on in-context regression, whose gap to the posterior falls"
        + " as L^-k; trained blocks come close to the first, and to the second where tokens and blocks"
        + " are few.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "transformers built by hand; of linear attention as gradient descent, von Oswald-2023");
  }

  @Override
  public String prediction() {
    return "built transformers within 1e-5 of what they compute; k steps: slope -k ± 15 %; trained"
        + " on a Gaussian mean: gap at most 1 % of the prior variance; on regression: the best seed"
        + " at most 1.15 times the gap of k steps at 8 and 512 tokens, that of two and four blocks"
        + " at most half the gap of one step at 512";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "trained", "transformer", "approximation");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 60;
          case FULL -> 1750;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    List<Results> results = new ArrayList<>();
    List<JudgedRate> rates = new ArrayList<>();
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(mean(size, seed.child("built")));
    for (int depth : size.depths) {
      parts.add(descent(size, depth, seed.child("built")));
    }

    Results mean = trained(MEAN, size, runner).execute(seed.child("mean")).results();
    results.add(mean);
    for (int depth : size.depths) {
      parts.add(share(size, depth, mean));
    }

    Results descent = descent(size, seed, runner);
    results.add(descent);
    Results regression =
        trained(REGRESSION, size, runner).execute(seed.child("regression")).results();
    results.add(regression);
    for (int depth : size.depths) {
      parts.add(slope(budget, depth, descent, rates));
    }
    parts.add(reached(size.shortest(), 1, regression, descent));
    if (budget == Budget.FULL) {
      parts.addAll(deeper(size, regression, descent));
      parts.addAll(far(budget, size, regression, descent, rates));
      parts.add(longer(size, regression, seed, runner, results));
      parts.add(noisier(size, mean, seed, runner, results));
    }
    return ClaimResult.of(parts).withResults(results).withRates(rates);
  }

  private static Sweep trained(LatentModel<?> model, Size size, Runner runner) {
    Sweep sweep =
        Sweep.of(model)
            .withAxis("claim", ID)
            .withObjectives(Objective.SUPERVISED)
            .withLengths(Judging.ints(size.lengths))
            .withSeeds(size.seeds)
            .withSequences(size.sequences)
            .withRunner(runner.within(model.description().name()));
    for (int depth : size.depths) {
      sweep = sweep.withTrained(blocks(depth), training(depth, size.steps));
    }
    return sweep;
  }

  /** The derived curves: cheap, so with more seeds and to the same length at every budget. */
  private static Results descent(Size size, Seed seed, Runner runner) {
    Sweep sweep =
        Sweep.of(REGRESSION)
            .withAxis("claim", ID)
            .withObjectives(Objective.SUPERVISED)
            .withLengths(DESCENT_LENGTHS)
            .withSeeds(DESCENT_SEEDS)
            .withSequences(size.sequences)
            .withRunner(runner.within("descent"));
    sweep = sweep.withAttention(steps(0), new RidgeDescent(REGRESSION, 0));
    for (int depth : size.depths) {
      sweep = sweep.withAttention(steps(depth), new RidgeDescent(REGRESSION, depth));
    }
    return sweep.execute(seed.child("descent")).results();
  }

  private static Training training(int depth, int steps) {
    return Training.of(
            widths -> TransformerLayer.of(widths).withBlock(MirroredRows.BLOCK).withDepth(depth))
        .withBatchSize(BATCH)
        .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
        .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(RATE));
  }

  private static String blocks(int depth) {
    return "transformer-depth-" + depth;
  }

  private static String steps(int count) {
    return "descent-steps-" + count;
  }

  private static Curve gap(Results results, String attention, Objective objective) {
    return Judging.curve(results, attention, objective, Metric.SQUARED_GAP.label());
  }

  private static Curve gap(Results results, String attention) {
    return gap(results, attention, Objective.SUPERVISED);
  }

  private static ClaimPart mean(Size size, Seed seed) {
    Prediction bound = Prediction.atMost(BUILT);
    int depth = size.depths.get(size.depths.size() - 1);
    MeanTransformer built = MeanTransformer.of(MEAN, depth);
    Function<Tokens, SimpleMatrix> exact =
        tokens -> MEAN.prior().observe(tokens).predictive(MEAN.labelQuery()).mean();
    return ClaimPart.of(
            "mean:exact", Verdict.exact(distance(MEAN, size, built, exact, seed), bound))
        .withControl(
            Judging.control(
                Verdict.exact(distance(MEAN, size, built.withCount(1), exact, seed), bound),
                "prior count 1: distance up to %.2g"));
  }

  private static ClaimPart descent(Size size, int depth, Seed seed) {
    Prediction bound = Prediction.atMost(BUILT);
    Function<Tokens, SimpleMatrix> steps =
        tokens ->
            new RidgeDescent(REGRESSION, depth)
                .attend(REGRESSION.labelQuery(), Context.of(REGRESSION, tokens));
    DescentTransformer built = DescentTransformer.of(REGRESSION, depth);
    double right = distance(REGRESSION, size, built, steps, seed);
    double wrong = distance(REGRESSION, size, built.withoutSink(), steps, seed);
    return ClaimPart.of("descent:" + depth + ":exact", Verdict.exact(right, bound))
        .withControl(
            Judging.control(
                Verdict.exact(wrong, bound), "two heads without a sink: distance up to %.2g"));
  }

  /** Returns the largest distance from what is wanted, over lengths and a few sequences. */
  private static <Z> double distance(
      LatentModel<Z> model,
      Size size,
      Attention built,
      Function<Tokens, SimpleMatrix> wanted,
      Seed seed) {
    double largest = 0;
    for (int length : size.lengths) {
      for (int i = 0; i < BUILT_SEQUENCES; i++) {
        Tokens tokens = model.sample(length, seed.child(i).generator()).tokens();
        SimpleMatrix answer = built.attend(model.labelQuery(), Context.of(model, tokens));
        largest = Math.max(largest, answer.minus(wanted.apply(tokens)).elementMaxAbs());
      }
    }
    return largest;
  }

  /** Mean pooling is ν² Var / (L (L + ν)) off in each coordinate (A7). */
  private static ClaimPart share(Size size, int depth, Results results) {
    Prediction bound = Prediction.atMost(size.gap);
    double count = MEAN.priorCount();
    double pooled = count * count / (size.shortest() * (size.shortest() + count));
    return ClaimPart.of(
            "gaussian-mean:depth-" + depth,
            Judging.largestShare(gap(results, blocks(depth)), NullHeads.gaussianSpread(), bound))
        .withControl(
            Judging.control(
                Verdict.exact(pooled, bound), "mean pooling: gap of %.3g prior variances"));
  }

  private static ClaimPart slope(
      Budget budget, int depth, Results results, List<JudgedRate> rates) {
    Rate rate = gap(results, steps(depth)).rate(FROM, DESCENT_LENGTHS[DESCENT_LENGTHS.length - 1]);
    Verdict verdict = Judging.bentSlope(budget, rate, Prediction.near(-depth, SLOPE_SHARE * depth));
    rates.add(new JudgedRate(rate, verdict));
    return ClaimPart.of("descent:" + depth + ":slope", verdict);
  }

  private static ClaimPart reached(int length, int depth, Results regression, Results descent) {
    double derived = at(gap(descent, steps(depth)), length);
    double none = at(gap(descent, steps(0)), length) / derived;
    Prediction bound = Prediction.atMost(REACHED);
    return ClaimPart.of(
            "linear-regression:depth-" + depth + ":at-" + length,
            best(gap(regression, blocks(depth)), length, derived, bound))
        .withControl(
            Judging.control(
                Verdict.exact(none, bound), "the prior mean, no step: %.3g times the gap"));
  }

  /** Every seed bounds the best of the class from above, so the best seed is judged. */
  private static Verdict best(Curve trained, int length, double whole, Prediction bound) {
    int at = trained.values().indexOf((double) length);
    List<Double> shares =
        IntStream.range(0, trained.seeds().size())
            .mapToObj(s -> trained.mean(s, at) / whole)
            .toList();
    long reached = shares.stream().filter(share -> share <= bound.value()).count();
    return Verdict.exact(Collections.min(shares), bound)
        .withReason(
            String.format(
                Locale.ROOT,
                "reached by %d of %d seeds, mean %.3g",
                reached,
                shares.size(),
                trained.points().get(at).mean() / whole));
  }

  private static double at(Curve curve, double length) {
    return curve.points().get(curve.values().indexOf(length)).mean();
  }

  private static List<ClaimPart> deeper(Size size, Results regression, Results descent) {
    List<ClaimPart> parts = new ArrayList<>();
    for (int depth : size.depths.subList(1, size.depths.size())) {
      ClaimPart part = reached(size.shortest(), depth, regression, descent);
      parts.add(depth > 2 ? part.withExpected(TRAINING) : part);
    }
    return parts;
  }

  private static List<ClaimPart> far(
      Budget budget, Size size, Results results, Results descent, List<JudgedRate> rates) {
    List<ClaimPart> parts = new ArrayList<>();
    double one = at(gap(descent, steps(1)), size.longest());
    Prediction below = Prediction.atMost(HALF);
    Control single =
        Judging.control(
            best(gap(results, blocks(1)), size.longest(), one, below),
            "one block: %.2f times the gap of one step");
    for (int depth : size.depths) {
      ClaimPart part = reached(size.longest(), depth, results, descent);
      parts.add(depth > 1 ? part.withExpected(TRAINING) : part);
      if (depth > 1) {
        parts.add(
            ClaimPart.of(
                    "linear-regression:depth-" + depth + ":beyond-one-step",
                    best(gap(results, blocks(depth)), size.longest(), one, below))
                .withControl(single));
      }
      Rate rate = gap(results, blocks(depth)).rate(FROM, size.longest());
      Verdict verdict =
          Judging.bentSlope(budget, rate, Prediction.near(-depth, SLOPE_SHARE * depth));
      rates.add(new JudgedRate(rate, verdict));
      parts.add(
          Judging.reported(ClaimPart.of("linear-regression:depth-" + depth + ":slope", verdict)));
    }
    return parts;
  }

  /** Were it the form, more steps would not help. */
  private static ClaimPart longer(
      Size size, Results regression, Seed seed, Runner runner, List<Results> results) {
    int depth = size.depths.get(size.depths.size() - 1);
    Results longer =
        Sweep.of(REGRESSION)
            .withAxis("claim", ID)
            .withAxis("steps", String.valueOf(LONGER * size.steps))
            .withObjectives(Objective.SUPERVISED)
            .withLengths(FROM)
            .withSeeds(size.seeds)
            .withSequences(size.sequences)
            .withRunner(runner.within("longer"))
            .withTrained(blocks(depth), training(depth, LONGER * size.steps))
            .execute(seed.child("regression"))
            .results();
    results.add(longer);
    double gap = at(gap(regression, blocks(depth)), FROM);
    return ClaimPart.of(
        "linear-regression:longer-training",
        Judging.share(gap(longer, blocks(depth)), FROM, gap, Prediction.atMost(LONGER_GAIN)));
  }

  /** The same blocks, shown hidden tokens for labels: the target is noisier by far. */
  private static ClaimPart noisier(
      Size size, Results mean, Seed seed, Runner runner, List<Results> results) {
    Results masked =
        Sweep.of(MEAN)
            .withAxis("claim", ID)
            .withLengths(Judging.ints(size.lengths))
            .withSeeds(size.seeds)
            .withSequences(size.sequences)
            .withRunner(runner.within("token-targets"))
            .withTrained(blocks(1), training(1, size.steps))
            .execute(seed.child("token-targets"))
            .results();
    results.add(masked);
    return ClaimPart.of(
        "gaussian-mean:token-targets",
        Judging.ratio(
                gap(masked, blocks(1), Objective.MASKED),
                gap(mean, blocks(1)),
                size.longest(),
                Prediction.atLeast(NOISIER))
            .withReason(
                String.format(
                    Locale.ROOT, "gap at %d tokens over that after labels", size.longest())));
  }
}
