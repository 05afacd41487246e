package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.ELMAN;
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
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.CountsTask;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.FilteringTask;
import org.definetti.lab.compare.MeanTask;
import org.definetti.lab.compare.RidgeTask;
import org.definetti.lab.compare.Task;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;

/**
 * XS11: risk against length for attention, convolution, recurrence and sets on the same models, the
 * exact posterior as the floor.
 *
 * <pre>{@code  trained at lengths 4..16, tested at 2..64:   risk(n) = Bayes risk(n) + excess(n)  }
 * </pre>
 *
 * <ul>
 *   <li>Models: the mean of a normal law (M1), a die (M3), regression in context (M5), where order
 *       carries nothing, and filtering, where it does: one figure each.
 *   <li>Parts: {@code bounds}; at M1 and M3 the excess of attention four times beyond the training
 *       lengths, against its largest within them, and against the recurrence's; at filtering the
 *       excess of recurrence and convolution against attention's.
 *   <li>Controls: a window of four far beyond it; mean pooling, which sees neither order nor query.
 *   <li>Source: [derived]; the protocol is pre-registered.
 * </ul>
 */
public final class ErrorAgainstLength extends ComparedClaim {

  private static final int SHORTEST = 4;
  private static final int ITEMS = 16;
  private static final int LONGEST = 64;
  private static final int STEPS = 800;
  private static final double KEPT = 2;
  private static final List<Integer> TESTED = List.of(2, 4, 8, 16, 32, 64);
  private static final MeanTask MEAN = new MeanTask(8, 4);
  private static final CountsTask COUNTS = new CountsTask(5, 0.5);
  private static final RidgeTask RIDGE = new RidgeTask(4, 0.25);
  private static final FilteringTask FILTERING = new FilteringTask(0.9, 1.5);

  /** Returns the claim. */
  public ErrorAgainstLength() {
    super("XS11", 60, 420);
  }

  @Override
  public String slug() {
    return "error-against-length";
  }

  @Override
  public String statement() {
    return "Trained at lengths 4 to 16, attention without positions keeps its excess over the exact"
        + " posterior at length 64 where order carries nothing, and a gated recurrence does not;"
        + " where order matters, recurrence and convolution are nearer.";
  }

  @Override
  public String prediction() {
    return "M1, M3: attention's excess at 64 <= 2 times its largest at 4..16, and below gru's;"
        + " filtering: gru and convolution at 64 below attention; no model below its bound";
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, CONVOLUTION, MEAN_POOLING);
      case STANDARD -> List.of(ATTENTION, CONVOLUTION, GRU, MEAN_POOLING);
      case FULL ->
          List.of(ATTENTION, ATTENTION_POSITIONS, CONVOLUTION, ELMAN, GRU, DEEP_SETS, MEAN_POOLING);
    };
  }

  private Comparison run(Budget budget, Task task, Seed seed, Runner runner) {
    Design plain = design(budget, task, architectures(budget), ITEMS, STEPS);
    Design design =
        Design.of(
                task,
                plain.architectures(),
                plain.schooling().withItems(Lengths.uniform(SHORTEST, ITEMS)),
                plain.goal())
            .withTuning(plain.rates(), 1)
            .withSeeds(Math.min(3, plain.seeds()))
            .withTests(TESTED, budget == Budget.SMOKE ? 200 : 1000);
    return Comparison.run(id(), design, seed.child(task.name()), runner.within(task.name()));
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Comparison> runs = new ArrayList<>();
    List<ClaimPart> parts = new ArrayList<>();
    if (budget == Budget.SMOKE) {
      runs.add(run(budget, MEAN, seed, runner));
      parts.add(Compared.bounds(runs));
    } else {
      Comparison mean = run(budget, MEAN, seed, runner);
      Comparison counts = run(budget, COUNTS, seed, runner);
      Comparison filtering = run(budget, FILTERING, seed, runner);
      runs.addAll(List.of(mean, counts, filtering));
      if (budget == Budget.FULL) {
        runs.add(run(budget, RIDGE, seed, runner));
      }
      parts.add(Compared.bounds(runs));
      for (Comparison run : List.of(mean, counts)) {
        parts.add(keeps(run));
        parts.add(nearer(run, ATTENTION, GRU, CONVOLUTION));
      }
      parts.add(nearer(filtering, GRU, ATTENTION, MEAN_POOLING));
      parts.add(nearer(filtering, CONVOLUTION, ATTENTION, MEAN_POOLING));
    }
    List<Results> results = runs.stream().flatMap(one -> one.results().stream()).toList();
    return ClaimResult.of(parts).withResults(results);
  }

  private static double excess(Comparison run, Architecture model, int items, int seed) {
    return run.estimates(model.name(), Comparison.EXCESS, items).get(seed).mean();
  }

  /** The excess at the longest over the largest at lengths trained at. */
  private static IntToDoubleFunction growth(Comparison run, Architecture model) {
    return s -> {
      double largest = 0;
      for (int items : TESTED) {
        if (items >= SHORTEST && items <= ITEMS) {
          largest = Math.max(largest, excess(run, model, items, s));
        }
      }
      return excess(run, model, LONGEST, s) / largest;
    };
  }

  private static ClaimPart keeps(Comparison run) {
    Prediction kept = Prediction.atMost(KEPT);
    int seeds = run.design().seeds();
    Verdict wrong =
        Compared.ratioOverSeeds(
            seeds,
            s -> excess(run, CONVOLUTION, LONGEST, s) / excess(run, CONVOLUTION, SHORTEST, s),
            kept);
    return ClaimPart.of(
            run.design().task().name() + "-attention-keeps",
            Compared.ratioOverSeeds(seeds, growth(run, ATTENTION), kept))
        .withControl(
            Judging.control(wrong, "a window of four, at 64 over at 4 where it sees all: %.1f"));
  }

  /** The control is a pair whose order at the longest follows from what the two can see. */
  private static ClaimPart nearer(
      Comparison run, Architecture one, Architecture other, Architecture worse) {
    Architecture better = run.design().task().equals(FILTERING) ? GRU : ATTENTION;
    Verdict wrong = ratio(run, worse, better);
    return ClaimPart.of(
            run.design().task().name() + "-" + one.name() + "-below-" + other.name(),
            ratio(run, one, other))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "%s for better than %s: %.1f",
                    worse.name(),
                    better.name(),
                    wrong.measured())));
  }

  private static Verdict ratio(Comparison run, Architecture one, Architecture other) {
    return Compared.ratioOverSeeds(
        run.design().seeds(),
        s -> excess(run, one, LONGEST, s) / excess(run, other, LONGEST, s),
        Prediction.atMost(1));
  }
}
