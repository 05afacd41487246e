package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.ELMAN;
import static org.definetti.lab.compare.Architectures.GRU;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.ContaminatedTask;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.DoubleForm;
import org.definetti.lab.compare.OrderRisk;
import org.definetti.lab.compare.Predictor;
import org.definetti.lab.compare.Probe;
import org.definetti.lab.compare.RecallTask;
import org.definetti.lab.compare.Sight;
import org.definetti.lab.compare.Task;
import org.definetti.random.Seed;

/**
 * XS9: what happens to trained networks when the tokens of a task without order are shuffled.
 *
 * <pre>
 * {@code  sqrt(E ‖f(g X) - f(X)‖²) = sqrt(2 (R - R_sym)),   R_sym the risk averaged over orders  }
 * </pre>
 *
 * <ul>
 *   <li>Parts, for a mean with outliers and for stacked recall: attention without positions and
 *       deep sets do not notice, in double precision; recurrences and convolutions change by just
 *       as much as they would gain by averaging over the orders, here all orders of five tokens.
 *       Squared distances, of probabilities in recall.
 *   <li>Controls: the change of the recurrence, against the bound of rounding; the identity against
 *       an answer that depends on order.
 *   <li>Source: [derived] (S16); the protocol is pre-registered.
 * </ul>
 */
public final class OrderShuffled extends ComparedClaim {

  private static final String CHANGE = "change-with-order";
  private static final String RIGHT = "change-over-identity";
  private static final String WRONG = "change-over-false-identity";
  private static final double ROUNDING = 1e-12;
  private static final double EQUAL = 1e-6;
  private static final int ITEMS = 8;
  private static final int STEPS = 300;
  private static final double RATE = 3e-3;
  private static final int PERMUTED = 5;
  private static final int WINDOW = 6; // of the answer that depends on order
  private static final List<Architecture> BLIND = List.of(ATTENTION, DEEP_SETS);
  private static final List<Architecture> ORDERED = List.of(GRU, ELMAN, CONVOLUTION);

  /** Returns the claim. */
  public OrderShuffled() {
    super("XS9", 20, 60);
  }

  @Override
  public String slug() {
    return "order-shuffled";
  }

  @Override
  public String statement() {
    return "Shuffled at test, tokens of a task without order change no answer of attention without"
        + " positions or of deep sets, and those of a recurrence or a convolution by the root of"
        + " twice the risk that averaging over orders would remove.";
  }

  @Override
  public String prediction() {
    return "attention, deep sets: change <= 1e-12; gru, elman, convolution: root mean square change"
        + " = sqrt(2 (R - R_sym)) to 1e-6";
  }

  /** The largest change under random orders, and the mean square change over what it should be. */
  private static Probe shuffled(int sequences) {
    return (network, tests, seed) -> {
      Task task = network.task();
      int movable = task.movable(tests.batch().length());
      double change =
          DoubleForm.of(network).orderChange(tests, sequences, movable, seed.child("order"));
      Predictor exact = (batch, b) -> task.exact(batch, b).mean();
      Predictor window = task.best(Sight.window(WINDOW));
      if (window == null) {
        throw new IllegalArgumentException("task: expected one whose window is bounded");
      }
      return Map.of(
          CHANGE,
          Estimate.exact(change),
          RIGHT,
          Estimate.exact(ratio(OrderRisk.of(tests, network, sequences, PERMUTED, exact))),
          WRONG,
          Estimate.exact(ratio(OrderRisk.of(tests, network, sequences, PERMUTED, window))));
    };
  }

  /** Root mean square change over sqrt(2 (R - R_sym)); 0 where the change is. */
  private static double ratio(OrderRisk risk) {
    double removed = Math.max(risk.removed(), Double.MIN_NORMAL);
    return risk.halfDefect() == 0 ? 0 : Math.sqrt(risk.halfDefect() / removed);
  }

  private Comparison run(Budget budget, Task task, Seed seed, Runner runner) {
    List<Architecture> all = new ArrayList<>(BLIND);
    all.addAll(budget == Budget.SMOKE ? ORDERED.subList(0, 1) : ORDERED);
    int sequences = budget == Budget.SMOKE ? 10 : 20;
    int seeds = budget == Budget.FULL ? 3 : 1;
    Design design =
        design(budget, task, all, ITEMS, STEPS)
            .withTuning(List.of(RATE), 1)
            .withSeeds(seeds)
            .withProbe(shuffled(sequences));
    return Comparison.run(id(), design, seed.child(task.name()), runner.within(task.name()));
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    for (Task task : List.of(new ContaminatedTask(4), new RecallTask(32, false))) {
      Comparison run = run(budget, task, seed, runner);
      parts.add(blind(run));
      parts.add(identity(run));
      results.addAll(run.results());
    }
    return ClaimResult.of(parts).withResults(results);
  }

  private static double[] numbers(Comparison run, List<Architecture> models, String metric) {
    List<String> present = run.design().architectures().stream().map(Architecture::name).toList();
    return models.stream()
        .filter(model -> present.contains(model.name()))
        .flatMap(model -> run.estimates(model.name(), metric, ITEMS).stream())
        .mapToDouble(Estimate::mean)
        .toArray();
  }

  private static double largest(double[] numbers) {
    double largest = 0;
    for (double number : numbers) {
      largest = Math.max(largest, number);
    }
    return largest;
  }

  private static ClaimPart blind(Comparison run) {
    Prediction none = Prediction.atMost(ROUNDING);
    double wrong = largest(numbers(run, List.of(GRU), CHANGE));
    return ClaimPart.of(
            run.design().task().name() + "-blind",
            Verdict.exact(largest(numbers(run, BLIND, CHANGE)), none))
        .withControl(
            Control.of(
                Verdict.exact(wrong, none),
                String.format(Locale.ROOT, "gru: change of %.2g", wrong)));
  }

  private static ClaimPart identity(Comparison run) {
    Prediction equal = Prediction.near(1, EQUAL);
    double right = furthest(numbers(run, ORDERED, RIGHT));
    double wrong = furthest(numbers(run, ORDERED, WRONG));
    return ClaimPart.of(run.design().task().name() + "-change", Verdict.exact(right, equal))
        .withControl(
            Control.of(
                Verdict.exact(wrong, equal),
                String.format(
                    Locale.ROOT, "risk against an answer that depends on order: %.3g", wrong)));
  }

  private static double furthest(double[] ratios) {
    double furthest = 1;
    for (double ratio : ratios) {
      furthest = Math.abs(ratio - 1) >= Math.abs(furthest - 1) ? ratio : furthest;
    }
    return furthest;
  }
}
