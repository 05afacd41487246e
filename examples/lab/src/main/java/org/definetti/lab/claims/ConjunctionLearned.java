package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DILATED_CONVOLUTION;
import static org.definetti.lab.compare.Architectures.GRU;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.ConjunctionTask;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.Sight;
import org.definetti.random.Seed;

/**
 * XS8: the conjunction of three bits of a string: how samples grow with its length T.
 *
 * <pre>{@code
 * a + b log T with a >= 0    samples(T) / samples(T') <= log T / log T'
 * window that holds c bits   excess 2^-c (q - q²),  q = 2^-(3 - c)
 * }</pre>
 *
 * <ul>
 *   <li>Parts: {@code bounds}; the ceiling of a window against its formula; attention with
 *       positions solves the longest string, with samples that grow no faster than that; a gated
 *       recurrence needs at least as many.
 *   <li>Controls: attention without positions; samples that grow like T; a model that needs one
 *       batch.
 *   <li>Samples are fresh ones until the validation excess is a tenth of the variance; all that
 *       were seen where it never is, so a comparison of two that never are says nothing.
 *   <li>Source: about log T samples [recalled: Edelman-2022]; ceilings [derived]; the protocol is
 *       pre-registered.
 * </ul>
 */
public final class ConjunctionLearned extends ComparedClaim {

  private static final int STEPS = 1000;
  private static final int STANDARD_STEPS = 500;
  private static final int SEEDS = 3;
  private static final int TESTS = 1000; // sequences
  private static final double NOISE = 0.1;
  private static final double SOLVED = 0.1 * 7 / 64;
  private static final double FORMULA = 0.02; // tolerance, of a bound on some thousand sequences
  private static final int BITS = 3;
  private static final ExpectedOutcome PILOT =
      ExpectedOutcome.refuted(
          "committed as true; a pilot with seed 1 found the longer string not learned in its"
              + " steps");
  private static final ConjunctionTask TASK = new ConjunctionTask(NOISE);

  /** Returns the claim. */
  public ConjunctionLearned() {
    super("XS8", 60, 1500);
  }

  @Override
  public String slug() {
    return "conjunction-learned";
  }

  @Override
  public String statement() {
    return "Attention with positions learns the conjunction of three bits of a string from samples"
        + " that grow no faster than the logarithm of its length, and from no more than a gated"
        + " recurrence needs.";
  }

  @Override
  public String prediction() {
    return "excess at the largest T <= a tenth of the variance; samples there over those at the"
        + " least T <= log T / log T'; gru's over attention's >= 1";
  }

  private static List<Integer> lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(12);
      case STANDARD -> List.of(16, 32);
      case FULL -> List.of(16, 64, 256);
    };
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, CONVOLUTION);
      case STANDARD -> List.of(ATTENTION_POSITIONS, ATTENTION, CONVOLUTION, GRU);
      case FULL -> List.of(ATTENTION_POSITIONS, ATTENTION, DILATED_CONVOLUTION, GRU);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<Integer, Comparison> runs = new TreeMap<>();
    int steps = budget == Budget.FULL ? STEPS : STANDARD_STEPS;
    for (int length : lengths(budget)) {
      Design plain = design(budget, TASK, architectures(budget), length, steps);
      Design design =
          plain
              .withTuning(plain.rates(), 1)
              .withSeeds(Math.min(SEEDS, plain.seeds()))
              .withTests(plain.tested(), TESTS);
      String name = "length-" + length;
      runs.put(length, Comparison.run(id(), design, seed.child(name), runner.within(name)));
    }
    Architecture window = budget == Budget.FULL ? DILATED_CONVOLUTION : CONVOLUTION;
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(Compared.bounds(List.copyOf(runs.values())));
    parts.add(ceiling(runs, window.sight()));
    if (budget != Budget.SMOKE) {
      parts.add(solves(last(runs)).withExpected(PILOT));
      parts.add(logarithmic(runs).withExpected(PILOT));
      parts.add(recurrence(last(runs)));
    }
    Map<Double, Comparison> byLength = new TreeMap<>();
    runs.forEach((length, run) -> byLength.put((double) length, run));
    List<Results> results = new ArrayList<>(List.of(ComparedSweep.over("string-length", byLength)));
    runs.values().forEach(run -> results.add(run.tuning()));
    return ClaimResult.of(parts).withResults(results);
  }

  private static Comparison first(Map<Integer, Comparison> runs) {
    return runs.values().iterator().next();
  }

  private static Comparison last(Map<Integer, Comparison> runs) {
    return List.copyOf(runs.values()).get(runs.size() - 1);
  }

  /** The excess of a window that holds so many of the three bits. */
  private static double windowExcess(int inside) {
    double open = Math.pow(2, inside - BITS);
    return Math.pow(2, -inside) * (open - open * open);
  }

  private static ClaimPart ceiling(Map<Integer, Comparison> runs, Sight sight) {
    Comparison run = last(runs);
    int length = run.design().items();
    int inside = 0;
    for (int bit = 0; bit < BITS; bit++) {
      inside += ConjunctionTask.place(bit, length) >= length - sight.window() ? 1 : 0;
    }
    Prediction formula = Prediction.near(windowExcess(inside), FORMULA);
    String bound = Comparison.bound(sight);
    return ClaimPart.of(
            "ceiling-of-" + sight.toString().replace(' ', '-'),
            Compared.bound(run, bound, Comparison.EXCESS, formula))
        .withControl(
            Control.of(
                Compared.bound(run, Comparison.EXACT, Comparison.EXCESS, formula),
                "the exact answer: excess 0"));
  }

  private static ClaimPart solves(Comparison run) {
    Prediction solved = Prediction.atMost(SOLVED);
    Verdict blind = Compared.metric(run, ATTENTION.name(), Comparison.EXCESS, solved);
    return ClaimPart.of(
            "attention-solves",
            Compared.metric(run, ATTENTION_POSITIONS.name(), Comparison.EXCESS, solved))
        .withControl(Judging.control(blind, "without positions: excess %.2g"));
  }

  private static ClaimPart logarithmic(Map<Integer, Comparison> runs) {
    Comparison shortest = first(runs);
    Comparison longest = last(runs);
    double from = shortest.design().items();
    double to = longest.design().items();
    Prediction slow = Prediction.atMost(Math.log(to) / Math.log(from));
    int seeds = longest.design().seeds();
    return ClaimPart.of(
            "samples-grow-like-log",
            Compared.overSeeds(
                seeds,
                s ->
                    samples(longest, ATTENTION_POSITIONS, s)
                        / samples(shortest, ATTENTION_POSITIONS, s),
                slow))
        .withControl(
            Control.of(
                Verdict.exact(to / from, slow),
                String.format(Locale.ROOT, "samples that grow like T: ratio %.3g", to / from)));
  }

  private static double samples(Comparison run, Architecture model, int seed) {
    int items = run.design().items();
    return run.estimates(model.name(), Comparison.SAMPLES, items).get(seed).mean();
  }

  private static ClaimPart recurrence(Comparison run) {
    Prediction more = Prediction.atLeast(1);
    double batch = run.design().schooling().batchSize();
    int seeds = run.design().seeds();
    Verdict wrong =
        Compared.overSeeds(seeds, s -> batch / samples(run, ATTENTION_POSITIONS, s), more);
    double all = batch * run.design().schooling().steps();
    boolean solved = true; // by one of the two, at every seed
    for (int s = 0; s < seeds; s++) {
      solved &= Math.min(samples(run, GRU, s), samples(run, ATTENTION_POSITIONS, s)) < all;
    }
    Verdict verdict =
        solved
            ? Compared.ratio(run, GRU.name(), ATTENTION_POSITIONS.name(), Comparison.SAMPLES, more)
            : Verdict.inconclusive(more, "at some seed neither solves it");
    return ClaimPart.of("recurrence-needs-more", verdict)
        .withControl(Judging.control(wrong, "a model that needs one batch: ratio %.2g"));
  }
}
