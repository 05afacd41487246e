package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
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
 * V16: a perceptron without attention needs several samples a bit to find a conjunction of 3 of T.
 *
 * <ul>
 *   <li>128 rectified units, inputs ±1, Adam 1e-3, all 400 steps, m = 2T, 4T, 8T: the settings
 *       fixed before, not tuned. No ratio to the transformer is made from it; the tuned one is an
 *       arm of {@link ConjunctionSamples}.
 *   <li>Parts: success at 2T and at 8T over all T; accuracy is in the curves. That few succeed at
 *       2T and most at 8T was seen in a pilot with seed 1 before it was written down.
 *   <li>Control: each prediction at the other size.
 *   <li>Source: [derived] (check V16).
 * </ul>
 */
public final class PerceptronSamples implements Claim {

  private static final String ID = "V16";

  private static final int SPARSITY = 3;
  private static final int HELD_OUT = 1000;
  private static final double HALF = 0.5;

  /** Returns the claim. */
  public PerceptronSamples() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "perceptron-samples";
  }

  @Override
  public String statement() {
    return "A perceptron without attention finds a conjunction of 3 of T bits from 8T samples and"
        + " not from 2T: its samples grow with the length of the string.";
  }

  @Override
  public Source source() {
    return Source.derived("check V16; thresholds set after a pilot with seed 1");
  }

  @Override
  public String prediction() {
    return "share of networks with 99 % held-out accuracy: below 1/2 at m = 2T, at least 1/2 at m ="
        + " 8T, T = 25, 50, 100";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "samples", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 20 : 60);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Integer> lengths =
        switch (budget) {
          case SMOKE -> List.of(25);
          case STANDARD -> List.of(25, 50);
          case FULL -> List.of(25, 50, 100);
        };
    int trials = budget == Budget.SMOKE ? 3 : 5; // odd, so that no rate is one half
    LearningCurve curve =
        new LearningCurve(
            ID,
            StringLearner.perceptron(128, 1e-3, 400).withAllSteps(),
            StringTask.CONJUNCTION,
            SPARSITY,
            trials,
            HELD_OUT);
    List<Results> results = new ArrayList<>();
    double[] few = new double[lengths.size()];
    double[] many = new double[lengths.size()];
    StringBuilder accuracies = new StringBuilder();
    for (int i = 0; i < lengths.size(); i++) {
      int length = lengths.get(i);
      LearningCurve.Outcome outcome =
          curve.at(length, List.of(2 * length, 4 * length, 8 * length), seed, runner);
      results.addAll(outcome.results());
      few[i] = CriticalSize.rate(outcome.counts(), 2 * length);
      many[i] = CriticalSize.rate(outcome.counts(), 8 * length);
      accuracies.append(
          String.format(
              Locale.ROOT,
              "%sT = %d: %.3f, %.3f, %.3f",
              i == 0 ? "mean accuracy at 2T, 4T, 8T: " : "; ",
              length,
              accuracy(outcome, 2 * length),
              accuracy(outcome, 4 * length),
              accuracy(outcome, 8 * length)));
    }
    double most = Arrays.stream(few).max().orElseThrow();
    double least = Arrays.stream(many).min().orElseThrow();
    Prediction rare = Prediction.atMost(HALF);
    Prediction common = Prediction.atLeast(HALF);
    return ClaimResult.of(
            ClaimPart.of("two-a-bit", Verdict.exact(most, rare).withReason(accuracies.toString()))
                .withControl(
                    Control.of(
                        Verdict.exact(least, rare),
                        String.format(Locale.ROOT, "8T: success %.0f %%", 100 * least))),
            ClaimPart.of("eight-a-bit", Verdict.exact(least, common))
                .withControl(
                    Control.of(
                        Verdict.exact(most, common),
                        String.format(Locale.ROOT, "2T: success %.0f %%", 100 * most))))
        .withResults(results);
  }

  private static double accuracy(LearningCurve.Outcome outcome, int size) {
    return outcome.results().stream()
        .flatMapToDouble(
            results -> Arrays.stream(CellNumbers.at(results, LearningCurve.ACCURACY, size)))
        .average()
        .orElse(Double.NaN);
  }
}
