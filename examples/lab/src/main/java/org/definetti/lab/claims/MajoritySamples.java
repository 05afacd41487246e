package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
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
import org.definetti.random.Seed;

/**
 * V20: majorities of 3 of T fair bits, learned from fixed sets: how often, reported.
 *
 * <ul>
 *   <li>Protocol of the pre-registration: 64 heads, network of 256, Adam 3e-3, every set kept.
 *   <li>Parts, not gated: success at the largest size of each T, and at the smallest beside it.
 *       That a transformer learns sparse majority is not a statement of the four sources.
 *   <li>Source: protocol [derived] (check V20); the task [source: Trauger-2023, abstract].
 * </ul>
 */
public final class MajoritySamples implements Claim {

  private static final String ID = "V20";

  private static final int SPARSITY = 3;

  /** Returns the claim. */
  public MajoritySamples() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "majority-samples";
  }

  @Override
  public String statement() {
    return "How many samples a transformer block needs to learn the majority of 3 of T fair bits is"
        + " measured beside its conjunctions.";
  }

  @Override
  public Source source() {
    return Source.derived("check V20, pre-registered; sparse majority is named by Trauger-2023");
  }

  @Override
  public String prediction() {
    return "none: success rates are reported";
  }

  @Override
  public ExpectedOutcome expected() {
    return new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED);
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "samples", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 20 : 240);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<Integer, List<Integer>> grid = new LinkedHashMap<>();
    if (budget == Budget.SMOKE) {
      grid.put(20, List.of(20, 60));
    } else {
      grid.put(50, List.of(30, 50, 80));
      grid.put(100, List.of(40, 60, 90));
    }
    if (budget == Budget.FULL) {
      grid.put(200, List.of(50, 80, 120));
      grid.put(400, List.of(80, 120));
    }
    int trials = budget == Budget.FULL ? 10 : budget == Budget.STANDARD ? 4 : 2;
    LearningCurve curve = curve(StringTask.MAJORITY, trials);
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    Prediction half = Prediction.atLeast(0.5);
    grid.forEach(
        (length, sizes) -> {
          LearningCurve.Outcome outcome = curve.at(length, sizes, seed.child("B"), runner);
          results.addAll(outcome.results());
          SortedMap<Integer, CriticalSize.Count> counts = outcome.counts();
          int largest = counts.lastKey();
          double rate = CriticalSize.rate(counts, largest);
          double least = CriticalSize.rate(counts, counts.firstKey());
          String reason =
              String.format(
                  Locale.ROOT,
                  "%s: success at m = %d; at m = %d it is %.0f %%",
                  Judging.REPORTED,
                  largest,
                  counts.firstKey(),
                  100 * least);
          parts.add(
              ClaimPart.of("T-" + length, Verdict.exact(rate, half).inconclusiveBecause(reason)));
        });
    int shortest = grid.keySet().iterator().next();
    List<Integer> sizes = grid.values().iterator().next();
    int largest = sizes.get(sizes.size() - 1);
    LearningCurve.Outcome shuffled =
        curve(StringTask.SHUFFLED_MAJORITY, Math.min(trials, 4))
            .at(shortest, List.of(largest), seed.child("shuffled"), runner.within("shuffled"));
    results.addAll(shuffled.results());
    double chance = CriticalSize.rate(shuffled.counts(), largest);
    parts.set(
        0,
        parts
            .get(0)
            .withControl(
                Control.of(
                    Verdict.exact(chance, half),
                    String.format(Locale.ROOT, "shuffled labels: success %.0f %%", 100 * chance))));
    return ClaimResult.of(parts).withResults(results);
  }

  private static LearningCurve curve(StringTask task, int trials) {
    StringLearner learner = StringLearner.transformer(64, 64, 256, 3e-3, 500);
    return new LearningCurve(ID, learner, task, SPARSITY, trials, 500);
  }
}
