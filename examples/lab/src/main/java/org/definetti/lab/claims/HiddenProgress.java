package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.definetti.lab.sparse.ParityRun;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V18: what moves inside a transformer block while its accuracy on a parity is still at chance.
 *
 * <ul>
 *   <li>Measured over the plateau, from the start to the last look with accuracy below 0.55: the
 *       mass of the best head on the relevant positions, and the largest change of an entry of the
 *       queries' map as a share of its change at the end.
 *   <li>Reported, not gated: the best of 16 heads starts above the uniform mass s/(T + 1), so the
 *       uniform and the initial mass stand beside it.
 *   <li>Curves in time, one a trial: accuracy, loss, mass, change.
 *   <li>Source: probe [source: third-party notes on Barak-2022]; in attention [derived] (check
 *       V18).
 * </ul>
 */
public final class HiddenProgress implements Claim {

  private static final String ID = "V18";

  private static final int POINTS = 200; // of a curve in time

  /** Returns the claim. */
  public HiddenProgress() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "hidden-progress";
  }

  @Override
  public String statement() {
    return "While a transformer block's accuracy on a parity is at chance, its attention and its"
        + " weights move: how far is measured.";
  }

  @Override
  public Source source() {
    return Source.derived("check V18, pre-registered; the probe is that of Barak-2022, by notes");
  }

  @Override
  public String prediction() {
    return "none: at the last look at chance, the best head's mass on the relevant positions over"
        + " its initial mass, and the share of the final change of weights, are reported";
  }

  @Override
  public ExpectedOutcome expected() {
    return new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED);
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "parity", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 20 : 120);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int length = budget == Budget.SMOKE ? 10 : budget == Budget.STANDARD ? 20 : 30;
    int sparsity = budget == Budget.SMOKE ? 2 : 3;
    int trials = budget == Budget.FULL ? 5 : 2;
    int cap = budget == Budget.SMOKE ? 400 : 6000;
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < trials; trial++) {
      cells.add(
          Cell.of("model", "parity-of-" + sparsity + "-of-" + length)
              .with("claim", ID)
              .with("attention", "trial-" + trial)
              .with("origin", "trained")
              .with(Cell.SEED, "0"));
    }
    Map<String, String> configuration = Map.of("cap", String.valueOf(cap), "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "step", cells);
    Results results =
        runner.execute(
            plan,
            cell ->
                curve(
                    ParityRun.of(
                        SparseFunction::parity,
                        length,
                        sparsity,
                        cap,
                        false,
                        seed.child(cell.axis("attention")))));
    ParityRun coins =
        ParityRun.of(
            SparseFunction::parity,
            length,
            sparsity,
            Math.min(cap, 500),
            true,
            seed.child("coins"));
    double coinAccuracy = coins.looks().get(coins.looks().size() - 1).accuracy();
    double[] growth = new double[trials];
    double[] share = new double[trials];
    double initial = 0;
    for (int trial = 0; trial < trials; trial++) {
      List<CellPoint> points = results.cells().get(trial).points();
      CellPoint last = points.get(0);
      for (CellPoint point : points) {
        last = CellNumbers.of(point, "accuracy") < 0.55 ? point : last;
      }
      growth[trial] =
          CellNumbers.of(last, "best-head-mass") / CellNumbers.of(points.get(0), "best-head-mass");
      CellPoint solution = points.get(points.size() - 1);
      share[trial] =
          CellNumbers.of(last, "largest-change") / CellNumbers.of(solution, "largest-change");
      initial += CellNumbers.of(points.get(0), "best-head-mass") / trials;
    }
    String beside =
        String.format(
            Locale.ROOT,
            "%s, %d trials; uniform mass %.3f, initial %.3f",
            Judging.REPORTED,
            trials,
            sparsity / (length + 1.0),
            initial);
    double end = 0;
    for (int trial = 0; trial < trials; trial++) {
      List<CellPoint> points = results.cells().get(trial).points();
      end += CellNumbers.of(points.get(points.size() - 1), "accuracy") / trials;
    }
    Prediction solved = Prediction.atLeast(0.99);
    return ClaimResult.of(
            ClaimPart.of("accuracy-at-end", Verdict.exact(end, solved))
                .withExpected(ExpectedOutcome.confirmed("what is watched is a network that learns"))
                .withControl(
                    Control.of(
                        Verdict.exact(coinAccuracy, solved),
                        String.format(
                            Locale.ROOT, "labels that are coins: accuracy %.2f", coinAccuracy))),
            reported("mass-at-chance", growth, Prediction.atLeast(1), beside),
            reported(
                "change-at-chance",
                share,
                Prediction.atLeast(0.5),
                Judging.REPORTED + ": share of the final change of the queries' map"))
        .withResults(List.of(results));
  }

  private static ClaimPart reported(
      String name, double[] numbers, Prediction prediction, String reason) {
    double mean = Arrays.stream(numbers).average().orElse(Double.NaN);
    return ClaimPart.of(name, Verdict.exact(mean, prediction).inconclusiveBecause(reason));
  }

  private static CellResult curve(ParityRun run) {
    List<ParityRun.Look> looks = run.looks();
    int every = Math.max(1, looks.size() / POINTS);
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < looks.size(); i++) {
      ParityRun.Look look = looks.get(i);
      if (i % every == 0 || i == looks.size() - 1 || look.equals(run.lastAtChance())) {
        points.add(
            new CellPoint(
                (double) look.steps(),
                Map.of(
                    "accuracy", Estimate.exact(look.accuracy()),
                    "loss", Estimate.exact(look.loss()),
                    "best-head-mass", Estimate.exact(look.mass()),
                    "largest-change", Estimate.exact(look.change()))));
      }
    }
    return new CellResult(points);
  }
}
