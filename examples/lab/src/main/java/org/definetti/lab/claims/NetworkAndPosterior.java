package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
import org.definetti.experiment.Interval;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.lab.sparse.PosteriorVote;
import org.definetti.lab.sparse.StringLearner;
import org.definetti.lab.sparse.StringTrial;
import org.definetti.lab.sparse.TrainingSet;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * V23: a trained transformer block beside the Bayes predictor, on the very same strings.
 *
 * <pre>{@code
 * Bayes error(m, T) = E min(P(1 | X, b), P(0 | X, b)) <= error of any predictor, on average
 * excess = error of the network - error of the Bayes predictor, same strings
 * }</pre>
 *
 * <ul>
 *   <li>Task: a conjunction of 3 of T bits, bits one with probability 2^(-1/3), hidden subset and
 *       strings new in every trial. Every set is kept, ambiguous ones as well: only then is the
 *       posterior under the prior the best predictor there is. The network is that of check V14,
 *       the Bayes predictor {@link PosteriorVote}.
 *   <li>Parts: {@code never-below}, the least mean excess over its standard error of all (T, m);
 *       {@code closes}, the excess at the most samples; {@code bayes}, the Bayes error there;
 *       {@code excess-in-T}, the excess at the largest and the least T, reported.
 *   <li>False alarms of {@code never-below}: a mean of 12 paired differences falls below -3
 *       standard errors with probability 0.6 %, over 12 pairs of (T, m) 7 % at most, and only where
 *       the network is no worse at all.
 *   <li>Controls: a predictor that knows the hidden subset, which is below; a network whose scores
 *       keep their initial numbers; a posterior of conjunctions of 2 bits.
 *   <li>Source: [derived] (check V23); the task [source: slides on Edelman-2022].
 * </ul>
 */
public final class NetworkAndPosterior implements Claim {

  private static final String ID = "V23";

  private static final int SPARSITY = 3;
  private static final double ONE = Math.pow(0.5, 1.0 / SPARSITY);
  private static final double NOISE = 0.05; // of the posterior of 2 bits
  private static final String ERROR = "error";
  private static final String EXCESS = "excess-error";
  private static final String SAMPLES = "samples";
  private static final String LENGTH = "length";
  private static final double STANDARD_ERRORS = 3;
  private static final double CLOSE = 0.02;

  /** Whoever labels held-out strings. */
  private enum Predictor {
    TRANSFORMER,
    FROZEN_ATTENTION,
    BAYES,
    BAYES_OF_TWO,
    ORACLE;

    boolean isTrained() {
      return this == TRANSFORMER || this == FROZEN_ATTENTION;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a budget runs.
   *
   * @param length T at which m is swept
   * @param sizes m there
   * @param samples m at which T is swept
   * @param lengths T there
   * @param trials of each
   * @param closingTrials of the network at the most samples, where few trials fail
   * @param heldOut strings
   * @param steps the most steps of training
   */
  private record Size(
      int length,
      List<Integer> sizes,
      int samples,
      List<Integer> lengths,
      int trials,
      int closingTrials,
      int heldOut,
      int steps) {

    Size withClosingTrials() {
      return new Size(
          length, sizes, samples, lengths, closingTrials, closingTrials, heldOut, steps);
    }

    StringLearner transformer() {
      return StringLearner.transformer(64, 16, 256, 3e-3, steps);
    }
  }

  /** Returns the claim. */
  public NetworkAndPosterior() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "network-and-posterior";
  }

  @Override
  public String statement() {
    return "On the same strings a trained transformer block never predicts a hidden conjunction"
        + " better than the exact posterior does, on average, and with more samples its"
        + " error comes down to the posterior's.";
  }

  @Override
  public Source source() {
    return Source.derived("check V23, pre-registered; no source compares the two");
  }

  @Override
  public String prediction() {
    return "mean excess of the network's error over the Bayes error no less than -3 standard errors"
        + " at every (T, m); at T = 50 and m = 120 at most 0.02, and the Bayes error there"
        + " at most 0.001";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "samples", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 30 : 300);
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(24, List.of(8, 50), 50, List.of(12), 3, 3, 200, 200);
      case STANDARD -> new Size(50, List.of(20, 60, 120), 60, List.of(25, 100), 6, 12, 300, 500);
      case FULL ->
          new Size(
              50,
              List.of(10, 20, 30, 40, 60, 80, 120),
              60,
              List.of(25, 50, 100, 200, 400),
              12,
              100,
              500,
              500);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Predictor> all =
        List.of(Predictor.TRANSFORMER, Predictor.BAYES, Predictor.BAYES_OF_TWO, Predictor.ORACLE);
    Results inSamples = run(SAMPLES, size.sizes, size, all, seed, runner.within("samples"));
    Results inLength =
        run(
            LENGTH,
            size.lengths,
            size,
            List.of(Predictor.TRANSFORMER, Predictor.BAYES),
            seed,
            runner.within("length"));
    int most = size.sizes.get(size.sizes.size() - 1);
    Results closing =
        run(
            SAMPLES,
            List.of(most),
            size.withClosingTrials(),
            List.of(Predictor.TRANSFORMER),
            seed,
            runner.within("closing"));
    Results frozen =
        run(
            SAMPLES,
            List.of(most),
            size,
            List.of(Predictor.FROZEN_ATTENTION),
            seed,
            runner.within("frozen"));
    return ClaimResult.of(
            neverBelow(size, inSamples, inLength),
            closes(most, closing, frozen),
            bayes(most, inSamples),
            inLength(size, inLength))
        .withResults(List.of(inSamples, inLength, frozen));
  }

  private static Results run(
      String axis,
      List<Integer> values,
      Size size,
      List<Predictor> predictors,
      Seed seed,
      Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (Predictor predictor : predictors) {
      for (int trial = 0; trial < size.trials; trial++) {
        cells.add(
            Cell.of("model", "conjunction-of-" + SPARSITY)
                .with("claim", ID)
                .with("attention", predictor.label())
                .with("origin", predictor.isTrained() ? "trained" : "derived")
                .with(Cell.SEED, String.valueOf(trial)));
      }
    }
    Map<String, String> configuration = Map.of("size", size.toString(), "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, axis, cells);
    return runner.execute(
        plan,
        cell -> {
          Predictor predictor = predictor(cell.axis("attention"));
          List<CellPoint> points = new ArrayList<>();
          for (int value : values) {
            int length = axis.equals(LENGTH) ? value : size.length;
            int samples = axis.equals(LENGTH) ? size.samples : value;
            Seed own = seed.child(length).child(samples).child(cell.axis(Cell.SEED));
            points.add(new CellPoint(value, measure(predictor, length, samples, size, own)));
          }
          return new CellResult(points);
        });
  }

  private static Predictor predictor(String label) {
    for (Predictor predictor : Predictor.values()) {
      if (predictor.label().equals(label)) {
        return predictor;
      }
    }
    throw new IllegalArgumentException("predictor: got " + label);
  }

  private static Map<String, Estimate> measure(
      Predictor predictor, int length, int samples, Size size, Seed seed) {
    SparseFunction function =
        SparseFunction.conjunction(
            length,
            SparseFunction.drawPositions(length, SPARSITY, seed.child("hidden").generator()));
    Batch train = TrainingSet.strings(function, samples, ONE, seed.child("data").generator());
    Batch heldOut =
        TrainingSet.strings(function, size.heldOut, ONE, seed.child("held-out").generator());
    double bayes = PosteriorVote.error(train, heldOut, SPARSITY);
    TrainingSet set = new TrainingSet(function, train, 0);
    double error =
        switch (predictor) {
          case TRANSFORMER -> error(size.transformer(), set, size.heldOut, seed);
          case FROZEN_ATTENTION ->
              error(size.transformer().withFrozenAttention(), set, size.heldOut, seed);
          case BAYES -> bayes;
          case BAYES_OF_TWO -> PosteriorVote.errorBelieving(train, heldOut, SPARSITY - 1, NOISE);
          case ORACLE -> 0; // it knows the function
        };
    Map<String, Estimate> metrics = new TreeMap<>();
    metrics.put(ERROR, Estimate.exact(error));
    metrics.put(EXCESS, Estimate.exact(error - bayes));
    return metrics;
  }

  /** The trial judges on the strings drawn above: the same child of the seed. */
  private static double error(StringLearner learner, TrainingSet set, int heldOut, Seed seed) {
    return 1 - StringTrial.of(learner, set, heldOut, ONE, seed).accuracy();
  }

  private static Estimate excess(Results results, Predictor predictor, int value) {
    return Estimate.of(CellNumbers.at(results, predictor.label(), EXCESS, value));
  }

  /** The mean over its standard error; 0 where nothing differs. */
  private static double standardErrors(Estimate excess) {
    return excess.mean() == 0 ? 0 : excess.mean() / excess.standardError();
  }

  private static ClaimPart neverBelow(Size size, Results inSamples, Results inLength) {
    double least = Double.POSITIVE_INFINITY;
    double oracle = Double.POSITIVE_INFINITY;
    for (int value : size.sizes) {
      least = Math.min(least, standardErrors(excess(inSamples, Predictor.TRANSFORMER, value)));
      oracle = Math.min(oracle, standardErrors(excess(inSamples, Predictor.ORACLE, value)));
    }
    for (int value : size.lengths) {
      least = Math.min(least, standardErrors(excess(inLength, Predictor.TRANSFORMER, value)));
    }
    Prediction notBelow = Prediction.atLeast(-STANDARD_ERRORS);
    return ClaimPart.of("never-below", Verdict.exact(least, notBelow))
        .withControl(
            Control.of(
                Verdict.exact(oracle, notBelow),
                String.format(
                    Locale.ROOT, "who knows the hidden subset: %.1f standard errors", oracle)));
  }

  private static ClaimPart closes(int most, Results closing, Results frozen) {
    Prediction close = Prediction.atMost(CLOSE);
    Verdict control = Verdict.exact(excess(frozen, Predictor.FROZEN_ATTENTION, most).mean(), close);
    return ClaimPart.of("closes", judged(excess(closing, Predictor.TRANSFORMER, most), close))
        .withControl(Judging.control(control, "scores kept as initialised: excess %.3f"));
  }

  private static Verdict judged(Estimate excess, Prediction prediction) {
    double radius = 2 * excess.standardError();
    return Verdict.of(excess.mean(), Interval.around(excess.mean(), radius), prediction);
  }

  private static ClaimPart bayes(int most, Results inSamples) {
    Prediction none = Prediction.atMost(0.001);
    double error =
        CellNumbers.mean(CellNumbers.at(inSamples, Predictor.BAYES.label(), ERROR, most));
    double wrong =
        CellNumbers.mean(CellNumbers.at(inSamples, Predictor.BAYES_OF_TWO.label(), ERROR, most));
    return ClaimPart.of("bayes", Verdict.exact(error, none))
        .withControl(
            Control.of(
                Verdict.exact(wrong, none),
                String.format(
                    Locale.ROOT, "a posterior of conjunctions of 2 bits: error %.3f", wrong)));
  }

  private static ClaimPart inLength(Size size, Results inLength) {
    int shortest = size.lengths.get(0);
    int longest = size.lengths.get(size.lengths.size() - 1);
    Estimate least = excess(inLength, Predictor.TRANSFORMER, shortest);
    Estimate most = excess(inLength, Predictor.TRANSFORMER, longest);
    String reason =
        String.format(
            Locale.ROOT,
            "reported, not gated: m = %d, excess %.3f ± %.3f at T = %d and %.3f ± %.3f at T = %d",
            size.samples,
            least.mean(),
            2 * least.standardError(),
            shortest,
            most.mean(),
            2 * most.standardError(),
            longest);
    Verdict rises = Verdict.exact(most.mean() - least.mean(), Prediction.atLeast(0));
    return ClaimPart.of("excess-in-T", rises.inconclusiveBecause(reason))
        .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, "reported, not gated"));
  }
}
