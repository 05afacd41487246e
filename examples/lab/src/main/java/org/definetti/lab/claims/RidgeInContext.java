package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.DILATED_CONVOLUTION;
import static org.definetti.lab.compare.Architectures.GRU;
import static org.definetti.lab.compare.Architectures.LINEAR_HEAD;
import static org.definetti.lab.compare.Architectures.MEAN_POOLING;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.RidgeTask;
import org.definetti.random.Seed;

/**
 * XS4: linear regression in context, whose optimum is ridge, learned by attention and recurrence.
 *
 * <pre>{@code  E[w·q | pairs] = qᵀ (KᵀK + d s2 I)⁻¹ Kᵀ v;   a state must carry KᵀK: d² numbers  }
 * </pre>
 *
 * <ul>
 *   <li>Parts: {@code bounds}; attention near ridge at d = 4; a gated recurrence worse at d = 8
 *       than at d = 4, above attention there, and not at ridge.
 *   <li>Controls: mean pooling, whose best answer is zero, in the place of attention; the Bayes
 *       risk, dimensions exchanged; ridge itself.
 *   <li>Source: [derived] (MS4); the protocol is pre-registered.
 * </ul>
 */
public final class RidgeInContext extends ComparedClaim {

  private static final int ITEMS = 16;
  private static final int STEPS = 1500;
  private static final double NEAR = 0.1; // of the prior variance
  private static final double NOT_RIDGE = 0.05;
  private static final double NOISE = 0.25;
  private static final int SMALL = 4;
  private static final int LARGE = 8;

  /** Returns the claim. */
  public RidgeInContext() {
    super("XS4", 60, 480);
  }

  @Override
  public String slug() {
    return "ridge-in-context";
  }

  @Override
  public String statement() {
    return "Trained on linear regression in context, attention comes near ridge, and a gated"
        + " recurrence of its size falls behind as the dimension grows.";
  }

  @Override
  public String prediction() {
    return "attention's excess at d = 4 <= 0.1 prior variances; gru's at d = 8 above that at d = 4,"
        + " above attention's and >= 0.05; no model below its bound";
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, LINEAR_HEAD, MEAN_POOLING);
      case STANDARD -> List.of(ATTENTION, GRU, MEAN_POOLING);
      case FULL ->
          List.of(
              ATTENTION,
              ATTENTION_POSITIONS,
              LINEAR_HEAD,
              DILATED_CONVOLUTION,
              GRU,
              DEEP_SETS,
              MEAN_POOLING);
    };
  }

  private Comparison run(Budget budget, int dimension, Seed seed, Runner runner) {
    Design design =
        design(budget, new RidgeTask(dimension, NOISE), architectures(budget), ITEMS, STEPS);
    if (budget == Budget.FULL) {
      design = design.withTests(List.of(ITEMS, 2 * ITEMS), design.tests());
    }
    return Comparison.run(id(), design, seed.child(dimension), runner.within("d-" + dimension));
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Comparison small = run(budget, SMALL, seed, runner);
    List<Comparison> runs = new ArrayList<>(List.of(small));
    List<ClaimPart> parts = new ArrayList<>();
    if (budget != Budget.SMOKE) {
      Comparison large = run(budget, LARGE, seed, runner);
      runs.add(large);
      parts.add(near(small));
      parts.add(grows(small, large));
      parts.add(Compared.below(large, "attention-below-gru", ATTENTION.name(), GRU.name()));
      parts.add(notRidge(large));
    }
    parts.add(0, Compared.bounds(runs));
    List<Results> results = runs.stream().flatMap(one -> one.results().stream()).toList();
    return ClaimResult.of(parts).withResults(results);
  }

  private static ClaimPart near(Comparison run) {
    Prediction near = Prediction.atMost(NEAR);
    Verdict wrong = Compared.metric(run, MEAN_POOLING.name(), Comparison.EXCESS, near);
    return ClaimPart.of(
            "attention-near-ridge", Compared.metric(run, ATTENTION.name(), Comparison.EXCESS, near))
        .withControl(Judging.control(wrong, "mean pooling: excess of %.2f"));
  }

  private static ClaimPart grows(Comparison small, Comparison large) {
    Prediction more = Prediction.atLeast(0);
    IntToDoubleFunction growth =
        s ->
            large.estimates(GRU.name(), Comparison.EXCESS, ITEMS).get(s).mean()
                - small.estimates(GRU.name(), Comparison.EXCESS, ITEMS).get(s).mean();
    int seeds = small.design().seeds();
    Verdict wrong =
        Compared.overSeeds(
            seeds,
            s ->
                small.estimates(Comparison.EXACT, Comparison.RISK, ITEMS).get(s).mean()
                    - large.estimates(Comparison.EXACT, Comparison.RISK, ITEMS).get(s).mean(),
            more);
    return ClaimPart.of("gru-falls-behind", Compared.overSeeds(seeds, growth, more))
        .withControl(Judging.control(wrong, "Bayes risk, dimensions exchanged: %.3g"));
  }

  private static ClaimPart notRidge(Comparison large) {
    Prediction apart = Prediction.atLeast(NOT_RIDGE);
    Verdict wrong = Compared.metric(large, Comparison.EXACT, Comparison.EXCESS, apart);
    return ClaimPart.of(
            "gru-not-ridge", Compared.metric(large, GRU.name(), Comparison.EXCESS, apart))
        .withControl(Judging.control(wrong, "ridge itself: %.2g"));
  }
}
