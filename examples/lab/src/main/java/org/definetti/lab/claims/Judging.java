package org.definetti.lab.claims;

import java.util.List;
import java.util.stream.IntStream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.SeedCurve;
import org.definetti.experiment.Verdict;

/** Verdicts on slopes and constants of curves, the seed being the unit of statistics. */
final class Judging {

  private Judging() {}

  /** Returns the verdict on a slope, left open where the budget lets no slope decide. */
  static Verdict slope(Budget budget, Verdict verdict) {
    if (budget != Budget.SMOKE) {
      return verdict;
    }
    return new Verdict(
        Outcome.INCONCLUSIVE,
        verdict.measured(),
        verdict.interval(),
        verdict.prediction(),
        "too few lengths and seeds to decide a slope");
  }

  /**
   * Returns the verdict on {@code mean over lengths of L · error(L)}, the constant of a power law
   * of exponent -1; its interval is that of Student's t over seeds.
   *
   * @param from the least length used; lengths below still carry terms of higher order
   */
  static Verdict constant(Curve curve, double from, Prediction prediction) {
    double[] lengths =
        curve.values().stream().mapToDouble(Double::doubleValue).filter(v -> v >= from).toArray();
    int first = curve.values().size() - lengths.length;
    List<SeedCurve> seeds =
        IntStream.range(0, curve.seeds().size())
            .mapToObj(s -> new SeedCurve(seedName(curve, s), List.of(scaled(curve, s, first))))
            .toList();
    double longest = lengths[lengths.length - 1];
    CurvePoint pooled = new Curve(curve.key(), List.of(longest), seeds).points().get(0);
    return Verdict.of(pooled.mean(), pooled.interval(), prediction);
  }

  private static String seedName(Curve curve, int seed) {
    return curve.seeds().get(seed).seed();
  }

  private static Estimate scaled(Curve curve, int seed, int first) {
    double sum = 0;
    for (int j = first; j < curve.values().size(); j++) {
      sum += curve.values().get(j) * curve.mean(seed, j);
    }
    return Estimate.exact(sum / (curve.values().size() - first));
  }

  /** Returns the verdict on a curve at one value of the swept axis, with its interval there. */
  static Verdict at(Curve curve, double value, Prediction prediction) {
    CurvePoint point =
        curve.points().stream().filter(p -> p.value() == value).findFirst().orElseThrow();
    return Verdict.of(point.mean(), point.interval(), prediction);
  }

  /** Returns the lengths 2^low, …, 2^high, ends included, {@code step} octaves apart. */
  static int[] octaves(int low, int high, int step) {
    return IntStream.rangeClosed(0, (high - low) / step).map(i -> 1 << (low + i * step)).toArray();
  }
}
