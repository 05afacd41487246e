package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.SeedCurve;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.random.Seed;
import org.definetti.risk.DecompositionResult;
import org.definetti.risk.ErrorDecomposition;
import org.definetti.risk.ErrorTerm;
import org.definetti.train.TrainingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Part c of D2: a null-token head with learned maps, trained by Adam on n labelled sequences of a
 * Gaussian mean in two dimensions. The posterior mean is in its class, so the approximation error
 * is zero.
 *
 * <p>All numbers are shares of Var(y | X). Excess and gap of one seed are averaged over numbers of
 * samples, each times n, before their slope in L is taken.
 */
final class TrainedGeneralisation {

  private static final int DIMENSION = 2;
  private static final double PRIOR_COUNT = 4;
  private static final GaussianMean MODEL = GaussianMean.of(DIMENSION, 1, PRIOR_COUNT);
  private static final int[] COUNTS = {50, 200, 800, 3200, 12_800};
  private static final int FEWEST_FOR_SLOPES = 200; // below, 1/n is not yet the law
  private static final double FLAT = 0.15; // a logarithm over 8..512 would have slope 0.26
  private static final double SAMPLES_TOLERANCE = 0.1;
  private static final int[] SUMMED_COUNTS = {200};

  private final Size size;
  private final DecompositionResult head;
  private final @Nullable DecompositionResult sums;

  /** How much work a budget does. */
  record Size(
      List<Integer> lengths,
      int counts,
      int lawFrom,
      int seeds,
      int steps,
      List<Integer> summed,
      int sums) {

    static Size of(Budget budget) {
      return switch (budget) {
        // Three seeds of short sums do not tell: the control is left to the larger budgets.
        case SMOKE -> new Size(List.of(8, 32), 3, 200, 2, 100, List.of(), 0);
        case STANDARD -> new Size(List.of(8, 64, 512), 3, 200, 5, 600, List.of(8, 64, 512), 6);
        // At 200 samples excess times n is still a third above its limit, at 800 no longer.
        case FULL -> new Size(List.of(8, 32, 128, 512), 5, 800, 16, 1000, List.of(8, 64, 512), 6);
      };
    }

    int summedSteps() {
      return Math.min(steps, 300);
    }

    int[] samples() {
      return Arrays.copyOf(COUNTS, counts);
    }
  }

  private TrainedGeneralisation(
      Size size, DecompositionResult head, @Nullable DecompositionResult sums) {
    this.size = size;
    this.head = head;
    this.sums = sums;
  }

  /** Trains. */
  static TrainedGeneralisation measure(String claim, Size size, Seed seed, Runner runner) {
    Training ofHead =
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withNullToken())
            .withOptions(TrainingOptions.withDefaults().withSteps(size.steps))
            .withBatchSize(128);
    DecompositionResult head =
        ErrorDecomposition.of(MODEL, "null-token-head", ofHead)
            .withAxis("claim", claim)
            .withApproximation(length -> 0)
            .withSearch(0, 1)
            .withLengths(Judging.ints(size.lengths))
            .withSampleCounts(size.samples())
            .withSeeds(size.seeds)
            .withRunner(runner.within("head"))
            .execute(seed.child("head"));
    return new TrainedGeneralisation(
        size, head, size.sums == 0 ? null : sums(claim, size, seed, runner));
  }

  private static DecompositionResult sums(String claim, Size size, Seed seed, Runner runner) {
    Training ofSums =
        Training.of(
                widths ->
                    LinearAttentionLayer.of(widths).withFeatures(FeatureMap.IDENTITY, Divisor.NONE))
            // A tenth of the rate: sums are large, and the head's own rate throws some of them off.
            .withOptions(
                TrainingOptions.withDefaults()
                    .withSteps(size.summedSteps())
                    .withLearningRate(0.003))
            .withBatchSize(128);
    return ErrorDecomposition.of(MODEL, "linear-attention-sum", ofSums)
        .withAxis("claim", claim)
        .withApproximation(length -> 0)
        .withSearch(0, 1)
        .withLengths(Judging.ints(size.summed))
        .withSampleCounts(SUMMED_COUNTS)
        .withSeeds(size.sums)
        .withRunner(runner.within("sums"))
        .execute(seed.child("sums"));
  }

  /** Returns the results behind the parts, along both axes. */
  List<Results> results() {
    List<Results> results = new ArrayList<>(List.of(head.againstSamples(), head.againstLength()));
    if (sums != null) {
      results.add(sums.againstSamples());
      results.add(sums.againstLength());
    }
    return results;
  }

  /** Returns the parts; their slopes are added to the rates. */
  List<ClaimPart> parts(Budget budget, List<JudgedRate> rates) {
    Prediction flat = Prediction.near(0, FLAT);
    Rate excess = slope(overLength(head, ErrorTerm.EXCESS));
    Rate gap = slope(overLength(head, ErrorTerm.GENERALISATION_GAP));
    Rate samples = slope(overSamples(head, size.lawFrom));
    Verdict ofExcess =
        Verdict.of(excess.slope(), excess.interval(), flat).withReason(standardErrors(excess));
    Verdict ofGap = Verdict.of(gap.slope(), gap.interval(), flat).withReason(standardErrors(gap));
    Verdict ofSamples =
        Verdict.of(samples.slope(), samples.interval(), Prediction.near(-1, SAMPLES_TOLERANCE));
    rates.add(new JudgedRate(excess, ofExcess));
    rates.add(new JudgedRate(gap, ofGap));
    rates.add(new JudgedRate(samples, ofSamples));
    ClaimPart length = ClaimPart.of("trained:excess-length", Judging.slope(budget, ofExcess));
    return List.of(
        sums == null ? length : length.withControl(control(sums, flat)),
        ClaimPart.of("trained:gap-length", Judging.slope(budget, ofGap)),
        ClaimPart.of("trained:samples", Judging.slope(budget, ofSamples)));
  }

  private static Control control(DecompositionResult sums, Prediction flat) {
    // Some of them do not settle at all, so the logarithm is averaged and not the excess.
    Verdict summed = Judging.slopeOn(logarithms(sums), Math::log, 1, flat);
    Curve gap = overLength(sums, ErrorTerm.GENERALISATION_GAP);
    int last = gap.values().size() - 1;
    return Control.of(
        summed,
        String.format(
            Locale.ROOT,
            "linear attention not divided by its length: slope of the excess %.2f in L; n"
                + " times its gap over the noise (not judged) %.3g at L = %.0f, %.3g at L = %.0f",
            summed.measured(),
            gap.points().get(0).mean(),
            gap.values().get(0),
            gap.points().get(last).mean(),
            gap.values().get(last)));
  }

  /** Returns Var(y | X) of L tokens, summed over coordinates: label noise and posterior. */
  private static double noise(double length) {
    return DIMENSION * (MODEL.labelVariance() + PRIOR_COUNT / (length + PRIOR_COUNT));
  }

  /** The theory asks for less than two; the tolerance says besides how flat that is. */
  private static String standardErrors(Rate rate) {
    return String.format(
        Locale.ROOT,
        "%.1f standard errors from flat",
        Math.abs(rate.slope()) / rate.standardError());
  }

  private static Rate slope(Curve curve) {
    List<Double> values = curve.values();
    return curve.rate(values.get(0), values.get(values.size() - 1));
  }

  /** Returns n times a term over the noise, averaged over n, against the length. */
  private static Curve overLength(DecompositionResult result, ErrorTerm term) {
    List<Curve> curves =
        result.againstLength().curves().stream()
            .filter(curve -> curve.key().metric().equals(term.label()))
            .filter(curve -> samples(curve) >= FEWEST_FOR_SLOPES)
            .toList();
    Curve first = curves.get(0);
    List<SeedCurve> seeds = new ArrayList<>();
    for (int s = 0; s < first.seeds().size(); s++) {
      List<Estimate> means = new ArrayList<>();
      for (int i = 0; i < first.values().size(); i++) {
        double sum = 0;
        for (Curve curve : curves) {
          sum += samples(curve) * curve.mean(s, i);
        }
        means.add(Estimate.exact(sum / curves.size() / noise(first.values().get(i))));
      }
      seeds.add(new SeedCurve(first.seeds().get(s).seed(), means));
    }
    return new Curve(first.key(), first.values(), seeds);
  }

  private static Curve logarithms(DecompositionResult result) {
    Curve curve = overLength(result, ErrorTerm.EXCESS);
    List<SeedCurve> seeds = new ArrayList<>();
    for (SeedCurve seed : curve.seeds()) {
      List<Estimate> logs =
          seed.estimates().stream().map(one -> Estimate.exact(Math.log(one.mean()))).toList();
      seeds.add(new SeedCurve(seed.seed(), logs));
    }
    return new Curve(curve.key(), curve.values(), seeds);
  }

  /**
   * Returns excess over noise against the number of samples. Lengths share the law, and each has
   * data of its own, so each length and seed counts as a seed.
   */
  private static Curve overSamples(DecompositionResult result, int from) {
    List<SeedCurve> seeds = new ArrayList<>();
    List<Double> values = List.of();
    @Nullable Curve last = null;
    for (Curve curve : result.againstSamples().curves()) {
      if (!curve.key().metric().equals(ErrorTerm.EXCESS.label())) {
        continue;
      }
      String length = curve.key().axis(ErrorDecomposition.LENGTH);
      double noise = noise(Double.parseDouble(length));
      values = curve.values().stream().filter(n -> n >= from).toList();
      int first = curve.values().size() - values.size();
      for (int s = 0; s < curve.seeds().size(); s++) {
        List<Estimate> shares = new ArrayList<>();
        for (int i = first; i < curve.values().size(); i++) {
          shares.add(Estimate.exact(curve.mean(s, i) / noise));
        }
        seeds.add(new SeedCurve(length + "/" + curve.seeds().get(s).seed(), shares));
      }
      last = curve;
    }
    return new Curve(Objects.requireNonNull(last).key(), values, seeds);
  }

  private static int samples(Curve curve) {
    return Integer.parseInt(curve.key().axis(ErrorDecomposition.SAMPLES));
  }
}
