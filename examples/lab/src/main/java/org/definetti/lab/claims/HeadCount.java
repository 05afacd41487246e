package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.lab.sparse.HeadWeights;
import org.definetti.lab.sparse.LearningCurve;
import org.definetti.lab.sparse.StringLearner;
import org.definetti.lab.sparse.StringTrial;
import org.definetti.lab.sparse.TrainingSet;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V24: how often networks of one size find a conjunction, against the number of their heads, and a
 * map of where the heads of one that did attend.
 *
 * <ul>
 *   <li>Networks and training of check V14, width 64 whatever the number of heads, so that all have
 *       as many parameters; sets of {@link TrainingSet#conjunction}. Reported, not gated: success
 *       at the least and the largest number of heads.
 *   <li>Gated: the network that is drawn found its function, and its best head has most of its mass
 *       on the three positions. Its function is fixed, bits 3, 11 and 18 of 24; which bits they are
 *       makes no difference to a network that is drawn anew.
 *   <li>Controls: labels dealt out anew; uniform weights.
 *   <li>Source: [derived] (check V24); more heads help, as exploration had it [derived].
 * </ul>
 */
public final class HeadCount implements Claim {

  private static final String ID = "V24";

  private static final int SPARSITY = 3;
  private static final double ONE = Math.pow(0.5, 1.0 / SPARSITY);
  private static final String HEADS = "heads";
  private static final List<Integer> DRAWN = List.of(3, 11, 18);
  private static final int DRAWN_LENGTH = 24;
  private static final int DRAWN_SAMPLES = 100;
  private static final int WIDTH = 64;

  /**
   * What a budget runs.
   *
   * @param length T
   * @param samples m
   * @param heads H
   * @param trials of each
   */
  private record Size(int length, int samples, List<Integer> heads, int trials) {}

  /** Returns the claim. */
  public HeadCount() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "head-count";
  }

  @Override
  public String statement() {
    return "How often a transformer block of one width finds a conjunction of 3 of T bits is"
        + " measured against the number of its heads; the heads of a network that found one"
        + " are drawn over the positions, and the best of them rests on the three.";
  }

  @Override
  public Source source() {
    return Source.derived("check V24, pre-registered");
  }

  @Override
  public String prediction() {
    return "success against heads is reported; the network drawn labels 99 % of held-out strings"
        + " right, and its best head has a mass of at least 0.8 on the relevant positions";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "samples", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 20 : 200);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(12, 40, List.of(1, 8), 1);
          case STANDARD -> new Size(50, 40, List.of(1, 8, 64), 6);
          case FULL -> new Size(100, 50, List.of(1, 4, 16, 64), 12);
        };
    Results successes = run(size, seed.child("A"), runner.within("heads"));
    StringTrial drawn = drawn(false, seed.child("drawn"));
    StringTrial shuffled = drawn(true, seed.child("drawn"));
    HeadWeights heads = heads(drawn);
    Prediction found = Prediction.atLeast(StringTrial.SUCCESS);
    Prediction most = Prediction.atLeast(0.8);
    double uniform = SPARSITY / (DRAWN_LENGTH + 1.0);
    List<ClaimPart> parts = new ArrayList<>();
    for (int count : List.of(size.heads.get(0), size.heads.get(size.heads.size() - 1))) {
      parts.add(reported(size, successes, count));
    }
    parts.add(
        ClaimPart.of("drawn-found", Verdict.exact(drawn.accuracy(), found))
            .withControl(
                Control.of(
                    Verdict.exact(shuffled.accuracy(), found),
                    String.format(
                        Locale.ROOT,
                        "labels dealt out anew: accuracy %.2f",
                        shuffled.accuracy()))));
    parts.add(
        ClaimPart.of("drawn-mass", Verdict.exact(heads.bestMass(), most))
            .withControl(
                Control.of(
                    Verdict.exact(uniform, most),
                    String.format(Locale.ROOT, "uniform weights: %.2f", uniform))));
    return ClaimResult.of(parts)
        .withResults(List.of(successes, map(heads, seed, runner.within("map"))));
  }

  private static Results run(Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < size.trials; trial++) {
      cells.add(
          Cell.of("model", "conjunction-of-" + SPARSITY + "-of-" + size.length)
              .with("claim", ID)
              .with("attention", "transformer")
              .with("origin", "trained")
              .with(Cell.SEED, String.valueOf(trial)));
    }
    Map<String, String> configuration = Map.of("size", size.toString(), "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, HEADS, cells);
    return runner.execute(
        plan,
        cell -> {
          List<CellPoint> points = new ArrayList<>();
          for (int count : size.heads) {
            points.add(point(size, count, seed.child(cell.axis(Cell.SEED))));
          }
          return new CellResult(points);
        });
  }

  /** The same strings and hidden subset for every number of heads. */
  private static CellPoint point(Size size, int count, Seed seed) {
    TrainingSet set =
        TrainingSet.conjunction(
            size.length, SPARSITY, size.samples, seed.child("data").generator());
    StringTrial trial = StringTrial.of(learner(count, 500), set, 500, ONE, seed);
    Map<String, Estimate> metrics = new TreeMap<>();
    metrics.put(LearningCurve.SUCCESS, Estimate.exact(trial.isSuccess() ? 1 : 0));
    metrics.put(LearningCurve.ACCURACY, Estimate.exact(trial.accuracy()));
    metrics.put(LearningCurve.MASS, Estimate.exact(heads(trial).bestMass()));
    metrics.put(LearningCurve.TOP, Estimate.exact(heads(trial).meanTop()));
    metrics.put(LearningCurve.ENTROPY, Estimate.exact(heads(trial).meanEntropy()));
    return new CellPoint(count, metrics);
  }

  private static StringLearner learner(int heads, int steps) {
    return StringLearner.transformer(WIDTH, heads, 256, 3e-3, steps);
  }

  private static HeadWeights heads(StringTrial trial) {
    HeadWeights heads = trial.heads();
    if (heads == null) {
      throw new IllegalStateException("expected a network with heads");
    }
    return heads;
  }

  private static ClaimPart reported(Size size, Results successes, int count) {
    double rate = CellNumbers.mean(CellNumbers.at(successes, LearningCurve.SUCCESS, count));
    double mass = CellNumbers.mean(CellNumbers.at(successes, LearningCurve.MASS, count));
    String reason =
        String.format(
            Locale.ROOT,
            "%s: success at T = %d, m = %d, %d trials; best head's mass %.2f",
            Judging.REPORTED,
            size.length,
            size.samples,
            size.trials,
            mass);
    return ClaimPart.of(
            "heads-" + count,
            Verdict.exact(rate, Prediction.atLeast(0.5)).inconclusiveBecause(reason))
        .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED));
  }

  private static StringTrial drawn(boolean shuffled, Seed seed) {
    SparseFunction function = SparseFunction.conjunction(DRAWN_LENGTH, DRAWN);
    TrainingSet set =
        new TrainingSet(
            function,
            TrainingSet.strings(function, DRAWN_SAMPLES, ONE, seed.child("data").generator()),
            0);
    TrainingSet given = shuffled ? set.withShuffledLabels(seed.child("shuffled").generator()) : set;
    return StringTrial.of(learner(16, 250), given, 500, ONE, seed);
  }

  /** The mean weight of every head of the drawn network on every position, [CLS] last. */
  private static Results map(HeadWeights heads, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int h = 0; h < heads.profiles().size(); h++) {
      cells.add(
          Cell.of("model", "conjunction-of-bits-3-11-18")
              .with("claim", ID)
              .with("attention", String.format(Locale.ROOT, "head-%02d", h))
              .with("origin", "trained")
              .with(Cell.SEED, "0"));
    }
    Map<String, String> configuration = Map.of("seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "position", cells);
    return runner.execute(
        plan,
        cell -> {
          int head = Integer.parseInt(cell.axis("attention").substring("head-".length()));
          List<CellPoint> points = new ArrayList<>();
          for (int t = 0; t < heads.profiles().get(head).size(); t++) {
            Estimate weight = Estimate.exact(heads.profiles().get(head).get(t));
            points.add(new CellPoint(t, Map.of("attention-weight", weight)));
          }
          return new CellResult(points);
        });
  }
}
