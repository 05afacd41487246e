package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.GRU;
import static org.definetti.lab.compare.Architectures.MEAN_POOLING;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
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
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.Match;
import org.definetti.lab.compare.RecallTask;
import org.definetti.random.Seed;

/**
 * XS5: recall of the value that a key was paired with, by attention, convolution, recurrence and
 * sets.
 *
 * <pre>{@code
 * interleaved, no order:   accuracy <= E[largest multiplicity of a value] / N
 * window of R pairs:       accuracy <= R / N + chance
 * }</pre>
 *
 * <ul>
 *   <li>Parts: {@code bounds}; the accuracy of attention at 16 stacked pairs; of a gated
 *       recurrence, falling with pairs and below attention's; of a convolution, that of its window;
 *       of attention without positions on interleaved pairs, that of its bound.
 *   <li>Controls: the wrong bound, or the recurrence in the place of attention.
 *   <li>At full 16 pairs are repeated with equal work; bounds are checked, the rest is reported.
 *   <li>Source: task [source: HazyResearch/zoology, cut to size]; bounds and protocol [derived],
 *       pre-registered.
 * </ul>
 */
public final class RecallLearned extends ComparedClaim {

  private static final int SYMBOLS = 32; // keys, and values
  private static final int FEW = 8;
  private static final int MANY = 16;
  private static final int STEPS = 1500;
  private static final double SOLVED = 0.95;
  private static final double APART = 0.05;
  private static final double NEAR_WINDOW = 0.05;
  private static final double NEAR_BOUND = 0.03;
  private static final ExpectedOutcome PILOT =
      ExpectedOutcome.refuted(
          "committed as true; a pilot with seed 1 found it far from its window");

  /** Returns the claim. */
  public RecallLearned() {
    super("XS5", 60, 600);
  }

  @Override
  public String slug() {
    return "recall-learned";
  }

  @Override
  public String statement() {
    return "Trained to recall what a key was paired with, attention solves stacked pairs, a gated"
        + " recurrence of its size falls behind with the number of pairs, a convolution knows its"
        + " window, and attention without positions cannot bind interleaved pairs.";
  }

  @Override
  public String prediction() {
    return "accuracy at 16 stacked pairs: attention >= 0.95 and >= 0.05 above gru, gru below its 8"
        + " pairs, convolution within 0.05 of its window; interleaved: attention within 0.03 of"
        + " the unordered bound; no model below its bound";
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, CONVOLUTION, MEAN_POOLING);
      case STANDARD -> List.of(ATTENTION, CONVOLUTION, GRU);
      case FULL ->
          List.of(ATTENTION, ATTENTION_POSITIONS, CONVOLUTION, GRU, DEEP_SETS, MEAN_POOLING);
    };
  }

  private static Design design(Budget budget, boolean interleaved, int pairs) {
    RecallTask task = new RecallTask(SYMBOLS, interleaved);
    return design(budget, task, architectures(budget), pairs, STEPS);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Comparison> runs = new ArrayList<>();
    List<ClaimPart> parts = new ArrayList<>();
    Comparison woven =
        Comparison.run(
            id(),
            design(budget, true, FEW),
            seed.child("interleaved"),
            runner.within("interleaved"));
    runs.add(woven);
    if (budget != Budget.SMOKE) {
      Seed own = seed.child("stacked");
      Comparison few =
          Comparison.run(id(), design(budget, false, FEW), own, runner.within("stacked-8"));
      Design design = design(budget, false, MANY);
      Comparison many = Comparison.run(id(), design, own, runner.within("stacked-16"));
      runs.addAll(List.of(few, many));
      if (budget == Budget.FULL) {
        Design work = design.withMatch(Match.COMPUTE);
        runs.add(Comparison.run(id(), work, own, runner.within("stacked-16-compute")));
      }
      parts.add(solves(many));
      parts.add(falls(few, many));
      parts.add(apart(many));
      parts.add(window(many).withExpected(PILOT));
      parts.add(unbound(woven));
    }
    parts.add(0, Compared.bounds(runs));
    List<Results> results = runs.stream().flatMap(one -> one.results().stream()).toList();
    return ClaimResult.of(parts).withResults(results);
  }

  private static Control control(Verdict wrong, String what) {
    return Control.of(wrong, String.format(Locale.ROOT, "%s: %.3f", what, wrong.measured()));
  }

  private static ClaimPart solves(Comparison many) {
    Prediction solved = Prediction.atLeast(SOLVED);
    Verdict wrong = Compared.metric(many, CONVOLUTION.name(), Comparison.ACCURACY, solved);
    return ClaimPart.of(
            "attention-solves",
            Compared.metric(many, ATTENTION.name(), Comparison.ACCURACY, solved))
        .withControl(control(wrong, "a convolution with a window of four"));
  }

  private static ClaimPart falls(Comparison few, Comparison many) {
    Prediction more = Prediction.atLeast(0);
    IntToDoubleFunction fall =
        s ->
            few.estimates(GRU.name(), Comparison.ACCURACY, FEW).get(s).mean()
                - many.estimates(GRU.name(), Comparison.ACCURACY, MANY).get(s).mean();
    int seeds = few.design().seeds();
    String window = Comparison.bound(CONVOLUTION.sight());
    Verdict wrong =
        Compared.overSeeds(
            seeds,
            s ->
                many.estimates(window, Comparison.ACCURACY, MANY).get(s).mean()
                    - few.estimates(window, Comparison.ACCURACY, FEW).get(s).mean(),
            more);
    return ClaimPart.of("gru-falls", Compared.overSeeds(seeds, fall, more))
        .withControl(control(wrong, "the best of a window, numbers of pairs exchanged"));
  }

  private static ClaimPart apart(Comparison many) {
    Prediction apart = Prediction.atLeast(APART);
    String window = Comparison.bound(CONVOLUTION.sight());
    Verdict wrong = Compared.difference(many, window, Comparison.EXACT, Comparison.ACCURACY, apart);
    return ClaimPart.of(
            "attention-above-gru",
            Compared.difference(many, ATTENTION.name(), GRU.name(), Comparison.ACCURACY, apart))
        .withControl(control(wrong, "the best of a window above the exact answer"));
  }

  private static ClaimPart window(Comparison many) {
    Prediction near = Prediction.near(0, NEAR_WINDOW);
    String bound = Comparison.bound(CONVOLUTION.sight());
    Verdict wrong =
        Compared.difference(many, CONVOLUTION.name(), Comparison.EXACT, Comparison.ACCURACY, near);
    return ClaimPart.of(
            "convolution-knows-its-window",
            Compared.difference(many, CONVOLUTION.name(), bound, Comparison.ACCURACY, near))
        .withControl(control(wrong, "measured against all pairs"));
  }

  private static ClaimPart unbound(Comparison woven) {
    Prediction near = Prediction.near(0, NEAR_BOUND);
    String bound = Comparison.bound(ATTENTION.sight());
    Verdict wrong = Compared.difference(woven, Comparison.EXACT, bound, Comparison.ACCURACY, near);
    return ClaimPart.of(
            "interleaved-at-its-bound",
            Compared.difference(woven, ATTENTION.name(), bound, Comparison.ACCURACY, near))
        .withControl(control(wrong, "the exact answer against that bound"));
  }
}
