package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.engine.Batch;
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
import org.definetti.lab.sparse.Descent;
import org.definetti.lab.sparse.ParityRun;
import org.definetti.lab.sparse.TrainingSet;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V25: parities from a fixed set of strings, train and test accuracy in time.
 *
 * <ul>
 *   <li>The network and the settings of {@link ParityRun}, but the batch is the whole set at every
 *       step, and all steps are taken. The curves are train accuracy, test accuracy and train loss
 *       against steps, their mean over trials.
 *   <li>Parts: {@code fits}, train accuracy at the end, least over the sizes of sets; {@code
 *       delay-m}, steps from 99 % of the set to 99 % of held-out strings, reported with the share
 *       of trials that came there at all.
 *   <li>Controls: a set of coins is fitted as well and not generalised from; the first look.
 *   <li>Source: [derived] (check V25), the finite-sample side of check V17; that fitting and
 *       generalising may come apart in time is [recalled].
 * </ul>
 */
public final class FiniteParity implements Claim {

  private static final String ID = "V25";

  private static final String TRAIN = "train-accuracy";
  private static final String TEST = "test-accuracy";
  private static final String LOSS = "train-loss";
  private static final double THERE = 0.99;
  private static final int HELD_OUT = 512;

  /**
   * What a budget runs.
   *
   * @param length T
   * @param sparsity s
   * @param samples m
   * @param trials of each
   * @param steps of training
   * @param every steps between looks
   */
  private record Size(
      int length, int sparsity, List<Integer> samples, int trials, int steps, int every) {}

  /** Returns the claim. */
  public FiniteParity() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "finite-parity";
  }

  @Override
  public String statement() {
    return "From a fixed set of strings a transformer block fits a parity, the rule or the strings"
        + " alone: train and test accuracy in time are measured against the size of the set.";
  }

  @Override
  public Source source() {
    return Source.derived("check V25, pre-registered: the finite-sample side of check V17");
  }

  @Override
  public String prediction() {
    return "train accuracy at the end at least 0.99 at every size; when test accuracy follows is"
        + " reported";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "parity", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 20 : 240);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(8, 2, List.of(30, 100), 1, 120, 20);
          case STANDARD -> new Size(15, 2, List.of(60, 250), 2, 600, 20);
          case FULL -> new Size(15, 3, List.of(100, 200, 400, 800), 2, 800, 20);
        };
    List<Results> results = new ArrayList<>();
    for (int samples : size.samples) {
      results.add(run(size, samples, false, seed, runner.within("m-" + samples)));
    }
    int most = size.samples.get(size.samples.size() - 1);
    Results coins = run(size, most, true, seed, runner.within("coins"));
    double least = 1;
    double first = 1;
    for (Results own : results) {
      for (double accuracy : CellNumbers.at(own, TRAIN, size.steps)) {
        least = Math.min(least, accuracy);
      }
      for (double accuracy : CellNumbers.at(own, TRAIN, 0)) {
        first = Math.min(first, accuracy);
      }
    }
    Prediction there = Prediction.atLeast(THERE);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(
        ClaimPart.of("fits", Verdict.exact(least, there))
            .withControl(
                Control.of(
                    Verdict.exact(first, there),
                    String.format(Locale.ROOT, "before the first step: %.2f", first))));
    double chance = CellNumbers.mean(CellNumbers.at(coins, TEST, size.steps));
    for (int i = 0; i < size.samples.size(); i++) {
      parts.add(delay(size, size.samples.get(i), results.get(i)));
    }
    int last = parts.size() - 1;
    parts.set(
        last,
        parts
            .get(last)
            .withControl(
                Control.of(
                    Verdict.exact(chance, there),
                    String.format(
                        Locale.ROOT,
                        "a set of coins: train accuracy %.2f, test accuracy %.2f",
                        CellNumbers.mean(CellNumbers.at(coins, TRAIN, size.steps)),
                        chance))));
    results.add(coins);
    return ClaimResult.of(parts).withResults(results);
  }

  private static Results run(Size size, int samples, boolean coins, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < size.trials; trial++) {
      cells.add(
          Cell.of("model", "parity-of-" + size.sparsity + "-of-" + size.length)
              .with("claim", ID)
              .with("attention", coins ? "coin-labels" : "transformer")
              .with("origin", "trained")
              .with("samples", String.valueOf(samples))
              .with(Cell.SEED, String.valueOf(trial)));
    }
    Map<String, String> configuration = Map.of("size", size.toString(), "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "step", cells);
    return runner.execute(
        plan,
        cell -> watched(size, samples, coins, seed.child(samples).child(cell.axis(Cell.SEED))));
  }

  private static CellResult watched(Size size, int samples, boolean coins, Seed seed) {
    SparseFunction function =
        SparseFunction.parity(
            size.length,
            SparseFunction.drawPositions(
                size.length, size.sparsity, seed.child("hidden").generator()));
    Batch train = Batch.zeros(TrainingSet.WIDTHS, samples, size.length);
    TrainingSet.refill(train, function, 0.5, coins, seed.child("data").generator());
    Batch test = TrainingSet.strings(function, HELD_OUT, 0.5, seed.child("held-out").generator());
    Descent descent = ParityRun.descent(size.length, samples, seed.child("initial"));
    List<CellPoint> points = new ArrayList<>();
    while (true) {
      if (descent.steps() % size.every == 0) {
        points.add(
            new CellPoint(
                (double) descent.steps(),
                Map.of(
                    TRAIN, Estimate.exact(descent.accuracy(train)),
                    TEST, Estimate.exact(descent.accuracy(test)),
                    LOSS, Estimate.exact(descent.loss(train)))));
      }
      if (descent.steps() >= size.steps) {
        return new CellResult(points);
      }
      descent.step(train);
    }
  }

  /** The mean delay of the trials that came to test accuracy at all. */
  private static ClaimPart delay(Size size, int samples, Results results) {
    double sum = 0;
    double fitted = 0;
    int came = 0;
    for (CellResult cell : results.cells()) {
      double train = first(cell, TRAIN);
      double test = first(cell, TEST);
      fitted += train / results.cells().size();
      if (!Double.isNaN(test)) {
        came++;
        sum += test - train;
      }
    }
    double end = CellNumbers.mean(CellNumbers.at(results, TEST, size.steps));
    String reason =
        String.format(
            Locale.ROOT,
            "%s: steps from 99 %% of the set, reached after %.0f, to 99 %% of others; %d of %d"
                + " trials came there within %d; test accuracy at the end %.2f",
            Judging.REPORTED,
            fitted,
            came,
            results.cells().size(),
            size.steps,
            end);
    return ClaimPart.of(
            "delay-" + samples,
            Verdict.exact(came == 0 ? size.steps : sum / came, Prediction.atLeast(0))
                .inconclusiveBecause(reason))
        .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED));
  }

  /** The steps at the first look at which an accuracy is there, NaN if at none. */
  private static double first(CellResult cell, String metric) {
    return cell.points().stream()
        .filter(point -> CellNumbers.of(point, metric) >= THERE)
        .mapToDouble(CellPoint::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
