package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
import org.definetti.lab.sparse.ParityRun;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V17: a transformer block learns parities online, by a plateau and a jump.
 *
 * <ul>
 *   <li>Pre-registered in {@code docs/preregistration/sparse-variables.md}.
 *   <li>Parts: {@code solved}, how many of the trials at the longest strings of s = 3; {@code
 *       plateau}, the loss while accuracy is at chance; {@code jump}, the share of all solved runs
 *       that go from below 0.55 to above 0.99 within a tenth of their steps; {@code
 *       jump-of-long-runs}, the same of runs of at least 500 steps, added after the pilot; {@code
 *       order}, whether median steps rise with T and with s.
 *   <li>Controls: labels that are coins; majority, which has no plateau.
 *   <li>Source: task [source: slides on Edelman-2022]; settings [recalled, uncertain]; protocol
 *       [derived] (check V17).
 * </ul>
 */
public final class ParityLearned implements Claim {

  private static final String ID = "V17";

  private static final String STEPS = "steps";
  private static final String SOLVED = "solved";
  private static final String JUMP = "jump-share";
  private static final String PLATEAU = "plateau-loss";

  private static final double SHARE_SOLVED = 0.8; // 4 of 5
  private static final double TENTH = 0.1;
  private static final double FLAT = 0.02; // nats around ln 2
  private static final double LONG = 500; // steps

  private static final ExpectedOutcome TOO_SIMPLE =
      new ExpectedOutcome(
          Outcome.REFUTED,
          "refuted in the pilot: an easy parity takes a hundred steps, of which the fall takes"
              + " thirty");

  /**
   * What a budget runs.
   *
   * @param lengths the T of each s
   * @param trials of each
   * @param cap the most steps
   */
  private record Size(Map<Integer, List<Integer>> lengths, int trials, int cap) {}

  /** Returns the claim. */
  public ParityLearned() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "parity-learned";
  }

  @Override
  public String statement() {
    return "One transformer block learns the parity of s of T bits from fresh samples: loss stays"
        + " at ln 2 on a plateau, then falls at once, and both longer strings and more"
        + " relevant bits take more steps.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V17, pre-registered; that a transformer layer learns 3-sparse parity is in slides on"
            + " Edelman-2022");
  }

  @Override
  public String prediction() {
    return "T = 30, s = 3 solved in at least 4 of 5 trials; loss on the plateau ln 2 = 0.693 ±"
        + " 0.02; accuracy goes from below 0.55 to above 0.99 within a tenth of the steps in"
        + " most runs; median steps rise with T and with s";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "parity", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 5;
          case STANDARD -> 30;
          case FULL -> 300;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Results> results = new ArrayList<>();
    size.lengths.forEach(
        (sparsity, lengths) ->
            results.add(run(sparsity, lengths, size, false, seed, runner.within("s-" + sparsity))));
    int hardest = size.lengths.containsKey(3) ? 3 : 2;
    List<Integer> lengths = Objects.requireNonNull(size.lengths.get(hardest));
    int longest = lengths.get(lengths.size() - 1);
    int index = new ArrayList<>(size.lengths.keySet()).indexOf(hardest);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(solved(results.get(index), hardest, longest, size, seed, runner));
    if (budget != Budget.SMOKE) {
      parts.add(plateau(results, majority(seed, size)));
      ParityRun majority = majority(seed, size);
      parts.add(jump("jump", 0, results, majority).withExpected(TOO_SIMPLE));
      if (budget == Budget.FULL) {
        parts.add(jump("jump-of-long-runs", LONG, results, majority));
      }
    }
    parts.add(order(size, results));
    return ClaimResult.of(parts).withResults(results);
  }

  private static Size size(Budget budget) {
    Map<Integer, List<Integer>> lengths = new TreeMap<>();
    switch (budget) {
      case SMOKE -> lengths.put(2, List.of(6, 16));
      case STANDARD -> {
        lengths.put(2, List.of(10, 20));
        lengths.put(3, List.of(10, 20));
      }
      case FULL -> {
        lengths.put(2, List.of(10, 20, 30, 40));
        lengths.put(3, List.of(10, 15, 20, 30));
        lengths.put(4, List.of(10, 15));
      }
    }
    int trials = budget == Budget.FULL ? 5 : 3;
    return new Size(lengths, trials, budget == Budget.SMOKE ? 400 : 6000);
  }

  private static Results run(
      int sparsity, List<Integer> lengths, Size size, boolean coins, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < size.trials; trial++) {
      cells.add(
          Cell.of("model", "parity-of-" + sparsity)
              .with("claim", ID)
              .with("attention", coins ? "coin-labels" : "transformer")
              .with("origin", "trained")
              .with(Cell.SEED, String.valueOf(trial)));
    }
    Map<String, String> configuration =
        Map.of(
            "lengths", lengths.toString(),
            "cap", String.valueOf(size.cap),
            "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "length", cells);
    return runner.execute(
        plan,
        cell -> {
          List<CellPoint> points = new ArrayList<>();
          for (int length : lengths) {
            Seed own = seed.child(sparsity).child(length).child(cell.axis(Cell.SEED));
            points.add(
                point(
                    length,
                    ParityRun.of(SparseFunction::parity, length, sparsity, size.cap, coins, own)));
          }
          return new CellResult(points);
        });
  }

  private static CellPoint point(int length, ParityRun run) {
    Map<String, Estimate> metrics = new TreeMap<>();
    metrics.put(STEPS, Estimate.exact((double) run.steps()));
    metrics.put(SOLVED, Estimate.exact(run.solved() ? 1 : 0));
    metrics.put(JUMP, Estimate.exact((double) run.jump() / Math.max(1, run.steps())));
    metrics.put(PLATEAU, Estimate.exact(run.plateau()));
    return new CellPoint(length, metrics);
  }

  private static ClaimPart solved(
      Results results, int sparsity, int length, Size size, Seed seed, Runner runner) {
    Prediction most = Prediction.atLeast(SHARE_SOLVED);
    double share = Arrays.stream(CellNumbers.at(results, SOLVED, length)).average().orElse(0);
    long steps = (long) Arrays.stream(CellNumbers.at(results, STEPS, length)).max().orElse(0);
    Size brief = new Size(size.lengths, Math.min(size.trials, 3), (int) Math.min(size.cap, steps));
    Results coins =
        run(sparsity, List.of(length), brief, true, seed.child("coins"), runner.within("coins"));
    double chance = Arrays.stream(CellNumbers.at(coins, SOLVED, length)).average().orElse(0);
    return ClaimPart.of("solved", Verdict.exact(share, most))
        .withControl(
            Control.of(
                Verdict.exact(chance, most),
                String.format(
                    Locale.ROOT,
                    "labels that are coins, as many steps: %.0f %% solved",
                    100 * chance)));
  }

  /** A metric of all solved runs of at least so many steps. */
  private static double[] all(List<Results> results, String metric, double least) {
    return results.stream()
        .flatMap(part -> part.cells().stream())
        .flatMap(cell -> cell.points().stream())
        .filter(
            point -> CellNumbers.of(point, SOLVED) > 0.5 && CellNumbers.of(point, STEPS) >= least)
        .mapToDouble(point -> CellNumbers.of(point, metric))
        .toArray();
  }

  private static ParityRun majority(Seed seed, Size size) {
    return ParityRun.of(SparseFunction::majority, 20, 3, size.cap, false, seed.child("majority"));
  }

  private static ClaimPart plateau(List<Results> results, ParityRun majority) {
    Prediction flat = Prediction.near(Math.log(2), FLAT);
    double mean = Arrays.stream(all(results, PLATEAU, 0)).average().orElse(Double.NaN);
    double loss =
        majority.looks().stream().skip(1).mapToDouble(ParityRun.Look::loss).average().orElse(0);
    return ClaimPart.of("plateau", Verdict.exact(mean, flat))
        .withControl(
            Control.of(
                Verdict.exact(loss, flat),
                String.format(Locale.ROOT, "majority, mean loss on the way: %.3f", loss)));
  }

  /** The share of solved runs of at least so many steps that jump within a tenth of them. */
  private static ClaimPart jump(
      String name, double least, List<Results> results, ParityRun majority) {
    double[] shares = all(results, JUMP, least);
    double sudden = Arrays.stream(shares).filter(x -> x <= TENTH).count() / (double) shares.length;
    double gradual = (double) majority.jump() / Math.max(1, majority.steps());
    Prediction most = Prediction.atLeast(0.5);
    return ClaimPart.of(
            name,
            Verdict.exact(sudden, most)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "%d solved runs; the median run jumps in %.0f %% of its steps",
                        shares.length,
                        100 * CellNumbers.median(shares))))
        .withControl(
            Control.of(
                Verdict.exact(gradual <= TENTH ? 1 : 0, most),
                String.format(
                    Locale.ROOT,
                    "majority goes from chance to solved over %.0f %% of its steps",
                    100 * gradual)));
  }

  /** The share of neighbours, in T at fixed s and in s at fixed T, whose median steps rise. */
  private static ClaimPart order(Size size, List<Results> results) {
    List<Integer> sparsities = new ArrayList<>(size.lengths.keySet());
    Map<List<Integer>, Double> medians = new LinkedHashMap<>(); // by s and T
    for (int i = 0; i < sparsities.size(); i++) {
      for (int length : Objects.requireNonNull(size.lengths.get(sparsities.get(i)))) {
        double steps = CellNumbers.median(CellNumbers.at(results.get(i), STEPS, length));
        medians.put(List.of(sparsities.get(i), length), steps);
      }
    }
    // Each number moved on by one place: nearly right, and the last is where the first should be.
    Map<List<Integer>, Double> moved = new LinkedHashMap<>(medians);
    List<Double> numbers = new ArrayList<>(medians.values());
    Collections.rotate(numbers, 1);
    int[] next = {0};
    moved.replaceAll((place, steps) -> numbers.get(next[0]++));
    Prediction all = Prediction.atLeast(1);
    double wrong = rising(moved, size);
    return ClaimPart.of("order", Verdict.exact(rising(medians, size), all))
        .withControl(
            Control.of(
                Verdict.exact(wrong, all),
                String.format(
                    Locale.ROOT, "every median moved on by one place: %.0f %% rise", 100 * wrong)));
  }

  private static double rising(Map<List<Integer>, Double> medians, Size size) {
    int pairs = 0;
    int rising = 0;
    for (Map.Entry<List<Integer>, Double> entry : medians.entrySet()) {
      int sparsity = entry.getKey().get(0);
      int length = entry.getKey().get(1);
      List<Integer> lengths = Objects.requireNonNull(size.lengths.get(sparsity));
      int index = lengths.indexOf(length);
      List<List<Integer>> before = new ArrayList<>();
      if (index > 0) {
        before.add(List.of(sparsity, lengths.get(index - 1)));
      }
      before.add(List.of(sparsity - 1, length));
      for (List<Integer> place : before) {
        Double fewer = medians.get(place);
        if (fewer != null) {
          pairs++;
          rising += entry.getValue() > fewer ? 1 : 0;
        }
      }
    }
    return (double) rising / pairs;
  }
}
