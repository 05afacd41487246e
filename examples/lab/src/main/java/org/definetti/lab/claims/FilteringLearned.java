package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_CAUSAL;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.ATTENTION_ROTARY;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.ELMAN;
import static org.definetti.lab.compare.Architectures.GRU;
import static org.definetti.lab.compare.Architectures.LSTM;
import static org.definetti.lab.compare.Architectures.MEAN_POOLING;

import java.util.ArrayList;
import java.util.List;
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
import org.definetti.lab.compare.FilteringTask;
import org.definetti.lab.compare.Match;
import org.definetti.random.Seed;

/**
 * XS6: the present state of a hidden Markov chain, where order matters and range hardly does.
 *
 * <pre>
 * {@code  best of unordered tokens = sum of the forward algorithm over all orders of the past  }
 * </pre>
 *
 * <ul>
 *   <li>Parts: {@code bounds}; convolution and gated recurrence near the forward algorithm; the
 *       bound of unordered tokens above it; attention without positions at that bound; attention
 *       with positions below it.
 *   <li>Controls: mean pooling in the place of convolution and recurrence, attention with positions
 *       against the bound that it need not keep, and so on.
 *   <li>At full the comparison is repeated with equal work; its bounds are checked, the rest is
 *       reported.
 *   <li>Source: [derived] (MS9); the protocol is pre-registered.
 * </ul>
 */
public final class FilteringLearned extends ComparedClaim {

  private static final int ITEMS = 9;
  private static final int LONGER = 12;
  private static final int STEPS = 600;
  private static final double NEAR = 0.01; // nats
  private static final FilteringTask TASK = new FilteringTask(0.9, 1.5);

  /** Returns the claim. */
  public FilteringLearned() {
    super("XS6", 30, 240);
  }

  @Override
  public String slug() {
    return "filtering-learned";
  }

  @Override
  public String statement() {
    return "Trained to filter a hidden Markov chain, a convolution of window five and a gated"
        + " recurrence reach the forward algorithm, while attention without positions stays at the"
        + " best that can be said without the order of the past.";
  }

  @Override
  public String prediction() {
    return "excess of convolution and gru <= 0.01 nats; the unordered bound >= 0.01 nats above"
        + " Bayes and attention <= 0.01 above it; attention with positions below attention; no"
        + " model below its bound";
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, CONVOLUTION, MEAN_POOLING);
      case STANDARD -> List.of(ATTENTION, ATTENTION_POSITIONS, CONVOLUTION, GRU, MEAN_POOLING);
      case FULL ->
          List.of(
              ATTENTION,
              ATTENTION_POSITIONS,
              ATTENTION_CAUSAL,
              ATTENTION_ROTARY,
              CONVOLUTION,
              ELMAN,
              GRU,
              LSTM,
              DEEP_SETS,
              MEAN_POOLING);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Design design = design(budget, TASK, architectures(budget), ITEMS, STEPS);
    if (budget == Budget.FULL) {
      design = design.withTests(List.of(ITEMS, LONGER), design.tests());
    }
    Comparison run = Comparison.run(id(), design, seed, runner.within("parameters"));
    List<Comparison> runs = new ArrayList<>(List.of(run));
    if (budget == Budget.FULL) {
      Design work = design.withMatch(Match.COMPUTE);
      runs.add(Comparison.run(id(), work, seed, runner.within("compute")));
    }
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(Compared.bounds(runs));
    parts.add(order(run));
    if (budget != Budget.SMOKE) {
      parts.add(near(run, CONVOLUTION.name()));
      parts.add(near(run, GRU.name()));
      parts.add(stuck(run));
      parts.add(
          Compared.below(run, "positions-help", ATTENTION_POSITIONS.name(), ATTENTION.name()));
    }
    List<Results> results = runs.stream().flatMap(one -> one.results().stream()).toList();
    return ClaimResult.of(parts).withResults(results);
  }

  /** What forgetting the order of the past costs, beside what a window of four costs. */
  private static ClaimPart order(Comparison run) {
    Prediction much = Prediction.atLeast(NEAR);
    String unordered = Comparison.bound(ATTENTION.sight());
    String window = Comparison.bound(CONVOLUTION.sight());
    Verdict little = Compared.bound(run, window, Comparison.EXCESS, much);
    return ClaimPart.of("order-matters", Compared.bound(run, unordered, Comparison.EXCESS, much))
        .withControl(Judging.control(little, "forgetting all but four tokens: %.2g nats"));
  }

  private static ClaimPart near(Comparison run, String name) {
    Prediction near = Prediction.atMost(NEAR);
    Verdict wrong = Compared.metric(run, MEAN_POOLING.name(), Comparison.EXCESS, near);
    return ClaimPart.of(name, Compared.metric(run, name, Comparison.EXCESS, near))
        .withControl(Judging.control(wrong, "mean pooling: %.2g nats"));
  }

  private static ClaimPart stuck(Comparison run) {
    Prediction near = Prediction.atMost(NEAR);
    Verdict wrong = Compared.metric(run, MEAN_POOLING.name(), Comparison.EXCESS, near);
    return ClaimPart.of(
            "attention-at-its-bound",
            Compared.metric(run, ATTENTION.name(), Comparison.ABOVE, near))
        .withControl(Judging.control(wrong, "mean pooling over Bayes: %.2g"));
  }
}
