package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
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
import org.definetti.lab.sparse.TrainingSet;
import org.definetti.layer.StringPerceptronLayer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Momentum;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V21: a perceptron of 100 units learns k-sparse parities of n bits online, in about n^k steps.
 *
 * <ul>
 *   <li>Stochastic gradients of batches of 32, rate 0.1, hinge loss; solved at 99 % of 512 strings,
 *       looked at every 250 steps.
 *   <li>Parts: {@code solved}, the least share of seeds over all (n, k); {@code not-at-once}, the
 *       fewest steps of a solved run at the largest n; {@code growth}, the ratio of median steps
 *       from k = 2 to 3 at the largest n, reported; the largest change of a weight over the plateau
 *       is in the curves.
 *   <li>Controls: labels that are coins; one relevant bit, which has no plateau.
 *   <li>Source: setting [source: third-party notes on Barak-2022] (check V21).
 * </ul>
 */
public final class PerceptronParity implements Claim {

  private static final String ID = "V21";

  private static final int UNITS = 100;
  private static final int BATCH = 32;
  private static final double RATE = 0.1;
  private static final int EVERY = 250;
  private static final double SOLVED_AT = 0.99;
  private static final String STEPS = "steps";
  private static final String SOLVED = "solved";
  private static final String CHANGE = "change-at-chance";

  /**
   * What a budget runs.
   *
   * @param lengths n
   * @param sparsities k
   * @param seeds of each
   * @param cap the most steps
   */
  private record Size(List<Integer> lengths, List<Integer> sparsities, int seeds, int cap) {}

  /** Returns the claim. */
  public PerceptronParity() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "perceptron-parity";
  }

  @Override
  public String statement() {
    return "A perceptron of 100 rectified units learns the parity of k of n bits from fresh samples"
        + " by stochastic gradients, after a plateau that grows with n and k.";
  }

  @Override
  public Source source() {
    return Source.derived("check V21, pre-registered; setting after notes on Barak-2022");
  }

  @Override
  public String prediction() {
    return "at least 20 % of seeds solve every (n, k) within 1e5 steps; none before step 500 at the"
        + " largest n with k = 3; more steps for larger k";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "parity", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 20 : 400);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(List.of(10), List.of(2), 3, 5000);
          case STANDARD -> new Size(List.of(10, 20), List.of(2, 3), 5, 20_000);
          case FULL -> new Size(List.of(10, 20, 30), List.of(2, 3), 25, 100_000);
        };
    List<Results> results = new ArrayList<>();
    double least = 1;
    for (int sparsity : size.sparsities) {
      Results own = run(size, sparsity, false, seed, runner.within("k-" + sparsity));
      results.add(own);
      for (int length : size.lengths) {
        least = Math.min(least, CellNumbers.mean(CellNumbers.at(own, SOLVED, length)));
      }
    }
    int largest = size.lengths.get(size.lengths.size() - 1);
    Results hardest = results.get(results.size() - 1);
    Size brief = new Size(List.of(largest), size.sparsities, 3, Math.min(size.cap, 5000));
    int last = size.sparsities.get(size.sparsities.size() - 1);
    double coins =
        CellNumbers.mean(
            CellNumbers.at(run(brief, last, true, seed, runner.within("coins")), SOLVED, largest));
    Prediction fifth = Prediction.atLeast(0.2);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(
        ClaimPart.of("solved", Verdict.exact(least, fifth))
            .withControl(
                Control.of(
                    Verdict.exact(coins, fifth),
                    String.format(
                        Locale.ROOT, "labels that are coins: %.0f %% solved", 100 * coins))));
    if (budget != Budget.SMOKE) {
      double[] steps = CellNumbers.at(hardest, STEPS, largest);
      double fewest = Arrays.stream(steps).min().orElse(0);
      double easy = singleBit(brief, seed, runner.within("k-1"));
      Prediction late = Prediction.atLeast(500);
      parts.add(
          ClaimPart.of("not-at-once", Verdict.exact(fewest, late))
              .withControl(
                  Control.of(
                      Verdict.exact(easy, late),
                      String.format(
                          Locale.ROOT,
                          "one relevant bit, which has no plateau: solved after %.0f steps",
                          easy))));
      parts.add(growth(results, largest));
    }
    return ClaimResult.of(parts).withResults(results);
  }

  /** Returns the fewest steps of a run whose label is one bit of the longest strings. */
  private static double singleBit(Size brief, Seed seed, Runner runner) {
    int length = brief.lengths.get(0);
    double[] steps = CellNumbers.at(run(brief, 1, false, seed, runner), STEPS, length);
    return Arrays.stream(steps).min().orElse(0);
  }

  private static ClaimPart growth(List<Results> results, int largest) {
    double two = CellNumbers.median(CellNumbers.at(results.get(0), STEPS, largest));
    double three = CellNumbers.median(CellNumbers.at(results.get(1), STEPS, largest));
    String reason =
        String.format(
            Locale.ROOT,
            "reported, not gated: median steps at n = %d, %.0f for k = 2 and %.0f for k = 3",
            largest,
            two,
            three);
    return ClaimPart.of(
            "growth", Verdict.exact(three / two, Prediction.atLeast(1)).inconclusiveBecause(reason))
        .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, "reported, not gated"));
  }

  private static Results run(Size size, int sparsity, boolean coins, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < size.seeds; trial++) {
      cells.add(
          Cell.of("model", "parity-of-" + sparsity)
              .with("claim", ID)
              .with("attention", coins ? "coin-labels" : "perceptron")
              .with("origin", "trained")
              .with(Cell.SEED, String.valueOf(trial)));
    }
    Map<String, String> configuration =
        Map.of(
            "lengths", size.lengths.toString(),
            "cap", String.valueOf(size.cap),
            "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "length", cells);
    return runner.execute(
        plan,
        cell -> {
          List<CellPoint> points = new ArrayList<>();
          for (int length : size.lengths) {
            Seed own = seed.child(sparsity).child(length).child(cell.axis(Cell.SEED));
            points.add(point(length, sparsity, size.cap, coins, own));
          }
          return new CellResult(points);
        });
  }

  private static CellPoint point(int length, int sparsity, int cap, boolean coins, Seed seed) {
    SparseFunction function =
        SparseFunction.parity(
            length,
            SparseFunction.drawPositions(length, sparsity, seed.child("hidden").generator()));
    StringPerceptronLayer layer = StringPerceptronLayer.of(length, UNITS, 1);
    Descent descent =
        new Descent(
            layer,
            Loss.hinge(),
            new Momentum(0),
            RATE,
            layer.initial(seed.child("initial").generator()),
            BATCH,
            length,
            List.of());
    Batch test = TrainingSet.strings(function, 512, 0.5, seed.child("held-out").generator());
    RandomGenerator rng = seed.child("data").generator();
    Batch batch = Batch.zeros(TrainingSet.WIDTHS, BATCH, length);
    double accuracy = 0;
    double change = 0; // at the last look at chance
    while (descent.steps() < cap && accuracy < SOLVED_AT) {
      TrainingSet.refill(batch, function, 0.5, coins, rng);
      descent.step(batch);
      if (descent.steps() % EVERY == 0) {
        accuracy = descent.accuracy(test);
        change = accuracy < 0.55 ? descent.largestChange("hidden.map") : change;
      }
    }
    Map<String, Estimate> metrics = new TreeMap<>();
    metrics.put(STEPS, Estimate.exact((double) descent.steps()));
    metrics.put(SOLVED, Estimate.exact(accuracy >= SOLVED_AT ? 1 : 0));
    metrics.put(CHANGE, Estimate.exact(change));
    return new CellPoint(length, metrics);
  }
}
