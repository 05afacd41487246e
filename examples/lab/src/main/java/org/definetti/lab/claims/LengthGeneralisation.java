package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;

/**
 * E3: a trained null-token head is right at lengths it never saw, if training identifies the prior
 * count.
 *
 * <ul>
 *   <li>Parts: a head with identity values trained at L = 32, and one with learned value map and
 *       readout trained on lengths uniform in 4..64; each is held against the exact posterior mean
 *       at lengths 4..4096, and the largest mean squared gap is judged, as a share of the prior
 *       variance of z (both summed over coordinates).
 *   <li>Controls, judged at L = 4 where they show. Learned maps at a single length: every ν' with
 *       readout scale (L0 + ν') / (L0 + ν) is exactly Bayes at L0, so ν is not found. Mean pooling
 *       without null token: {@code gap = ν² Var(z) / (L (L + ν))}.
 *   <li>An initial head has ν' = 1 and the model ν = 4, so nothing is right by initialisation.
 *   <li>Source: identifiability and protocol [derived] (check E3).
 * </ul>
 */
public final class LengthGeneralisation implements Claim {

  private static final double BOUND = 1e-3;
  private static final double CONTROL_BOUND = 1e-2;
  // What is left after training goes with one over the number of samples; here a sixth of them.
  private static final double SMOKE_BOUND = 5e-3;
  private static final int TRAINED_AT = 32;
  private static final int SHORTEST = 4;
  private static final String IDENTITY = "identity-values";
  private static final String FREE = "free-maps";
  private static final String FREE_AT_ONE = "free-maps-one-length";
  private static final String POOLING = "mean-pooling";

  /** How much work a budget does. */
  private record Size(
      List<Integer> lengths, int seeds, int sequences, int steps, int batchSize, double bound) {}

  /** Returns the claim. */
  public LengthGeneralisation() {}

  @Override
  public String id() {
    return "E3";
  }

  @Override
  public String slug() {
    return "length-generalisation";
  }

  @Override
  public String statement() {
    return "A null-token head trained at one length with identity values, or on several lengths with"
        + " learned maps, computes the posterior mean at every length; with learned maps at one"
        + " length, or without the null token, it does not.";
  }

  @Override
  public Source source() {
    return Source.derived("check E3: which prior counts one training length can tell apart");
  }

  @Override
  public String prediction() {
    return "largest squared gap over lengths 4..4096 <= 1e-3 of the prior variance; each control"
        + " above 1e-2 at length 4";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "trained", "null-token");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed("the exact head is in the class and identified by the data");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 15;
          case FULL -> 45;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results =
        Sweep.of(NullHeads.GAUSSIAN)
            .withAxis("claim", id())
            .withLengths(Judging.ints(size.lengths))
            .withSeeds(size.seeds)
            .withSequences(size.sequences)
            .withTrained(
                IDENTITY,
                NullHeads.identityValues(size.steps, size.batchSize)
                    .withLengths(Lengths.fixed(TRAINED_AT)))
            .withTrained(
                FREE,
                NullHeads.freeMaps(size.steps, size.batchSize)
                    .withLengths(Lengths.uniform(SHORTEST, 2 * TRAINED_AT)))
            .withTrained(
                FREE_AT_ONE,
                NullHeads.freeMaps(size.steps, size.batchSize)
                    .withLengths(Lengths.fixed(TRAINED_AT)))
            .withDerived(Derivation.of(NullHeads.GAUSSIAN, POOLING))
            .withRunner(runner)
            .execute(seed)
            .results();
    return ClaimResult.of(
            ClaimPart.of(IDENTITY, largest(results, IDENTITY, size.bound))
                .withControl(control(results, POOLING, "no null token (mean pooling)")),
            ClaimPart.of(FREE, largest(results, FREE, size.bound))
                .withControl(control(results, FREE_AT_ONE, "learned maps trained at L = 32 only")))
        .withResults(List.of(results));
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(4, 32, 256), 3, 100, 2000, 128, SMOKE_BOUND);
      case STANDARD -> new Size(Judging.octaves(2, 12, 2), 3, 200, 6000, 256, BOUND);
      case FULL -> new Size(Judging.octaves(2, 12, 1), 5, 400, 10_000, 256, BOUND);
    };
  }

  private static Curve gap(Results results, String attention) {
    return Judging.curve(results, attention, Objective.MASKED, Metric.SQUARED_GAP.label());
  }

  private static Verdict largest(Results results, String attention, double bound) {
    return Judging.largestShare(
        gap(results, attention), NullHeads.gaussianSpread(), Prediction.atMost(bound));
  }

  /** A control is caught if its mean gap is above a bound ten times as high. */
  private static Control control(Results results, String attention, String what) {
    double measured =
        Judging.share(
                gap(results, attention),
                SHORTEST,
                NullHeads.gaussianSpread(),
                Prediction.atMost(BOUND))
            .measured();
    return Control.of(
        measured >= CONTROL_BOUND,
        String.format(
            Locale.ROOT,
            "%s: gap of %.3g prior variances at length 4, expected above %.2f",
            what,
            measured,
            CONTROL_BOUND));
  }
}
