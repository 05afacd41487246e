package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Belief;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.latent.finite.VersionSpace;
import org.definetti.random.Seed;
import org.definetti.sparse.InformationBound;

/**
 * V15: how many samples leave one conjunction, and how well the exact posterior predicts before.
 *
 * <pre>{@code
 * irrelevant positions that are one in every positive sample:   (T - 3) p^(number of positives) on average
 * }</pre>
 *
 * <ul>
 *   <li>Measured: {@link VersionSpace#isUnique} over random sets of even size, from the information
 *       bound up; the mean error of the {@link SparseBoolean} posterior, E min(P(1), P(0)), on new
 *       bits.
 *   <li>The reference was itself a Monte Carlo of 60 sets, read to ± 2; this is a description of
 *       the task, not a test of a network.
 *   <li>Controls: the threshold of fair bits, p = 1/2, which label too few samples one; (T - 3)
 *       2^-positives.
 *   <li>Source: [derived] (check V15).
 * </ul>
 */
public final class VersionSpaceThreshold implements Claim {

  private static final String ID = "V15";

  private static final int SPARSITY = 3;
  private static final double TOLERANCE = 2;
  private static final int[] LENGTHS = {25, 50, 100, 200, 400, 800, 1600};
  private static final int[] REFERENCE = {20, 20, 24, 26, 28, 32, 36};

  /** Returns the claim. */
  public VersionSpaceThreshold() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "version-space-threshold";
  }

  @Override
  public String statement() {
    return "Conjunctions of 3 of T bits become identifiable at a sample size that grows as"
        + " log T: the smallest even m at which at least half of random sets have a unique"
        + " consistent triple.";
  }

  @Override
  public Source source() {
    return Source.derived("check V15");
  }

  @Override
  public String prediction() {
    return "20, 20, 24, 26, 28, 32 (± 2) for T = 25..800 doubling and 36 at 1600;"
        + " irrelevant candidates (T - 3) p^(positives)";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "samples");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 10;
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int count = budget == Budget.FULL ? LENGTHS.length : budget == Budget.STANDARD ? 5 : 2;
    int sets = budget == Budget.FULL ? 600 : 200;
    double[] lengths = Arrays.stream(LENGTHS, 0, count).asDoubleStream().toArray();
    double[] thresholds = new double[count];
    List<ClaimPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, LENGTHS[i], SPARSITY);
      thresholds[i] = threshold(model, sets, seed.child("sets"));
      ClaimPart part =
          ClaimPart.of(
              "T-" + LENGTHS[i],
              Verdict.exact(thresholds[i], Prediction.near(REFERENCE[i], TOLERANCE)));
      parts.add(i == 0 ? part.withControl(fair(model, sets, seed.child("fair"))) : part);
    }
    parts.add(candidates(budget, seed.child("candidates")));
    Results growth =
        Tabulated.of(ID, "3-of-T-bits", "samples")
            .with("version-space", t -> thresholds[Arrays.binarySearch(lengths, t)])
            .with("information-bound", t -> InformationBound.samples((int) t, SPARSITY))
            .over("length", lengths, runner.within("thresholds"));
    Results errors = errors(budget, seed.child("errors"), runner.within("errors"));
    return ClaimResult.of(parts).withResults(List.of(growth, errors));
  }

  /** Returns the least even number of samples that leave one subset in half of random sets. */
  static double threshold(SparseBoolean model, int sets, Seed seed) {
    double bound = InformationBound.samples(model.positions(), SPARSITY);
    int samples = 2 * (int) (bound / 2);
    while (unique(model, samples, sets, seed) < 0.5) {
      samples += 2;
    }
    return samples;
  }

  private static double unique(SparseBoolean model, int samples, int sets, Seed seed) {
    int unique = 0;
    for (int n = 0; n < sets; n++) {
      Seed own = seed.child(model.positions()).child(samples).child(n);
      Tokens tokens = model.sample(samples, own.generator()).tokens();
      unique += VersionSpace.of(SparseRule.CONJUNCTION, SPARSITY, tokens).isUnique() ? 1 : 0;
    }
    return (double) unique / sets;
  }

  private static Control fair(SparseBoolean model, int sets, Seed seed) {
    double samples = threshold(model.withOneProbability(0.5), sets, seed);
    return Control.of(
        Verdict.exact(samples, Prediction.near(REFERENCE[0], TOLERANCE)),
        String.format(Locale.ROOT, "fair bits: %.0f samples", samples));
  }

  /** Irrelevant positions that no positive sample rules out, over their expected number. */
  private static ClaimPart candidates(Budget budget, Seed seed) {
    int length = 100;
    int samples = 24;
    int sets = budget == Budget.SMOKE ? 2_000 : 20_000;
    SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, length, SPARSITY);
    double[] differences = new double[sets];
    double expected = 0;
    double halves = 0;
    for (int n = 0; n < sets; n++) {
      Sample<List<Integer>> sample = model.sample(samples, seed.child(n).generator());
      int positives = positives(sample.tokens());
      double own = (length - SPARSITY) * Math.pow(model.oneProbability(), positives);
      expected += own / sets;
      halves += (length - SPARSITY) * Math.pow(0.5, positives) / sets;
      differences[n] = survivors(sample.tokens()) - SPARSITY - own;
    }
    Estimate estimate = Estimate.of(differences);
    double ratio = 1 + estimate.mean() / expected;
    double half = 3 * estimate.standardError() / expected; // false alarm 0.3 %
    Prediction one = Prediction.near(1, budget == Budget.SMOKE ? 0.15 : 0.05);
    Interval interval = Interval.around(ratio, half);
    double wrong = ratio * expected / halves;
    return ClaimPart.of("candidates", Verdict.of(ratio, interval, one))
        .withControl(
            Control.of(
                Verdict.of(wrong, Interval.around(wrong, half * expected / halves), one),
                String.format(Locale.ROOT, "with 1/2 for p: a factor %.1f", wrong)));
  }

  private static int positives(Tokens tokens) {
    int positives = 0;
    for (int l = 0; l < tokens.length(); l++) {
      positives += (int) tokens.at(l, tokens.space().keyWidth());
    }
    return positives;
  }

  private static int survivors(Tokens tokens) {
    int label = tokens.space().keyWidth();
    int survivors = 0;
    for (int t = 0; t < label; t++) {
      boolean possible = true;
      for (int l = 0; l < tokens.length(); l++) {
        possible &= tokens.at(l, label) == 0 || tokens.at(l, t) == 1;
      }
      survivors += possible ? 1 : 0;
    }
    return survivors;
  }

  /** The error of the Bayes predictor against the number of samples. */
  private static Results errors(Budget budget, Seed seed, Runner runner) {
    double[] samples = {2, 4, 8, 12, 16, 20, 24, 28, 32, 40};
    int sets = budget == Budget.FULL ? 40 : budget == Budget.STANDARD ? 10 : 2;
    Tabulated table = Tabulated.of(ID, "bayes-predictor", "error");
    for (int length : budget == Budget.SMOKE ? new int[] {25} : new int[] {25, 50, 100}) {
      table = table.with("length-" + length, m -> error(length, (int) m, sets, seed));
    }
    return table.over("samples", samples, runner);
  }

  private static double error(int length, int samples, int sets, Seed seed) {
    SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, length, SPARSITY);
    int queries = 20;
    double sum = 0;
    for (int n = 0; n < sets; n++) {
      RandomGenerator rng = seed.child(length).child(samples).child(n).generator();
      Belief<List<Integer>> belief = model.prior().observe(model.sample(samples, rng).tokens());
      for (int q = 0; q < queries; q++) {
        double one = belief.predictive(model.drawQuery(rng)).mean().get(0, 0);
        sum += Math.min(one, 1 - one) / queries / sets;
      }
    }
    return sum;
  }
}
