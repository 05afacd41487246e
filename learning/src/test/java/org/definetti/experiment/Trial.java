package org.definetti.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;

/** Plans, tasks and curves that tests share: the error 1/L with noise, known in closed form. */
final class Trial {

  static final List<Double> LENGTHS = List.of(4.0, 8.0, 16.0, 32.0);

  private Trial() {}

  static Plan plan(int seeds) {
    return plan(seeds, "7");
  }

  static Plan plan(int seeds, String rootSeed) {
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of("mean-pooling", "softmax, with \"null\"")) {
      for (int seed = 0; seed < seeds; seed++) {
        cells.add(
            Cell.of("model", "gaussian-mean")
                .with("attention", attention)
                .with("origin", "derived")
                .with("heads", "1")
                .with("dimension", "2")
                .with(Cell.SEED, Integer.toString(seed)));
      }
    }
    return Plan.of("0.1", Map.of("seed", rootSeed), "length", cells);
  }

  /** Computes error 1/L with relative noise 10 %, and a metric that is not a number. */
  static CellResult compute(Cell cell) {
    RandomGenerator rng = Seed.of(7).child(cell.key()).generator();
    List<CellPoint> points = new ArrayList<>();
    for (double length : LENGTHS) {
      Map<String, Estimate> metrics = new TreeMap<>();
      metrics.put(
          "squared-gap", new Estimate(Math.exp(0.1 * Normal.draw(rng)) / length, 0.01, 400));
      metrics.put("undefined", new Estimate(Double.NaN, Double.NaN, 1));
      metrics.put("unbounded", Estimate.exact(Double.NEGATIVE_INFINITY));
      points.add(new CellPoint(length, metrics));
    }
    return new CellResult(points);
  }

  /** What the error of one seed is at a value. */
  interface ErrorAt {
    double at(double value, RandomGenerator rng);
  }

  /** Returns a curve whose seeds draw their errors independently of each other. */
  static Curve curve(List<Double> values, int seeds, Seed seed, ErrorAt error) {
    List<SeedCurve> curves = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      RandomGenerator rng = seed.child(i).generator();
      curves.add(
          new SeedCurve(
              Integer.toString(i),
              values.stream().map(value -> Estimate.exact(error.at(value, rng))).toList()));
    }
    return new Curve(
        new CurveKey(Map.of("model", "synthetic"), "squared-gap", "length"), values, curves);
  }

  static List<Double> doubling(double from, int count) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(from * Math.pow(2, i));
    }
    return values;
  }
}
