package org.definetti.lab.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.definetti.layer.Layer;

/**
 * A comparison, fixed before it runs: which task and architectures, how they are matched, trained,
 * tuned and tested.
 *
 * <p>Every architecture gets the same learning rates and the same number of trials at each; the
 * rate with the least mean validation excess is then used for fresh seeds. An immutable value.
 */
public final class Design {

  private final Task task;
  private final List<Architecture> architectures;
  private final Schooling schooling;
  private final int goal;
  private final Match match;
  private final List<Double> rates;
  private final int trials;
  private final int seeds;
  private final List<Integer> tested;
  private final int tests;
  private final Probe probe;

  private Design(
      Task task,
      List<Architecture> architectures,
      Schooling schooling,
      int goal,
      Match match,
      List<Double> rates,
      int trials,
      int seeds,
      List<Integer> tested,
      int tests,
      Probe probe) {
    this.task = Objects.requireNonNull(task, "task");
    this.architectures = List.copyOf(architectures);
    this.schooling = Objects.requireNonNull(schooling, "schooling");
    this.goal = Check.atLeast("goal", 1, goal);
    this.match = Objects.requireNonNull(match, "match");
    this.rates = List.copyOf(rates);
    this.trials = Check.atLeast("trials", 1, trials);
    this.seeds = Check.atLeast("seeds", 1, seeds);
    this.tested = List.copyOf(tested);
    this.tests = Check.atLeast("tests", 2, tests);
    this.probe = Objects.requireNonNull(probe, "probe");
    Check.atLeast("architectures", 1, this.architectures.size());
    Check.atLeast("rates", 1, this.rates.size());
    Check.atLeast("tested", 1, this.tested.size());
  }

  /**
   * Returns a comparison at equal parameters, with the rates 1e-3, 3e-3 and 1e-2, two trials at
   * each, five seeds, tested on 1000 sequences at the largest training length.
   *
   * @param architectures the first is the one whose work the others get if compute is matched
   * @param goal about how many trained parameters; see {@link #matched}
   */
  public static Design of(
      Task task, List<Architecture> architectures, Schooling schooling, int goal) {
    return new Design(
        task,
        architectures,
        schooling,
        goal,
        Match.PARAMETERS,
        List.of(1e-3, 3e-3, 1e-2),
        2,
        5,
        List.of(schooling.items().most()),
        1000,
        (network, set, seed) -> Map.of());
  }

  /** Returns the same with what is matched. */
  public Design withMatch(Match match) {
    return new Design(
        task, architectures, schooling, goal, match, rates, trials, seeds, tested, tests, probe);
  }

  /** Returns the same with other learning rates, and trials at each. */
  public Design withTuning(List<Double> rates, int trials) {
    return new Design(
        task, architectures, schooling, goal, match, rates, trials, seeds, tested, tests, probe);
  }

  /** Returns the same with so many seeds at the selected rate. */
  public Design withSeeds(int seeds) {
    return new Design(
        task, architectures, schooling, goal, match, rates, trials, seeds, tested, tests, probe);
  }

  /**
   * Returns the same tested at these numbers of items, ascending, the largest training number among
   * them, on so many sequences each.
   */
  public Design withTests(List<Integer> tested, int tests) {
    return new Design(
        task, architectures, schooling, goal, match, rates, trials, seeds, tested, tests, probe);
  }

  /** Returns the same with one more measurement. */
  public Design withProbe(Probe probe) {
    return new Design(
        task, architectures, schooling, goal, match, rates, trials, seeds, tested, tests, probe);
  }

  /** Returns the task. */
  public Task task() {
    return task;
  }

  /** Returns what is compared. */
  public List<Architecture> architectures() {
    return architectures;
  }

  /** Returns how networks are trained. */
  public Schooling schooling() {
    return schooling;
  }

  /** Returns about how many trained parameters a model has. */
  public int goal() {
    return goal;
  }

  /** Returns what is matched. */
  public Match match() {
    return match;
  }

  /** Returns the learning rates tried. */
  public List<Double> rates() {
    return rates;
  }

  /** Returns the number of trials of each rate. */
  public int trials() {
    return trials;
  }

  /** Returns the number of seeds at the selected rate. */
  public int seeds() {
    return seeds;
  }

  /** Returns the numbers of items tested at. */
  public List<Integer> tested() {
    return tested;
  }

  /** Returns the number of test sequences. */
  public int tests() {
    return tests;
  }

  Probe probe() {
    return probe;
  }

  /** Returns the largest number of items trained at, where models are matched and compared. */
  public int items() {
    return schooling.items().most();
  }

  /**
   * Returns what every model should have of what is matched: the parameters nearest to the goal
   * that all can have, or the work of the first architecture with so many.
   */
  public long matched() {
    int tokens = task.tokens(items());
    long parameters = Match.PARAMETERS.commonGoal(architectures, task.widths(), goal, tokens);
    if (match == Match.PARAMETERS) {
      return parameters;
    }
    Architecture first = architectures.get(0);
    int size = Match.PARAMETERS.size(first, task.widths(), parameters, tokens);
    return match.amount(first.layer(task.widths(), size), tokens);
  }

  /**
   * Returns the layer of each architecture in this comparison.
   *
   * @param matched what every model should have, {@link #matched} unless another goal is tried
   * @throws IllegalArgumentException if one cannot be matched
   */
  public Map<Architecture, Layer> layers(long matched) {
    int tokens = task.tokens(items());
    Map<Architecture, Layer> layers = new LinkedHashMap<>();
    for (Architecture architecture : architectures) {
      int size = match.size(architecture, task.widths(), matched, tokens);
      layers.put(architecture, architecture.layer(task.widths(), size));
    }
    return layers;
  }
}
