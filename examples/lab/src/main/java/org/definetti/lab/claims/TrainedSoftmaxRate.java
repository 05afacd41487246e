package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.attention.Attention;
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.TrainingOptions;

/**
 * E1: a softmax head trained at each length approaches the exact predictive mean of in-context
 * regression as 1/L, whether it is trained on masked tokens or on labels.
 *
 * <ul>
 *   <li>Head: query, key and value maps and readout all learned; no null token. Fresh samples at
 *       every step, so what is left is approximation and optimisation.
 *   <li>Parts, for each objective: {@code slope} of the mean squared gap over 256..1024, where that
 *       of {@link BestSoftmaxHead} is −0.97; {@code constant} L times the gap at the longest
 *       length, against the same; {@code risk} the ratio of excess risk to squared gap, which has
 *       expectation 1 (check D3). Then {@code agreement}, the ratio of the gaps of the two.
 *   <li>Over the whole range 4..1024 the slope is not −1: the gap first grows, because below about
 *       14 tokens the exact answer itself is close to the prior mean. The local slopes show it.
 *   <li>Control: the head as initialised.
 *   <li>Source: the rate [derived] (checks C4, C5); the objectives [source: Zhang-2022, abstract].
 * </ul>
 */
public final class TrainedSoftmaxRate implements Claim {

  private static final String TRAINED = "softmax-head";
  private static final String UNTRAINED = "untrained-head";
  // Samples that ask about one sequence; with long sequences nearly as good as one each.
  private static final int QUESTIONS = 8;
  private static final double FROM = 256;
  private static final double SLOPE_TOLERANCE = 0.15;
  private static final double RISK_TOLERANCE = 0.15;
  private static final double AGREEMENT_TOLERANCE = 0.15;

  /** How much work a budget does, and how far a constant may be off. */
  private record Size(
      List<Integer> lengths, int seeds, int sequences, int steps, double tolerance) {

    double longest() {
      return lengths.get(lengths.size() - 1);
    }
  }

  /** Returns the claim. */
  public TrainedSoftmaxRate() {}

  @Override
  public String id() {
    return "E1";
  }

  @Override
  public String slug() {
    return "trained-softmax-rate";
  }

  @Override
  public String statement() {
    return "A softmax head trained at each length, on masked tokens or on labels, approaches the"
        + " exact predictive mean of in-context regression: for long sequences the gap falls as"
        + " 1/L, with the constant of the best single head.";
  }

  @Override
  public Source source() {
    return Source.derived("checks C4, C5 and E2; the objectives are those of Zhang-2022, abstract");
  }

  @Override
  public String prediction() {
    return String.format(
        Locale.ROOT,
        "squared gap ~ L^-1 ± %.2f over 256..1024, local slope about -L/(L + %.0f); L times the gap"
            + " at 1024 is %.1f ± 10 %%; excess risk equals squared gap; both objectives agree",
        SLOPE_TOLERANCE,
        BestSoftmaxHead.knee(),
        1024 * BestSoftmaxHead.gap(1024));
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax", "trained");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed(
        "the corrected softmax is in the class, and training has fresh samples at every step");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 5;
          case STANDARD -> 40;
          case FULL -> 150;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results =
        Sweep.of(SphereRegression.MODEL)
            .withAxis("claim", id())
            .withLengths(Judging.ints(size.lengths))
            .withSeeds(size.seeds)
            .withSequences(size.sequences)
            .withObjectives(Objective.MASKED, Objective.SUPERVISED)
            .withTrained(TRAINED, training(size.steps))
            .withAttention(UNTRAINED, untrained(seed.child("untrained")))
            .withRunner(runner)
            .execute(seed)
            .results();
    List<ClaimPart> parts = new ArrayList<>();
    List<JudgedRate> rates = new ArrayList<>();
    for (Objective objective : List.of(Objective.MASKED, Objective.SUPERVISED)) {
      if (size.lengths.size() > 1) {
        parts.add(slope(results, objective, size, rates));
      }
      parts.add(constant(results, objective, size));
      parts.add(risk(results, objective));
    }
    parts.add(agreement(results, size));
    return ClaimResult.of(parts).withResults(List.of(results)).withRates(rates);
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(64), 4, 400, 400, 0.2);
      case STANDARD -> new Size(List.of(4, 32, 256, 1024), 3, 2000, 2000, 0.15);
      case FULL -> new Size(Judging.octaves(2, 10, 1), 5, 3000, 2000, 0.1);
    };
  }

  private static Training training(int steps) {
    return Training.of(TrainedSoftmaxRate::layer)
        .withOptions(TrainingOptions.withDefaults().withSteps(steps))
        .withBatchSize(64)
        .withGroupSize(QUESTIONS);
  }

  private static Layer layer(Widths widths) {
    return SoftmaxHeadLayer.of(widths);
  }

  /** Both objectives have the same widths here, so one head serves as the control of both. */
  private static Attention untrained(Seed seed) {
    Layer layer = layer(Objective.MASKED.widths(SphereRegression.MODEL));
    return layer.toAttention(layer.initial(seed.generator()));
  }

  private static Curve gap(Results results, String attention, Objective objective) {
    return Judging.curve(results, attention, objective, Metric.SQUARED_GAP.label());
  }

  private static ClaimPart slope(
      Results results, Objective objective, Size size, List<JudgedRate> rates) {
    Curve gap = gap(results, TRAINED, objective);
    Verdict verdict = gap.rate(FROM, size.longest()).expect(-1, SLOPE_TOLERANCE);
    Rate wrong = gap(results, UNTRAINED, objective).rate(FROM, size.longest());
    // Drawn over the whole range, so that the local slopes show the approach to -1.
    rates.add(new JudgedRate(gap.rate(size.lengths.get(0), size.longest()), null));
    rates.add(new JudgedRate(gap.rate(FROM, size.longest()), verdict));
    return ClaimPart.of(objective.label() + ":slope", verdict)
        .withControl(
            Control.of(
                wrong.expect(-1, SLOPE_TOLERANCE),
                String.format(Locale.ROOT, "head not trained: slope %.3f", wrong.slope())));
  }

  private static ClaimPart constant(Results results, Objective objective, Size size) {
    double longest = size.longest();
    double predicted = longest * BestSoftmaxHead.gap(longest);
    Prediction prediction = Prediction.near(predicted, size.tolerance * predicted);
    Verdict wrong = Judging.constant(gap(results, UNTRAINED, objective), longest, prediction);
    return ClaimPart.of(
            objective.label() + ":constant",
            Judging.constant(gap(results, TRAINED, objective), longest, prediction))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "head not trained: %.0f times the gap at that length is %.3g",
                    longest,
                    wrong.measured())));
  }

  /** The mean over lengths of excess risk over squared gap. */
  private static ClaimPart risk(Results results, Objective objective) {
    Curve gap = gap(results, TRAINED, objective);
    Curve excess = Judging.curve(results, TRAINED, objective, Metric.EXCESS_RISK.label());
    return ClaimPart.of(
        objective.label() + ":risk",
        Judging.ratio(excess, gap, gap.values().get(0), Prediction.near(1, RISK_TOLERANCE)));
  }

  private static ClaimPart agreement(Results results, Size size) {
    return ClaimPart.of(
        "agreement",
        Judging.ratio(
            gap(results, TRAINED, Objective.SUPERVISED),
            gap(results, TRAINED, Objective.MASKED),
            size.longest(),
            Prediction.near(1, AGREEMENT_TOLERANCE)));
  }
}
