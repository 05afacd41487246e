package org.definetti.lab.claims;

import java.util.Arrays;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Results;

/** Numbers read off measured cells. */
final class CellNumbers {

  private CellNumbers() {}

  /** Returns a metric of a point, NaN where it has none. */
  static double of(CellPoint point, String metric) {
    Estimate estimate = point.metrics().get(metric);
    return estimate == null ? Double.NaN : estimate.mean();
  }

  /** Returns a metric of all cells at a value of the swept axis, in plan order. */
  static double[] at(Results results, String metric, double value) {
    return results.cells().stream()
        .flatMap(cell -> cell.points().stream())
        .filter(point -> point.value() == value)
        .mapToDouble(point -> of(point, metric))
        .toArray();
  }

  /**
   * Returns a metric of the cells of one attention at a value of the swept axis, in plan order.
   *
   * @param attention what the cells' axis of this name says
   */
  static double[] at(Results results, String attention, String metric, double value) {
    double[] numbers = new double[results.cells().size()];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (results.plan().cells().get(i).axis("attention").equals(attention)) {
        for (CellPoint point : results.cells().get(i).points()) {
          if (point.value() == value) {
            numbers[count++] = of(point, metric);
          }
        }
      }
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Returns the mean, NaN of none. */
  static double mean(double... numbers) {
    return Arrays.stream(numbers).average().orElse(Double.NaN);
  }

  /** Returns the median, of two middle numbers the mean; NaN of none. */
  static double median(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
