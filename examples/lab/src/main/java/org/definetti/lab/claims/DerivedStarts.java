package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.DerivedProbe;
import org.definetti.lab.compare.HiddenStatesTask;
import org.definetti.lab.compare.Network;
import org.definetti.lab.compare.Schooling;
import org.definetti.lab.compare.TestSet;
import org.definetti.lab.run.Build;
import org.definetti.layer.Layer;
import org.definetti.random.Seed;

/**
 * A layer trained from several random starts on the same sequences, of which validation data choose
 * one: what is left when bad starts are thrown away (claim XS12).
 *
 * @param results metrics of the best of the first 1, 2, … starts, over their number
 */
record DerivedStarts(Results results) {

  /** What is run. */
  record Size(Schooling schooling, double rate, int seeds, int starts, int tests) {}

  /** Trains; every seed has its own sequences and starts. */
  static DerivedStarts run(
      HiddenStatesTask task, Layer layer, int items, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.seeds; s++) {
      cells.add(
          Cell.of("model", task.name())
              .with("claim", "XS12")
              .with("attention", "derived-form")
              .with("origin", "trained")
              .with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("task", task.toString());
    configuration.put("layer", layer.toString());
    configuration.put("size", size.toString());
    configuration.put("seed", seed.toString());
    return new DerivedStarts(
        runner.execute(
            Plan.of(Build.provenance().version(), configuration, "starts", cells),
            cell -> {
              Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
              return best(task, layer, items, size, own);
            }));
  }

  private static CellResult best(
      HiddenStatesTask task, Layer layer, int items, Size size, Seed own) {
    TestSet tests = TestSet.draw(task, items, size.tests, own.child("test"));
    DerivedProbe probe = new DerivedProbe(task);
    double least = Double.POSITIVE_INFINITY;
    Map<String, Estimate> metrics = Map.of();
    List<CellPoint> points = new ArrayList<>();
    for (int start = 1; start <= size.starts; start++) {
      Seed initial = own.child("start").child(start);
      Network network =
          Network.train(
              task, size.schooling, size.rate, own, layer, layer.initial(initial.generator()));
      if (network.validationExcess() < least) {
        least = network.validationExcess();
        Map<String, Estimate> all = new TreeMap<>(probe.measure(network, tests, own));
        all.put(Comparison.EXCESS, tests.excess(tests.of(network)));
        metrics = all;
      }
      points.add(new CellPoint(start, metrics));
    }
    return new CellResult(points);
  }

  /** Returns a metric of the best of all starts of a seed. */
  double last(String metric, int seed) {
    List<CellPoint> points = results.cells().get(seed).points();
    Estimate estimate = points.get(points.size() - 1).metrics().get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException("metric: expected one that was measured, got " + metric);
    }
    return estimate.mean();
  }
}
