package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.sparse.CriticalSize;
import org.definetti.lab.sparse.LearningCurve;
import org.definetti.lab.sparse.StringLearner;
import org.definetti.lab.sparse.StringTask;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.random.Seed;
import org.definetti.sparse.InformationBound;

/**
 * V14: how many samples a trained transformer needs to find a conjunction of 3 of T bits.
 *
 * <pre>{@code  critical m ~ T^exponent,   success of half the networks  }</pre>
 *
 * <ul>
 *   <li>Pre-registered in {@code docs/preregistration/sparse-variables.md}: grid A, level 50 %,
 *       seeds; the full budget at seed 2 is the confirmatory run.
 *   <li>Parts: {@code learns}, success at the largest grid size, with the controls frozen scores
 *       and shuffled labels; {@code exponent} of the transformer; {@code perceptron-exponent} and
 *       {@code apart}; {@code above-version-space}, the least distance to {@link
 *       VersionSpaceThreshold}'s threshold from T = 50 on; {@code mass} of the best head of
 *       successful networks.
 *   <li>Reported, not gated: whether a logarithm fits better than a line.
 *   <li>Source: task [source: slides and third-party summary of Edelman-2022]; protocol [derived]
 *       (check V14).
 * </ul>
 */
public final class ConjunctionSamples implements Claim {

  private static final String ID = "V14";

  private static final String TASK = "3-of-T-bits";
  private static final String CRITICAL = "critical-sample-size";

  private static final int SPARSITY = 3;
  private static final double LEVEL = 0.5;
  private static final int BOOTSTRAPS = 200;
  private static final double LARGEST_EXPONENT = 0.7;
  private static final double PERCEPTRON_EXPONENT = 0.8;
  private static final double LEAST_MASS = 0.5; // set from the pilot with seed 1
  private static final double CHANCE = 0.25; // of success: shuffled labels and frozen scores

  private static final StringLearner TRANSFORMER =
      StringLearner.transformer(64, 16, 256, 3e-3, 500);
  private static final StringLearner PERCEPTRON = StringLearner.perceptron(128, 1e-2, 500);

  /** The pre-registered sizes m of each T. */
  private static final Map<Integer, List<Integer>> GRID = grid();

  private static final Map<Integer, List<Integer>> PERCEPTRON_GRID = perceptronGrid();

  /**
   * What a budget runs.
   *
   * @param lengths of the transformer
   * @param perceptronLengths of the perceptron; none for none
   * @param trials a size, of the transformer
   * @param perceptronTrials a size, of the perceptron
   * @param heldOut strings
   */
  private record Size(
      List<Integer> lengths,
      List<Integer> perceptronLengths,
      int trials,
      int perceptronTrials,
      int heldOut) {}

  /** Returns the claim. */
  public ConjunctionSamples() {}

  private static Map<Integer, List<Integer>> grid() {
    Map<Integer, List<Integer>> grid = new LinkedHashMap<>();
    grid.put(25, List.of(15, 20, 25, 30, 35, 40));
    grid.put(50, List.of(20, 25, 30, 35, 40, 50));
    grid.put(100, List.of(25, 30, 35, 40, 50, 60));
    grid.put(200, List.of(30, 40, 50, 60, 70, 80));
    grid.put(400, List.of(40, 50, 60, 70, 80, 100));
    grid.put(800, List.of(50, 60, 70, 80, 100, 120));
    return grid;
  }

  private static Map<Integer, List<Integer>> perceptronGrid() {
    Map<Integer, List<Integer>> grid = new LinkedHashMap<>();
    grid.put(25, List.of(60, 80, 100, 120, 160, 200));
    grid.put(50, List.of(150, 200, 250, 300, 400));
    grid.put(100, List.of(300, 400, 500, 600, 800));
    grid.put(200, List.of(600, 800, 1000, 1200, 1600));
    return grid;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "conjunction-samples";
  }

  @Override
  public String statement() {
    return "The number of samples from which half of trained transformer blocks find a conjunction"
        + " of 3 of T bits grows slowly with T, far slower than that of a perceptron, and stays"
        + " above the threshold of the version space.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V14, pre-registered; the task is that of Figure 2 of Edelman-2022, whose settings"
            + " are not known here");
  }

  @Override
  public String prediction() {
    return "exponent of the critical m in T: upper 95 % limit < 0.7; of the perceptron >= 0.8, the"
        + " intervals disjoint; critical m above the version-space threshold for T >= 50; best"
        + " head's mass on the relevant positions >= 0.5 in successful networks, where uniform is"
        + " 3/(T + 1)";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "samples", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 5;
          case STANDARD -> 60;
          case FULL -> 600;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Results> results = new ArrayList<>();
    Map<Integer, LearningCurve.Outcome> curves = new LinkedHashMap<>();
    LearningCurve curve = curve(TRANSFORMER, size.trials, size.heldOut);
    for (int length : size.lengths) {
      Seed own = seed.child("A");
      Runner where = runner.within("transformer");
      curves.put(
          length,
          budget == Budget.SMOKE
              ? curve.at(length, List.of(40), own, where)
              : curve.bracketing(LEVEL, length, grid(length), own, where));
    }
    curves.values().forEach(outcome -> results.addAll(outcome.results()));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(learns(budget, curves, size, seed, runner, results));
    parts.add(shuffled(budget, curves, size, seed, runner, results));
    parts.add(mass(curves));
    if (budget != Budget.SMOKE) {
      Map<Integer, LearningCurve.Outcome> plain = new LinkedHashMap<>();
      LearningCurve other = curve(PERCEPTRON, size.perceptronTrials, size.heldOut);
      for (int length : size.perceptronLengths) {
        List<Integer> sizes = need(PERCEPTRON_GRID, length);
        plain.put(
            length,
            other.bracketing(
                LEVEL, length, sizes, seed.child("perceptron"), runner.within("perceptron")));
      }
      plain.values().forEach(outcome -> results.addAll(outcome.results()));
      growth(budget, curves, plain, seed, parts);
      results.addAll(growthCurves(curves, plain, seed, runner));
    }
    return ClaimResult.of(parts).withResults(results);
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(25), List.of(), 3, 0, 200);
      case STANDARD -> new Size(List.of(25, 100, 400), List.of(25, 50, 100), 8, 8, 500);
      case FULL ->
          new Size(List.copyOf(GRID.keySet()), List.copyOf(PERCEPTRON_GRID.keySet()), 50, 20, 1000);
    };
  }

  private static LearningCurve curve(StringLearner learner, int trials, int heldOut) {
    return new LearningCurve(ID, learner, StringTask.CONJUNCTION, SPARSITY, trials, heldOut);
  }

  private static List<Integer> grid(int length) {
    return need(GRID, length);
  }

  private static List<Integer> need(Map<Integer, List<Integer>> grid, int length) {
    List<Integer> sizes = grid.get(length);
    if (sizes == null) {
      throw new IllegalArgumentException("length: expected one of " + grid.keySet());
    }
    return sizes;
  }

  /** Success at the largest size of the shortest strings, and of two that cannot learn. */
  private static ClaimPart learns(
      Budget budget,
      Map<Integer, LearningCurve.Outcome> curves,
      Size size,
      Seed seed,
      Runner runner,
      List<Results> results) {
    int length = size.lengths.get(0);
    double success = lastRate(outcome(curves, length));
    Prediction half = Prediction.atLeast(LEVEL);
    LearningCurve frozen = curve(TRANSFORMER.withFrozenAttention(), controls(budget), size.heldOut);
    LearningCurve.Outcome without =
        frozen.at(length, largest(curves, length), seed.child("A"), runner.within("frozen"));
    results.addAll(without.results());
    double wrong = lastRate(without);
    return ClaimPart.of("learns", Verdict.exact(success, half))
        .withControl(
            Control.of(
                Verdict.exact(wrong, half),
                String.format(
                    Locale.ROOT, "scores kept as initialised: success %.0f %%", 100 * wrong)));
  }

  private static ClaimPart shuffled(
      Budget budget,
      Map<Integer, LearningCurve.Outcome> curves,
      Size size,
      Seed seed,
      Runner runner,
      List<Results> results) {
    int length = size.lengths.get(0);
    LearningCurve shuffled =
        new LearningCurve(
            ID,
            TRANSFORMER,
            StringTask.SHUFFLED_CONJUNCTION,
            SPARSITY,
            controls(budget),
            size.heldOut);
    LearningCurve.Outcome chance =
        shuffled.at(length, largest(curves, length), seed.child("A"), runner.within("shuffled"));
    results.addAll(chance.results());
    Prediction rare = Prediction.atMost(CHANCE);
    double rate = lastRate(outcome(curves, length));
    return ClaimPart.of("shuffled-labels-fail", Verdict.exact(lastRate(chance), rare))
        .withControl(
            Control.of(
                Verdict.exact(rate, rare),
                String.format(Locale.ROOT, "labels as they are: success %.0f %%", 100 * rate)));
  }

  private static int controls(Budget budget) {
    return budget == Budget.FULL ? 20 : 3;
  }

  private static List<Integer> largest(Map<Integer, LearningCurve.Outcome> curves, int length) {
    return List.of(outcome(curves, length).counts().lastKey());
  }

  private static double lastRate(LearningCurve.Outcome outcome) {
    return CriticalSize.rate(outcome.counts(), outcome.counts().lastKey());
  }

  private static LearningCurve.Outcome outcome(
      Map<Integer, LearningCurve.Outcome> curves, int length) {
    LearningCurve.Outcome outcome = curves.get(length);
    if (outcome == null) {
      throw new IllegalStateException("nothing run at T = " + length);
    }
    return outcome;
  }

  /** The mean over successful networks of the best head's mass, at the T where it is least. */
  private static ClaimPart mass(Map<Integer, LearningCurve.Outcome> curves) {
    Prediction well = Prediction.atLeast(LEAST_MASS);
    Verdict least = Verdict.exact(1, well);
    double[] failures = {};
    double uniform = 1;
    for (Map.Entry<Integer, LearningCurve.Outcome> entry : curves.entrySet()) {
      double[] masses = numbers(entry.getValue().metric(LearningCurve.MASS, true));
      Estimate mean = Estimate.of(masses);
      if (masses.length > 1 && mean.mean() <= least.measured()) {
        Interval interval = Interval.around(mean.mean(), 2 * mean.standardError());
        least = Verdict.of(mean.mean(), interval, well);
        failures = numbers(entry.getValue().metric(LearningCurve.MASS, false));
        uniform = (double) SPARSITY / (entry.getKey() + 1);
      }
    }
    return ClaimPart.of(
            "mass",
            least.withReason(
                (failures.length == 0
                        ? "no network failed"
                        : String.format(
                            Locale.ROOT,
                            "networks that failed: %.2f",
                            Arrays.stream(failures).average().orElse(0)))
                    + String.format(Locale.ROOT, "; uniform: %.3f", uniform)))
        .withControl(
            Control.of(
                Verdict.exact(uniform, well),
                String.format(Locale.ROOT, "uniform weights: %.3f", uniform)));
  }

  private static double[] numbers(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void growth(
      Budget budget,
      Map<Integer, LearningCurve.Outcome> curves,
      Map<Integer, LearningCurve.Outcome> plain,
      Seed seed,
      List<ClaimPart> parts) {
    double[][] own = bootstrap(curves, seed.child("bootstrap").generator());
    double[][] others = bootstrap(plain, seed.child("bootstrap-perceptron").generator());
    double exponent = exponent(critical(curves));
    double other = exponent(critical(plain));
    Interval interval = interval(own[0]);
    Interval otherInterval = interval(others[0]);
    Prediction slow = Prediction.atMost(LARGEST_EXPONENT);
    parts.add(
        ClaimPart.of("exponent", Verdict.of(exponent, interval, slow).withReason(lengths(curves)))
            .withControl(
                Control.of(
                    Verdict.of(other, otherInterval, slow),
                    String.format(Locale.ROOT, "the perceptron's: %.2f", other))));
    parts.add(
        ClaimPart.of(
            "perceptron-exponent",
            Verdict.of(other, otherInterval, Prediction.atLeast(PERCEPTRON_EXPONENT))));
    parts.add(
        ClaimPart.of(
            "apart", Verdict.exact(otherInterval.low() - interval.high(), Prediction.atLeast(0))));
    parts.add(aboveVersionSpace(budget, curves, seed));
    parts.add(logarithmOrLine(curves, own[1]));
  }

  /** The critical sizes of those T at which the grid brackets the level. */
  private static SortedMap<Integer, Double> critical(Map<Integer, LearningCurve.Outcome> curves) {
    return fitted(bracketed(curves));
  }

  private static SortedMap<Integer, Double> fitted(Map<Integer, LearningCurve.Outcome> curves) {
    SortedMap<Integer, Double> sizes = new TreeMap<>();
    curves.forEach((length, outcome) -> sizes.put(length, outcome.criticalSize(LEVEL)));
    return sizes;
  }

  private static Map<Integer, LearningCurve.Outcome> bracketed(
      Map<Integer, LearningCurve.Outcome> curves) {
    Map<Integer, LearningCurve.Outcome> kept = new LinkedHashMap<>(curves);
    kept.values().removeIf(outcome -> !CriticalSize.isBracketed(outcome.counts(), LEVEL));
    return kept;
  }

  private static double exponent(SortedMap<Integer, Double> critical) {
    return StraightLine.through(
            critical.keySet().stream().mapToDouble(Math::log).toArray(),
            critical.values().stream().mapToDouble(Math::log).toArray())
        .slope();
  }

  private static String lengths(Map<Integer, LearningCurve.Outcome> curves) {
    StringBuilder text = new StringBuilder("critical m at T:");
    critical(curves)
        .forEach((length, m) -> text.append(String.format(Locale.ROOT, " %.1f at %d", m, length)));
    if (bracketed(curves).size() < curves.size()) {
      text.append(
          String.format(
              Locale.ROOT,
              "; success is above the level at every m that can be drawn for T = %s, which is left"
                  + " out; with its fit extrapolated the exponent is %.2f",
              without(curves),
              exponent(fitted(curves))));
    }
    return text.toString();
  }

  private static List<Integer> without(Map<Integer, LearningCurve.Outcome> curves) {
    List<Integer> left = new ArrayList<>(curves.keySet());
    left.removeAll(bracketed(curves).keySet());
    return left;
  }

  /** R2 of the logarithm less that of the line. */
  private static double advantage(SortedMap<Integer, Double> critical) {
    return determination(critical, Math::log) - determination(critical, t -> t);
  }

  private static double determination(
      SortedMap<Integer, Double> critical, DoubleUnaryOperator growth) {
    return StraightLine.through(
            critical.keySet().stream().mapToDouble(t -> growth.applyAsDouble(t)).toArray(),
            critical.values().stream().mapToDouble(Double::doubleValue).toArray())
        .determination();
  }

  /** Exponents, and advantages of the logarithm, with the successes of each size drawn anew. */
  private static double[][] bootstrap(
      Map<Integer, LearningCurve.Outcome> curves, RandomGenerator rng) {
    double[][] drawn = new double[2][BOOTSTRAPS];
    for (int i = 0; i < BOOTSTRAPS; i++) {
      SortedMap<Integer, Double> critical = new TreeMap<>();
      bracketed(curves)
          .forEach((length, outcome) -> critical.put(length, redrawn(outcome.counts(), rng)));
      drawn[0][i] = exponent(critical);
      drawn[1][i] = advantage(critical);
    }
    return drawn;
  }

  private static double redrawn(
      SortedMap<Integer, CriticalSize.Count> counts, RandomGenerator rng) {
    SortedMap<Integer, CriticalSize.Count> redrawn = new TreeMap<>();
    counts.forEach(
        (size, count) -> {
          int successes = 0;
          for (int n = 0; n < count.trials(); n++) {
            successes += rng.nextDouble() < count.rate() ? 1 : 0;
          }
          redrawn.put(size, new CriticalSize.Count(count.trials(), successes));
        });
    return CriticalSize.of(redrawn, LEVEL);
  }

  private static Interval interval(double[] drawn) {
    double[] sorted = drawn.clone();
    Arrays.sort(sorted);
    int tail = sorted.length / 40; // 2.5 %
    return new Interval(sorted[tail], sorted[sorted.length - 1 - tail]);
  }

  private static ClaimPart aboveVersionSpace(
      Budget budget, Map<Integer, LearningCurve.Outcome> curves, Seed seed) {
    int sets = budget == Budget.FULL ? 200 : 60;
    double least = Double.POSITIVE_INFINITY;
    double bound = Double.POSITIVE_INFINITY;
    for (Map.Entry<Integer, Double> entry : critical(curves).entrySet()) {
      int length = entry.getKey();
      if (length >= 50) {
        SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, length, SPARSITY);
        double threshold = VersionSpaceThreshold.threshold(model, sets, seed.child("unique"));
        least = Math.min(least, entry.getValue() - threshold);
        bound = Math.min(bound, InformationBound.samples(length, SPARSITY) - threshold);
      }
    }
    Prediction above = Prediction.atLeast(0);
    return ClaimPart.of("above-version-space", Verdict.exact(least, above))
        .withControl(
            Control.of(
                Verdict.exact(bound, above),
                String.format(
                    Locale.ROOT, "the information bound in its place: %.1f samples", bound)));
  }

  private static ClaimPart logarithmOrLine(
      Map<Integer, LearningCurve.Outcome> curves, double[] drawn) {
    SortedMap<Integer, Double> critical = critical(curves);
    double share = Arrays.stream(drawn).filter(x -> x > 0).count() / (double) drawn.length;
    String reason =
        String.format(
            Locale.ROOT,
            "reported, not gated: R2 of ln T %.3f, of its root %.3f, of T %.3f (published points:"
                + " 0.915, 0.956, 0.941); the logarithm is better in %.0f %% of bootstraps",
            determination(critical, Math::log),
            determination(critical, Math::sqrt),
            determination(critical, t -> t),
            100 * share);
    return ClaimPart.of(
            "log-beats-line",
            Verdict.exact(advantage(critical), Prediction.atLeast(0)).inconclusiveBecause(reason))
        .withExpected(
            new ExpectedOutcome(
                Outcome.INCONCLUSIVE, "so few octaves do not tell a logarithm from a line"));
  }

  private static List<Results> growthCurves(
      Map<Integer, LearningCurve.Outcome> curves,
      Map<Integer, LearningCurve.Outcome> plain,
      Seed seed,
      Runner runner) {
    int sets = 60;
    return List.of(
        growth("transformer", critical(curves), runner),
        growth("perceptron", critical(plain), runner),
        growth("published-figure-2", PublishedScaling.points(), runner),
        Tabulated.of(ID, TASK, CRITICAL)
            .with("information-bound", t -> InformationBound.samples((int) t, SPARSITY))
            .with(
                "version-space",
                t ->
                    VersionSpaceThreshold.threshold(
                        SparseBoolean.of(SparseRule.CONJUNCTION, (int) t, SPARSITY),
                        sets,
                        seed.child("unique")))
            .over("length", lengths(critical(curves)), runner.within("growth-bounds")));
  }

  private static Results growth(String name, SortedMap<Integer, Double> critical, Runner runner) {
    return Tabulated.of(ID, TASK, CRITICAL)
        .with(name, t -> critical.getOrDefault((int) t, Double.NaN))
        .over("length", lengths(critical), runner.within("growth-" + name));
  }

  private static double[] lengths(SortedMap<Integer, Double> critical) {
    return critical.keySet().stream().mapToDouble(t -> t).toArray();
  }
}
