package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.ATTENTION_ROTARY;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DILATED_CONVOLUTION;
import static org.definetti.lab.compare.Architectures.ELMAN;
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
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.ForwardTime;
import org.definetti.lab.compare.LagTask;
import org.definetti.layer.LayerCost;
import org.definetti.random.Seed;

/**
 * XS10: one relevant token, k tokens back: who finds it, and how far back.
 *
 * <pre>{@code
 * exact             risk 1/2
 * beyond the reach  excess 1/2: nothing is known
 * unordered         excess (1 - 1/n) / 2
 * }</pre>
 *
 * <ul>
 *   <li>Parts: {@code bounds}; the ceilings of a window and of unordered tokens against their
 *       formulas; convolutions at their ceiling beyond their reach and near the exact answer within
 *       it; attention with positions at every lag; attention without at its ceiling; a gated
 *       recurrence at the largest lag against the least.
 *   <li>Controls: each question asked of a model for which the answer is the other one.
 *   <li>Beside the error: samples to solve, multiply-adds, and the steps that wait for one another.
 *       Reported, not gated: nanoseconds a token of each forward pass over one sequence of the
 *       largest lag, on one thread ({@link ForwardTime}).
 *   <li>Source: [derived]; the protocol is pre-registered.
 * </ul>
 */
public final class LagLearned extends ComparedClaim {

  private static final int STEPS = 500;
  private static final int SEEDS = 3;
  private static final int TESTS = 1000; // sequences
  private static final int FAR = 16; // from here a convolution of reach 4 sees nothing
  private static final int DILATED_FAR = 64;
  private static final double NOTHING = 0.5; // excess of an answer that knows nothing
  private static final double BLIND = 0.45;
  private static final double SOLVED = 0.05;
  private static final double FORMULA = 0.1; // tolerance, of bounds on some thousand sequences
  private static final double STUCK = 0.9; // of the bound
  private static final double FADED = 0.1;
  private static final String SEQUENTIAL = "sequential-steps";
  private static final LagTask TASK = new LagTask();

  /** Returns the claim. */
  public LagLearned() {
    super("XS10", 45, 1500);
  }

  @Override
  public String slug() {
    return "lag-learned";
  }

  @Override
  public String statement() {
    return "Of one relevant token k tokens back, a convolution learns nothing beyond its reach and"
        + " attention without positions nothing at all beyond a mean; attention with"
        + " positions finds it at every lag, and a gated recurrence the worse the further"
        + " back it is.";
  }

  @Override
  public String prediction() {
    return "excess beyond reach >= 0.45 of 0.5, within <= 0.05; attention with positions <= 0.05 at"
        + " every lag, without >= 0.9 of its bound; gru at the largest lag >= 0.1 above the least";
  }

  private static List<Integer> lags(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(2, 8);
      case STANDARD -> List.of(4, 16);
      case FULL -> List.of(1, 4, 16, 64, 256);
    };
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, CONVOLUTION);
      case STANDARD ->
          List.of(ATTENTION_POSITIONS, ATTENTION, CONVOLUTION, DILATED_CONVOLUTION, GRU);
      case FULL ->
          List.of(
              ATTENTION_POSITIONS,
              ATTENTION,
              ATTENTION_ROTARY,
              CONVOLUTION,
              DILATED_CONVOLUTION,
              ELMAN,
              GRU);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<Integer, Comparison> runs = new TreeMap<>();
    for (int lag : lags(budget)) {
      Design plain = design(budget, TASK, architectures(budget), lag, STEPS);
      Design design =
          plain
              .withTuning(plain.rates(), 1)
              .withSeeds(Math.min(SEEDS, plain.seeds()))
              .withTests(plain.tested(), TESTS)
              .withProbe(
                  (network, tests, own) ->
                      Map.of(
                          SEQUENTIAL,
                          Estimate.exact(
                              (double) network.layer().cost(TASK.tokens(lag)).sequentialSteps())));
      String name = "lag-" + lag;
      runs.put(lag, Comparison.run(id(), design, seed.child(name), runner.within(name)));
    }
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(Compared.bounds(List.copyOf(runs.values())));
    parts.addAll(ceilings(runs));
    if (budget != Budget.SMOKE) {
      runs.forEach((lag, run) -> parts.addAll(reach(lag, run, runs)));
      parts.addAll(attention(runs));
      parts.add(fading(runs));
    }
    parts.addAll(times(need(runs, largest(runs)).design(), seed.child("time")));
    Map<Double, Comparison> byLag = new TreeMap<>();
    runs.forEach((lag, run) -> byLag.put((double) lag, run));
    List<Results> results = new ArrayList<>(List.of(ComparedSweep.over("lag", byLag)));
    runs.values().forEach(run -> results.add(run.tuning()));
    return ClaimResult.of(parts).withResults(results);
  }

  /** The bounds on the test sequences against their closed forms, at the largest lag. */
  private static List<ClaimPart> ceilings(Map<Integer, Comparison> runs) {
    int lag = largest(runs);
    Comparison run = need(runs, lag);
    String window = Comparison.bound(CONVOLUTION.sight());
    String unordered = Comparison.bound(ATTENTION.sight());
    Prediction nothing = Prediction.near(NOTHING, FORMULA);
    double mean = NOTHING * (1 - 1.0 / TASK.tokens(lag));
    Prediction average = Prediction.near(mean, FORMULA);
    Verdict seen = Compared.bound(run, Comparison.EXACT, Comparison.EXCESS, nothing);
    return List.of(
        ClaimPart.of(
                "ceiling-beyond-reach", Compared.bound(run, window, Comparison.EXCESS, nothing))
            .withControl(Control.of(seen, "a window that reaches it: excess 0")),
        ClaimPart.of(
                "ceiling-unordered", Compared.bound(run, unordered, Comparison.EXCESS, average))
            .withControl(
                Control.of(
                    Compared.bound(run, Comparison.EXACT, Comparison.EXCESS, average),
                    "the exact answer: excess 0")));
  }

  private static int largest(Map<Integer, Comparison> runs) {
    return runs.keySet().stream().max(Integer::compare).orElseThrow();
  }

  private static int least(Map<Integer, Comparison> runs) {
    return runs.keySet().stream().min(Integer::compare).orElseThrow();
  }

  private static Comparison need(Map<Integer, Comparison> runs, int lag) {
    Comparison run = runs.get(lag);
    if (run == null) {
      throw new IllegalArgumentException("lag: expected one of " + runs.keySet() + ", got " + lag);
    }
    return run;
  }

  private static double excess(Comparison run, Architecture model, int seed) {
    int items = run.design().items();
    return run.estimates(model.name(), Comparison.EXCESS, items).get(seed).mean();
  }

  private static Verdict excess(Comparison run, Architecture model, Prediction prediction) {
    return Compared.metric(run, model.name(), Comparison.EXCESS, prediction);
  }

  private static Control control(Verdict verdict, String what) {
    return Control.of(
        verdict, String.format(Locale.ROOT, "%s: excess %.2g", what, verdict.measured()));
  }

  /** Convolutions at one lag: blind beyond their reach, near the exact answer within it. */
  private static List<ClaimPart> reach(int lag, Comparison run, Map<Integer, Comparison> runs) {
    Prediction blind = Prediction.atLeast(BLIND);
    Prediction solved = Prediction.atMost(SOLVED);
    List<ClaimPart> parts = new ArrayList<>();
    if (lag >= FAR) {
      Verdict near = excess(need(runs, 4), CONVOLUTION, blind);
      parts.add(
          ClaimPart.of("convolution-blind-at-" + lag, excess(run, CONVOLUTION, blind))
              .withControl(control(near, "within its reach, at 4")));
    }
    if (lag >= DILATED_FAR) {
      Verdict near = excess(need(runs, FAR), DILATED_CONVOLUTION, blind);
      parts.add(
          ClaimPart.of(
                  "convolution-dilated-blind-at-" + lag, excess(run, DILATED_CONVOLUTION, blind))
              .withControl(control(near, "within its reach, at 16")));
    }
    if (lag == 4) {
      Verdict far = excess(need(runs, FAR), CONVOLUTION, solved);
      parts.add(
          ClaimPart.of("convolution-solves-4", excess(run, CONVOLUTION, solved))
              .withControl(control(far, "beyond its reach, at 16")));
    }
    if (lag == FAR) {
      Verdict other = excess(run, CONVOLUTION, solved);
      parts.add(
          ClaimPart.of("convolution-dilated-solves-16", excess(run, DILATED_CONVOLUTION, solved))
              .withControl(control(other, "the one without dilations")));
    }
    return parts;
  }

  /** Attention at every lag, with positions and without. */
  private static List<ClaimPart> attention(Map<Integer, Comparison> runs) {
    int seeds = need(runs, largest(runs)).design().seeds();
    Prediction solved = Prediction.atMost(SOLVED);
    Prediction stuck = Prediction.atLeast(STUCK);
    Verdict blind = excess(need(runs, largest(runs)), ATTENTION, solved);
    Verdict sees = Compared.overSeeds(seeds, s -> ofBound(need(runs, 4), CONVOLUTION, s), stuck);
    return List.of(
        ClaimPart.of(
                "positions-at-every-lag",
                Compared.overSeeds(
                    seeds,
                    s ->
                        runs.values().stream()
                            .mapToDouble(run -> excess(run, ATTENTION_POSITIONS, s))
                            .max()
                            .orElseThrow(),
                    solved))
            .withControl(control(blind, "without positions, at the largest lag")),
        ClaimPart.of(
                "unordered-at-no-lag",
                Compared.overSeeds(
                    seeds,
                    s ->
                        runs.values().stream()
                            .mapToDouble(run -> ofBound(run, ATTENTION, s))
                            .min()
                            .orElseThrow(),
                    stuck))
            .withControl(
                Judging.control(sees, "a convolution that reaches the token: %.2g of the bound")));
  }

  /** Returns the excess as a share of that of the best of unordered tokens. */
  private static double ofBound(Comparison run, Architecture model, int seed) {
    String bound = Comparison.bound(ATTENTION.sight());
    int items = run.design().items();
    return excess(run, model, seed)
        / run.estimates(bound, Comparison.EXCESS, items).get(seed).mean();
  }

  private static ClaimPart fading(Map<Integer, Comparison> runs) {
    Comparison near = need(runs, least(runs));
    Comparison far = need(runs, largest(runs));
    int seeds = near.design().seeds();
    Prediction faded = Prediction.atLeast(FADED);
    Verdict turned =
        Compared.overSeeds(seeds, s -> excess(near, GRU, s) - excess(far, GRU, s), faded);
    return ClaimPart.of(
            "recurrence-fades",
            Compared.overSeeds(seeds, s -> excess(far, GRU, s) - excess(near, GRU, s), faded))
        .withControl(Judging.control(turned, "the least lag above the largest: %.2g"));
  }

  /** Nanoseconds a token of every forward pass, beside the steps and the work that it takes. */
  private static List<ClaimPart> times(Design design, Seed seed) {
    int tokens = TASK.tokens(design.items());
    List<ClaimPart> parts = new ArrayList<>();
    design
        .layers(design.matched())
        .forEach(
            (model, layer) -> {
              ForwardTime time = ForwardTime.of(layer, TASK, design.items(), seed);
              LayerCost cost = layer.cost(tokens);
              String reason =
                  String.format(
                      Locale.ROOT,
                      "%s: nanoseconds a token of a forward pass over one sequence of %d, one"
                          + " thread, least and median of rounds; %d sequential steps, %.0f"
                          + " multiply-adds a token",
                      Judging.REPORTED,
                      tokens,
                      cost.sequentialSteps(),
                      cost.multiplyAddsPerToken());
              Verdict verdict =
                  Verdict.of(
                          time.leastNanos(),
                          new Interval(time.leastNanos(), time.medianNanos()),
                          Prediction.atLeast(0))
                      .inconclusiveBecause(reason);
              parts.add(
                  ClaimPart.of("nanoseconds-a-token-" + model.name(), verdict)
                      .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED)));
            });
    return parts;
  }
}
