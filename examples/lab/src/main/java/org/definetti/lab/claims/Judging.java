package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.SeedCurve;
import org.definetti.experiment.Verdict;
import org.definetti.objective.Objective;

/**
 * Verdicts on slopes and constants of curves, the seed being the unit of statistics, and the words
 * that go with them.
 */
final class Judging {

  /** What is said of a number that is shown and decides nothing. */
  static final String REPORTED = "reported, not gated";

  private Judging() {}

  /**
   * Returns a control that says what was measured.
   *
   * @param wrong the verdict that should be REFUTED
   * @param text a format with one place for the number measured, such as {@code %.2f}
   */
  static Control control(Verdict wrong, String text) {
    return Control.of(wrong, String.format(Locale.ROOT, text, wrong.measured()));
  }

  /** Returns the part with its numbers and its control as they are, deciding nothing. */
  static ClaimPart reported(ClaimPart part) {
    return new ClaimPart(
        part.name(),
        part.verdict().inconclusiveBecause(REPORTED),
        part.control(),
        new ExpectedOutcome(Outcome.INCONCLUSIVE, REPORTED));
  }

  /** Returns the lengths 2^low, …, 2^high, ends included, {@code step} octaves apart. */
  static List<Integer> octaves(int low, int high, int step) {
    return IntStream.rangeClosed(0, (high - low) / step)
        .mapToObj(i -> 1 << (low + i * step))
        .toList();
  }

  /** Returns the numbers as an array. */
  static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns the only curve of this attention, objective and metric. */
  static Curve curve(Results results, String attention, Objective objective, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .filter(curve -> curve.key().axis("attention").equals(attention))
        .filter(curve -> curve.key().axis("objective").equals(objective.label()))
        .findFirst()
        .orElseThrow();
  }

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
   * Returns the verdict on the slope of a curve whose closed form bends as well: the prediction is
   * the least-squares slope of that form over the same lengths, and bending does not count against
   * it.
   */
  static Verdict bentSlope(Budget budget, Rate rate, Prediction prediction) {
    return slope(
        budget,
        Verdict.of(rate.slope(), rate.interval(), prediction)
            .withReason("least-squares slope of a curve that bends, as its closed form does"));
  }

  /** Returns the least-squares slope of the log of a formula on log length. */
  static double slope(DoubleUnaryOperator error, List<Double> lengths) {
    double meanX = 0;
    double meanY = 0;
    for (double length : lengths) {
      meanX += Math.log(length) / lengths.size();
      meanY += Math.log(error.applyAsDouble(length)) / lengths.size();
    }
    double product = 0;
    double square = 0;
    for (double length : lengths) {
      double x = Math.log(length) - meanX;
      product += x * (Math.log(error.applyAsDouble(length)) - meanY);
      square += x * x;
    }
    return product / square;
  }

  /**
   * Returns the verdict on {@code mean over lengths of L · error(L)}, the constant of a power law
   * of exponent -1; its interval is that of Student's t over seeds.
   *
   * @param from the least length used; lengths below still carry terms of higher order
   */
  static Verdict constant(Curve curve, double from, Prediction prediction) {
    int[] used = from(curve, from);
    return overSeeds(
        curve, seed -> mean(used, j -> curve.values().get(j) * curve.mean(seed, j)), prediction);
  }

  /**
   * Returns the verdict on the mean over lengths of the ratio of two curves with the same seeds,
   * seed by seed.
   *
   * @param from the least length used
   */
  static Verdict ratio(Curve above, Curve below, double from, Prediction prediction) {
    int[] used = from(above, from);
    return overSeeds(
        above, seed -> mean(used, j -> above.mean(seed, j) / below.mean(seed, j)), prediction);
  }

  /**
   * Returns the verdict on the mean over lengths of a curve over what a formula says of it.
   *
   * @param from the least length used
   * @param formula the predicted value at a length
   */
  static Verdict againstFormula(
      Curve curve, double from, DoubleUnaryOperator formula, Prediction prediction) {
    int[] used = from(curve, from);
    double[] predicted =
        curve.values().stream().mapToDouble(Double::doubleValue).map(formula).toArray();
    return overSeeds(
        curve, seed -> mean(used, j -> curve.mean(seed, j) / predicted[j]), prediction);
  }

  /** Returns the verdict on the mean of a curve at one value, as a share of {@code whole}. */
  static Verdict share(Curve curve, double value, double whole, Prediction prediction) {
    int j = curve.values().indexOf(value);
    return overSeeds(curve, seed -> curve.mean(seed, j) / whole, prediction);
  }

  /**
   * Returns the verdict on the least-squares slope of a curve on the swept value itself (not its
   * logarithm), as a share of {@code whole}, seed by seed.
   */
  static Verdict linearSlope(Curve curve, double whole, Prediction prediction) {
    return slopeOn(curve, value -> value, whole, prediction);
  }

  /**
   * Returns the verdict on the least-squares slope of a curve on a function of the swept value, as
   * a share of {@code whole}, seed by seed.
   */
  static Verdict slopeOn(
      Curve curve, DoubleUnaryOperator abscissa, double whole, Prediction prediction) {
    double[] x = curve.values().stream().mapToDouble(Double::doubleValue).map(abscissa).toArray();
    double centre = Arrays.stream(x).sum() / x.length;
    return overSeeds(
        curve,
        seed -> {
          double product = 0;
          double square = 0;
          for (int j = 0; j < x.length; j++) {
            product += (x[j] - centre) * curve.mean(seed, j);
            square += (x[j] - centre) * (x[j] - centre);
          }
          return product / square / whole;
        },
        prediction);
  }

  /** Returns the verdict on the mean over values up to {@code to}, as a share of {@code whole}. */
  static Verdict meanShare(Curve curve, double to, double whole, Prediction prediction) {
    int[] used =
        IntStream.range(0, curve.values().size())
            .filter(j -> curve.values().get(j) <= to)
            .toArray();
    return overSeeds(curve, seed -> mean(used, j -> curve.mean(seed, j) / whole), prediction);
  }

  /** Returns the verdict on the value with the highest upper end of its interval. */
  static Verdict largestShare(Curve curve, double whole, Prediction prediction) {
    double worst = curve.values().get(0);
    double highest = Double.NEGATIVE_INFINITY;
    for (CurvePoint point : curve.points()) {
      if (!(point.interval().high() <= highest)) {
        worst = point.value();
        highest = point.interval().high();
      }
    }
    return share(curve, worst, whole, prediction)
        .withReason(String.format(Locale.ROOT, "largest at length %.0f", worst));
  }

  /**
   * Returns the verdict that a point of one curve lies below one of another with disjoint
   * intervals: the ratio of the two, its interval spanned by the ends of theirs.
   */
  static Verdict below(CurvePoint point, CurvePoint other) {
    double low = Math.max(0, point.interval().low()) / other.interval().high();
    double floor = other.interval().low();
    double high = floor > 0 ? point.interval().high() / floor : Double.POSITIVE_INFINITY;
    return Verdict.of(point.mean() / other.mean(), new Interval(low, high), Prediction.atMost(1));
  }

  /**
   * Returns the verdict on measured over predicted at the point whose interval reaches furthest
   * from 1, so that a CONFIRMED holds at every point.
   *
   * @param predicted what a formula says of a point
   * @param standardErrors half the width of an interval
   */
  static Verdict furthestRatio(
      List<CurvePoint> points,
      ToDoubleFunction<CurvePoint> predicted,
      double standardErrors,
      Prediction prediction) {
    double furthest = Double.NEGATIVE_INFINITY;
    Verdict verdict = Verdict.inconclusive(prediction, "no point");
    for (CurvePoint point : points) {
      double ratio = point.mean() / predicted.applyAsDouble(point);
      double radius = standardErrors * point.standardError() / predicted.applyAsDouble(point);
      double reach = Math.abs(ratio - 1) + radius;
      if (!(reach <= furthest)) {
        furthest = reach;
        String where = String.format(Locale.ROOT, "furthest at length %.0f", point.value());
        verdict = Verdict.of(ratio, Interval.around(ratio, radius), prediction).withReason(where);
      }
    }
    return verdict;
  }

  private static int[] from(Curve curve, double from) {
    return IntStream.range(0, curve.values().size())
        .filter(j -> curve.values().get(j) >= from)
        .toArray();
  }

  private static double mean(int[] used, IntToDoubleFunction term) {
    double sum = 0;
    for (int j : used) {
      sum += term.applyAsDouble(j);
    }
    return sum / used.length;
  }

  /** Judges the mean of one number a seed by Student's t, as the points of a curve are. */
  private static Verdict overSeeds(Curve curve, IntToDoubleFunction number, Prediction prediction) {
    List<SeedCurve> numbers =
        IntStream.range(0, curve.seeds().size())
            .mapToObj(s -> one(curve.seeds().get(s).seed(), number.applyAsDouble(s)))
            .toList();
    CurvePoint pooled = new Curve(curve.key(), List.of(1.0), numbers).points().get(0);
    return Verdict.of(pooled.mean(), pooled.interval(), prediction);
  }

  private static SeedCurve one(String seed, double number) {
    return new SeedCurve(seed, List.of(Estimate.exact(number)));
  }
}
