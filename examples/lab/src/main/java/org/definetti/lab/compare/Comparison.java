package org.definetti.lab.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.lab.run.Build;
import org.definetti.layer.Layer;
import org.definetti.layer.LayerCost;
import org.definetti.random.Seed;
import org.definetti.train.NonFiniteLossException;

/**
 * A comparison that was run: tuning, the networks at the selected rates, and what bounds them.
 *
 * <ul>
 *   <li>Tuning: each architecture, trial and rate; the metric is {@link #VALIDATION}. A run whose
 *       loss stops being finite counts as infinitely bad.
 *   <li>Seeds: child {@code tuning / trial} and {@code final / seed} of the comparison's; sequences
 *       are the same for all architectures, initial parameters are not.
 *   <li>Bounds: the exact answer, and up to the training length the best of every sight, on the
 *       same test sequences.
 * </ul>
 *
 * @param design what was run
 * @param tuning over learning rates
 * @param finals over items, at the selected rates
 * @param bounds over items
 */
public record Comparison(Design design, Results tuning, Results finals, Results bounds) {

  /** Mean loss on validation data above that of the exact answers. */
  public static final String VALIDATION = "validation-excess";

  /** Risk: that of the exact answers plus the excess. */
  public static final String RISK = "risk";

  /** Risk above that of the exact answers. */
  public static final String EXCESS = "excess-risk";

  /** Risk above that of the best model of the same sight, paired; at the training length. */
  public static final String ABOVE = "above-its-bound";

  /** Expected share of targets hit by the most probable category. */
  public static final String ACCURACY = "accuracy";

  /** Half the mean square change of the output under random orders of the movable tokens. */
  public static final String REMOVABLE = "removable-risk";

  /** Sequences seen until the validation excess first counted as solved, or all. */
  public static final String SAMPLES = "samples-to-solve";

  /** What is shown in figures; the rest is for verdicts. */
  private static final Set<String> SHOWN =
      Set.of(VALIDATION, RISK, EXCESS, ACCURACY, REMOVABLE, SAMPLES);

  /** The name of the exact answer among the bounds. */
  public static final String EXACT = "exact posterior";

  private static final String LENGTH = "length";

  /**
   * Runs a comparison.
   *
   * @param claim the id of the claim it is for
   * @param seed where every draw comes from
   * @param runner journals lie in its folders tuning, final and bounds
   */
  public static Comparison run(String claim, Design design, Seed seed, Runner runner) {
    Bench bench = Bench.of(claim, design);
    Results tuning = tune(bench, seed.child("tuning"), runner.within("tuning"));
    Map<String, Double> rates = selected(design, tuning);
    Seed last = seed.child("final");
    Results finals = train(bench, rates, last, runner.within("final"));
    Results bounds = bound(bench, last, runner.within("bounds"));
    return new Comparison(design, tuning, finals, bounds);
  }

  /** A design with the layers it amounts to. */
  private record Bench(String claim, Design design, long matched, Map<String, Entry> entries) {

    /** An architecture and its layer. */
    private record Entry(Architecture architecture, Layer layer) {}

    static Bench of(String claim, Design design) {
      long matched = design.matched();
      Map<String, Entry> entries = new LinkedHashMap<>();
      design
          .layers(matched)
          .forEach((one, layer) -> entries.put(one.name(), new Entry(one, layer)));
      return new Bench(claim, design, matched, entries);
    }

    Entry entry(Cell cell) {
      return entry(cell.axis("attention"));
    }

    Layer layer(Architecture architecture) {
      return entry(architecture.name()).layer;
    }

    private Entry entry(String name) {
      Entry entry = entries.get(name);
      if (entry == null) {
        throw new IllegalArgumentException("name: expected one of the design, got " + name);
      }
      return entry;
    }

    Cell cell(String attention, String origin) {
      return Cell.of("model", design.task().name())
          .with("claim", claim)
          .with("attention", attention)
          .with("origin", origin)
          .with("matched", design.match().label())
          .with("trained-at", String.valueOf(design.items()));
    }

    Plan plan(String axis, List<Cell> cells, Seed seed) {
      Map<String, String> configuration = new LinkedHashMap<>();
      configuration.put("task", design.task().toString());
      configuration.put("schooling", design.schooling().toString());
      configuration.put("matched", matched + " " + design.match().label());
      configuration.put("rates", design.rates().toString());
      configuration.put("trials", String.valueOf(design.trials()));
      configuration.put("tested", design.tested().toString());
      configuration.put("tests", String.valueOf(design.tests()));
      configuration.put("seed", seed.toString());
      entries.forEach((name, entry) -> configuration.put("layer " + name, entry.layer.toString()));
      return Plan.of(Build.provenance().version(), configuration, axis, cells);
    }

    Network network(Cell cell, double rate, Seed seed) {
      Entry entry = entry(cell);
      Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
      Seed initial = own.child("initial").child(entry.architecture.name());
      return Network.train(
          design.task(),
          design.schooling(),
          rate,
          own,
          entry.layer,
          entry.layer.initial(initial.generator()));
    }

    TestSet tests(int items, Cell cell, Seed seed) {
      Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED))).child("test").child(items);
      return TestSet.draw(design.task(), items, design.tests(), own);
    }
  }

  private static Results tune(Bench bench, Seed seed, Runner runner) {
    Design design = bench.design;
    List<Cell> cells = new ArrayList<>();
    for (Architecture architecture : design.architectures()) {
      for (int trial = 0; trial < design.trials(); trial++) {
        cells.add(
            bench.cell(architecture.name(), "trained").with(Cell.SEED, String.valueOf(trial)));
      }
    }
    return runner.execute(
        bench.plan("learning-rate", cells, seed),
        cell -> {
          List<CellPoint> points = new ArrayList<>();
          for (double rate : design.rates()) {
            double excess = Double.POSITIVE_INFINITY;
            try {
              excess = bench.network(cell, rate, seed).validationExcess();
            } catch (NonFiniteLossException e) {
              // Diverged: as bad as can be, and said so.
            }
            points.add(new CellPoint(rate, Map.of(VALIDATION, Estimate.exact(excess))));
          }
          return new CellResult(points);
        });
  }

  /** Returns the rate of each architecture with the least mean validation excess. */
  private static Map<String, Double> selected(Design design, Results tuning) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (Architecture architecture : design.architectures()) {
      double least = Double.POSITIVE_INFINITY;
      double chosen = design.rates().get(0);
      for (int r = 0; r < design.rates().size(); r++) {
        double sum = 0;
        for (int i = 0; i < tuning.cells().size(); i++) {
          if (tuning.plan().cells().get(i).axis("attention").equals(architecture.name())) {
            sum += need(tuning.cells().get(i).points().get(r), VALIDATION).mean();
          }
        }
        if (sum < least) {
          least = sum;
          chosen = design.rates().get(r);
        }
      }
      rates.put(architecture.name(), chosen);
    }
    return rates;
  }

  private static Estimate need(CellPoint point, String metric) {
    Estimate estimate = point.metrics().get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException("metric: expected one of " + point.metrics().keySet());
    }
    return estimate;
  }

  private static Results train(Bench bench, Map<String, Double> rates, Seed seed, Runner runner) {
    Design design = bench.design;
    List<Cell> cells = new ArrayList<>();
    int tokens = design.task().tokens(design.items());
    for (Architecture architecture : design.architectures()) {
      LayerCost cost = bench.layer(architecture).cost(tokens);
      for (int s = 0; s < design.seeds(); s++) {
        cells.add(
            bench
                .cell(architecture.name(), "trained")
                .with("parameters", String.valueOf(cost.parameters()))
                .with("multiply-adds", String.valueOf(cost.multiplyAdds()))
                .with("rate", String.valueOf(rates.get(architecture.name())))
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    return runner.execute(
        bench.plan(LENGTH, cells, seed),
        cell -> {
          double rate = Double.parseDouble(cell.axis("rate"));
          return measure(bench, cell, bench.network(cell, rate, seed), seed);
        });
  }

  private static CellResult measure(Bench bench, Cell cell, Network network, Seed seed) {
    Design design = bench.design;
    Architecture architecture = bench.entry(cell).architecture;
    List<CellPoint> points = new ArrayList<>();
    for (int items : design.tested()) {
      TestSet tests = bench.tests(items, cell, seed);
      Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED))).child("measure").child(items);
      double[][] predictions = tests.of(network);
      Map<String, Estimate> metrics = new TreeMap<>(scores(design, tests, predictions));
      int tokens = design.task().tokens(items);
      if (design.task().movable(tokens) > 1) {
        metrics.put(
            REMOVABLE,
            TestSet.halfDefect(predictions, tests.shuffled(network, own.child("order"))));
      }
      if (items == design.items()) {
        metrics.put(ABOVE, tests.above(predictions, tests.best(architecture.sight())));
        metrics.put(SAMPLES, Estimate.exact(network.samples()));
        metrics.putAll(design.probe().measure(network, tests, own.child("probe")));
      }
      points.add(new CellPoint(items, metrics));
    }
    return new CellResult(points);
  }

  private static Map<String, Estimate> scores(
      Design design, TestSet tests, double[][] predictions) {
    Map<String, Estimate> metrics = new TreeMap<>();
    Estimate excess = tests.excess(predictions);
    metrics.put(EXCESS, excess);
    metrics.put(
        RISK,
        new Estimate(tests.bayesRisk() + excess.mean(), excess.standardError(), excess.count()));
    if (design.task().scale() == Scale.CATEGORICAL) {
      metrics.put(ACCURACY, tests.accuracy(predictions));
    }
    return metrics;
  }

  private static Results bound(Bench bench, Seed seed, Runner runner) {
    Design design = bench.design;
    Map<String, Sight> sights = new LinkedHashMap<>();
    sights.put(EXACT, Sight.everything());
    Set<Sight> seen = new LinkedHashSet<>();
    design.architectures().forEach(architecture -> seen.add(architecture.sight()));
    for (Sight sight : seen) {
      if (design.task().best(sight) != null) {
        sights.put(bound(sight), sight);
      }
    }
    List<Cell> cells = new ArrayList<>();
    for (String name : sights.keySet()) {
      for (int s = 0; s < design.seeds(); s++) {
        cells.add(bench.cell(name, "derived").with(Cell.SEED, String.valueOf(s)));
      }
    }
    return runner.execute(
        bench.plan(LENGTH, cells, seed),
        cell -> {
          Sight sight = sights.getOrDefault(cell.axis("attention"), Sight.everything());
          List<CellPoint> points = new ArrayList<>();
          for (int items : design.tested()) {
            if (items <= design.items() || sight.equals(Sight.everything())) {
              TestSet tests = bench.tests(items, cell, seed);
              points.add(new CellPoint(items, scores(design, tests, tests.best(sight))));
            }
          }
          return new CellResult(points);
        });
  }

  /** Returns the name of the best of a sight among the bounds. */
  public static String bound(Sight sight) {
    return "best of " + sight;
  }

  /**
   * Returns what a claim shows: tuning, networks and bounds, with the metrics that make a figure.
   * Numbers of parameters and multiply-adds at the training length are axes of the networks.
   */
  public List<Results> results() {
    return List.of(shown(tuning), shown(finals), shown(bounds));
  }

  private static Results shown(Results all) {
    List<CellResult> cells = new ArrayList<>();
    for (CellResult cell : all.cells()) {
      List<CellPoint> points = new ArrayList<>();
      for (CellPoint point : cell.points()) {
        Map<String, Estimate> metrics = new TreeMap<>(point.metrics());
        metrics.keySet().retainAll(SHOWN);
        points.add(new CellPoint(point.value(), metrics));
      }
      cells.add(new CellResult(points));
    }
    return new Results(all.plan(), cells);
  }

  /**
   * Returns the curve of a metric over items.
   *
   * @param name of an architecture or a bound
   * @throws IllegalArgumentException if there is none
   */
  public Curve curve(String name, String metric) {
    for (Results part : List.of(finals, bounds)) {
      for (Curve curve : part.curves()) {
        if (curve.key().axis("attention").equals(name) && curve.key().metric().equals(metric)) {
          return curve;
        }
      }
    }
    throw new IllegalArgumentException("name: expected a curve of " + metric + ", got " + name);
  }

  /** Returns a metric's estimate of each seed at a number of items. */
  public List<Estimate> estimates(String name, String metric, int items) {
    Curve curve = curve(name, metric);
    int at = curve.values().indexOf((double) items);
    return curve.seeds().stream().map(seed -> seed.estimates().get(at)).toList();
  }

  /** Returns a metric's mean over seeds at a number of items. */
  public double mean(String name, String metric, int items) {
    return estimates(name, metric, items).stream()
        .mapToDouble(Estimate::mean)
        .average()
        .orElseThrow();
  }
}
