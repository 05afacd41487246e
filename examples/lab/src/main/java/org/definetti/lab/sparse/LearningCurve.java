package org.definetti.lab.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.lab.run.Build;
import org.definetti.random.Seed;
import org.definetti.sparse.InformationBound;

/**
 * How often a learner finds a hidden function of s of T bits, against the number of samples.
 *
 * <p>Hidden subset, strings, held-out strings and initial weights are new in every trial and follow
 * from the seed's children T / m / trial, so a trial is the same whichever other sizes are run.
 *
 * @param claim whose cells these are
 * @param learner the network and its training
 * @param task what is learned
 * @param sparsity s
 * @param trials how many networks a size
 * @param heldOut strings each is judged on
 */
public record LearningCurve(
    String claim, StringLearner learner, StringTask task, int sparsity, int trials, int heldOut) {

  /** The metric that is 1 where a network found the function. */
  public static final String SUCCESS = "success";

  /** The metric of the largest attention mass of a head on the relevant positions. */
  public static final String MASS = "best-head-mass";

  /** The metric of the share of held-out strings labelled correctly. */
  public static final String ACCURACY = "accuracy";

  /** The metric of the mean over heads of the mass of their s largest weights. */
  public static final String TOP = "top-mass";

  /** The metric of the mean over heads of the entropy of their weights, in nats. */
  public static final String ENTROPY = "entropy";

  private static final String STEPS = "steps";
  private static final String REJECTED = "rejected-sets";

  /** A level must be bracketed after at most so many extensions. */
  private static final int EXTENSIONS = 8;

  /**
   * What was measured at one T.
   *
   * @param counts successes by number of samples
   * @param results of the base grid and of each extension
   */
  public record Outcome(SortedMap<Integer, CriticalSize.Count> counts, List<Results> results) {

    /** Copies the results. */
    public Outcome {
      results = List.copyOf(results);
    }

    /** Returns the critical number of samples. */
    public double criticalSize(double level) {
      return CriticalSize.of(counts, level);
    }

    /** Returns a metric of all trials of all sizes that succeeded, or that failed. */
    public List<Double> metric(String name, boolean ofSuccesses) {
      List<Double> numbers = new ArrayList<>();
      for (Results part : results) {
        for (CellResult cell : part.cells()) {
          for (CellPoint point : cell.points()) {
            Estimate success = point.metrics().get(SUCCESS);
            Estimate number = point.metrics().get(name);
            if (success != null && number != null && success.mean() > 0.5 == ofSuccesses) {
              numbers.add(number.mean());
            }
          }
        }
      }
      return numbers;
    }
  }

  /** Runs the given sizes. */
  public Outcome at(int length, List<Integer> sizes, Seed seed, Runner runner) {
    Results results = run(length, sizes, seed, runner.within("T-" + length));
    return new Outcome(counts(List.of(results)), List.of(results));
  }

  /**
   * Runs the given sizes, then two more beyond an end, at the step of the grid there, until success
   * is below the level at the least size and above it at the largest.
   *
   * <p>Gives up after eight extensions, or where the next would be of fewer samples than tell all
   * subsets apart: then {@link CriticalSize#isBracketed} is false of the outcome.
   *
   * @param sizes at least two, ascending
   */
  public Outcome bracketing(
      double level, int length, List<Integer> sizes, Seed seed, Runner runner) {
    Outcome outcome = at(length, sizes, seed, runner);
    for (int i = 1; i <= EXTENSIONS && !CriticalSize.isBracketed(outcome.counts, level); i++) {
      List<Integer> more = beyond(length, outcome.counts, level);
      if (more.isEmpty()) {
        break;
      }
      List<Results> all = new ArrayList<>(outcome.results);
      all.add(run(length, more, seed, runner.within("T-" + length + "-extension-" + i)));
      outcome = new Outcome(counts(all), all);
    }
    return outcome;
  }

  private List<Integer> beyond(
      int length, SortedMap<Integer, CriticalSize.Count> counts, double level) {
    List<Integer> sizes = List.copyOf(counts.keySet());
    int last = sizes.size() - 1;
    CriticalSize.Count most = counts.get(sizes.get(last));
    if (most != null && most.rate() <= level) {
      int step = sizes.get(last) - sizes.get(last - 1);
      return List.of(sizes.get(last) + step, sizes.get(last) + 2 * step);
    }
    int step = sizes.get(1) - sizes.get(0);
    List<Integer> fewer = new ArrayList<>();
    for (int size : new int[] {sizes.get(0) - 2 * step, sizes.get(0) - step}) {
      // Sets of fewer strings are hardly ever consistent with one subset: drawing would not end.
      if (size > InformationBound.samples(length, sparsity)) {
        fewer.add(size);
      }
    }
    return fewer;
  }

  private static SortedMap<Integer, CriticalSize.Count> counts(List<Results> results) {
    SortedMap<Integer, CriticalSize.Count> counts = new TreeMap<>();
    for (Results part : results) {
      for (CellResult cell : part.cells()) {
        for (CellPoint point : cell.points()) {
          Estimate success = point.metrics().get(SUCCESS);
          int found = success != null && success.mean() > 0.5 ? 1 : 0;
          counts.merge(
              (int) point.value(),
              new CriticalSize.Count(1, found),
              (x, y) ->
                  new CriticalSize.Count(x.trials() + y.trials(), x.successes() + y.successes()));
        }
      }
    }
    return counts;
  }

  private Results run(int length, List<Integer> sizes, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int trial = 0; trial < trials; trial++) {
      cells.add(
          Cell.of(
                  "model",
                  task.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-of-" + sparsity)
              .with("claim", claim)
              .with("attention", learner.name())
              .with("origin", "trained")
              .with("length", String.valueOf(length))
              .with(Cell.SEED, String.valueOf(trial)));
    }
    Map<String, String> configuration =
        Map.of(
            "rate", String.valueOf(learner.rate()),
            "steps", String.valueOf(learner.steps()),
            "enough", String.valueOf(learner.enough()),
            "layer", learner.layer().apply(length).toString(),
            "held-out", String.valueOf(heldOut),
            "sizes", sizes.toString(),
            "seed", seed.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, "samples", cells);
    return runner.execute(
        plan,
        cell -> {
          int trial = Integer.parseInt(cell.axis(Cell.SEED));
          List<CellPoint> points = new ArrayList<>();
          for (int size : sizes) {
            if (Thread.interrupted()) {
              throw new IllegalStateException("interrupted at " + cell);
            }
            points.add(point(length, size, seed.child(length).child(size).child(trial)));
          }
          return new CellResult(points);
        });
  }

  private CellPoint point(int length, int size, Seed seed) {
    TrainingSet set = task.draw(length, sparsity, size, seed.child("data").generator());
    StringTrial trial = StringTrial.of(learner, set, heldOut, task.one(sparsity), seed);
    Map<String, Estimate> metrics = new TreeMap<>();
    metrics.put(SUCCESS, Estimate.exact(trial.isSuccess() ? 1 : 0));
    metrics.put(ACCURACY, Estimate.exact(trial.accuracy()));
    metrics.put(STEPS, Estimate.exact((double) trial.steps()));
    metrics.put(REJECTED, Estimate.exact(trial.rejected()));
    HeadWeights heads = trial.heads();
    if (heads != null) {
      metrics.put(MASS, Estimate.exact(heads.bestMass()));
      metrics.put(TOP, Estimate.exact(heads.meanTop()));
      metrics.put(ENTROPY, Estimate.exact(heads.meanEntropy()));
    }
    return new CellPoint(size, metrics);
  }
}
