package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.sparse.Normaliser;

/**
 * V1: how far attention weights move when scores do, for each {@link Normaliser}.
 *
 * <pre>{@code
 * ‖Norm(a) - Norm(b)‖_1 <= C ‖a - b‖_∞
 * softmax 1;   sparsemax N (even N);   relu 2/(1 - B) for scores within B < 1;   none N
 * }</pre>
 *
 * <ul>
 *   <li>A constant is checked by the largest ratio of the two sides over random scores moved by h
 *       up or down, over numbers of tokens from 2 to 4096, and where it is attained.
 *   <li>Controls: half the constant of softmax; the constant 1 for sparsemax, for relu with scores
 *       down to -0.9 and for weights that are not normalised, all exceeded.
 *   <li>Source: [derived] (check V1); a constant 2 is [source: Edelman-2022, Corollary A.7, as
 *       quoted in a later paper].
 * </ul>
 */
public final class SoftmaxSmoothness implements Claim {

  private static final String ID = "V1";

  private static final double ROUNDING = 1e-12;
  private static final double TIGHT = 0.999;
  private static final double STEP = 1e-3;
  private static final double SCORE = 0.9; // the bound on the scores of relu

  /** Returns the claim. */
  public SoftmaxSmoothness() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "softmax-smoothness";
  }

  @Override
  public String statement() {
    return "Moving every score by at most h moves softmax weights by at most h in l1,"
        + " however many tokens there are; sparsemax needs a constant that grows with the"
        + " number of tokens, and so do weights that are not normalised.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V1; a constant 2 is Corollary A.7 of Edelman-2022, as quoted in a later" + " paper");
  }

  @Override
  public String prediction() {
    return "no ratio above 1 + 1e-12; at least 0.999 at two equal scores, h = 1e-3; each"
        + " normaliser within its constant";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "softmax");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 5 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int draws = budget == Budget.FULL ? 200_000 : budget == Budget.STANDARD ? 50_000 : 10_000;
    double random = random(draws, seed.child("random").generator());
    double[] tokens = Arrays.stream(Doubling.upTo(4096)).asDoubleStream().toArray();
    Tabulated table = Tabulated.of(ID, "equal-scores-half-up-half-down", "ratio");
    for (Normaliser normaliser : Normaliser.values()) {
      String name = normaliser.name().toLowerCase(Locale.ROOT);
      table = table.with(name, n -> equalScores(normaliser, (int) n, 1e-5));
    }
    return ClaimResult.of(
            random(random),
            tight(),
            within("sparsemax", Normaliser.SPARSEMAX, draws, seed.child("sparsemax")),
            within("relu", Normaliser.RELU, draws, seed.child("relu")))
        .withResults(List.of(table.over("tokens", tokens, runner)));
  }

  private static ClaimPart random(double largest) {
    double unnormalised = equalScores(Normaliser.NONE, 1024, STEP);
    Prediction one = Prediction.atMost(1 + ROUNDING);
    return ClaimPart.of("softmax", Verdict.exact(largest, one))
        .withControl(
            Control.of(
                Verdict.exact(unnormalised, one),
                String.format(
                    Locale.ROOT,
                    "scores that are not normalised: ratio %.0f at 1024 tokens",
                    unnormalised)));
  }

  private static ClaimPart tight() {
    double ratio = equalScores(Normaliser.SOFTMAX, 2, STEP);
    double half = ratio / 0.5;
    return ClaimPart.of("attained", Verdict.exact(ratio, Prediction.atLeast(TIGHT)))
        .withControl(
            Control.of(
                Verdict.exact(half, Prediction.atMost(1)),
                String.format(Locale.ROOT, "half the constant: exceeded by a factor %.2f", half)));
  }

  /** A normaliser against its own constant; the constant 1 is the control. */
  private static ClaimPart within(String name, Normaliser normaliser, int draws, Seed seed) {
    RandomGenerator rng = seed.generator();
    Prediction one = Prediction.atMost(1 + ROUNDING);
    double largest = 0;
    double plain = 0;
    for (int n = 0; n < draws; n++) {
      int tokens = 2 + (int) (40 * rng.nextDouble());
      double[] before = new double[tokens];
      double[] after = new double[tokens];
      double step = 0.005 + 0.045 * rng.nextDouble(); // smaller ones would show rounding
      for (int i = 0; i < tokens; i++) {
        before[i] = (SCORE - step) * (2 * rng.nextDouble() - 1);
        after[i] = before[i] + (rng.nextBoolean() ? step : -step);
      }
      double ratio = ratio(normaliser, before, after);
      largest = Math.max(largest, ratio / normaliser.lipschitz(tokens, SCORE));
    }
    for (int tokens : new int[] {2, 3, 16, 33}) {
      double ratio = lowScores(normaliser, tokens);
      largest = Math.max(largest, ratio / normaliser.lipschitz(tokens, SCORE));
      plain = Math.max(plain, ratio);
    }
    return ClaimPart.of(name, Verdict.exact(largest, one))
        .withControl(
            Control.of(
                Verdict.exact(plain, one),
                String.format(
                    Locale.ROOT, "with the constant 1: exceeded by a factor %.1f", plain)));
  }

  private static double random(int draws, RandomGenerator rng) {
    double largest = 0;
    for (int n = 0; n < draws; n++) {
      int tokens = 2 + (int) (30 * rng.nextDouble());
      double step = Math.exp(2 * Normal.draw(rng) - 3);
      double spread = 3 * rng.nextDouble();
      double[] before = new double[tokens];
      double[] after = new double[tokens];
      for (int i = 0; i < tokens; i++) {
        before[i] = spread * Normal.draw(rng);
        after[i] = before[i] + (rng.nextBoolean() ? step : -step);
      }
      largest = Math.max(largest, ratio(Normaliser.SOFTMAX, before, after));
    }
    return largest;
  }

  /** Equal scores, every other one up and the rest down: where sparsemax attains its constant. */
  private static double equalScores(Normaliser normaliser, int tokens, double step) {
    return alternating(normaliser, tokens, 0, step);
  }

  private static double lowScores(Normaliser normaliser, int tokens) {
    double step = 1e-4;
    return alternating(normaliser, tokens, step - SCORE, step);
  }

  private static double alternating(Normaliser normaliser, int tokens, double score, double step) {
    double[] before = new double[tokens];
    double[] after = new double[tokens];
    for (int i = 0; i < tokens; i++) {
      before[i] = score;
      after[i] = score + (i % 2 == 0 ? step : -step);
    }
    return ratio(normaliser, before, after);
  }

  private static double ratio(Normaliser normaliser, double[] before, double[] after) {
    double[] a = normaliser.weights(before);
    double[] b = normaliser.weights(after);
    double distance = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      distance += Math.abs(a[i] - b[i]);
      largest = Math.max(largest, Math.abs(before[i] - after[i]));
    }
    return distance / largest;
  }
}
