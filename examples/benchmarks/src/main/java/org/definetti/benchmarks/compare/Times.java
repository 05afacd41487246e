package org.definetti.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Step times of one side in milliseconds: the median of each round. */
final class Times {

  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Double> rounds = new ArrayList<>();

  void add(long[] nanos) {
    rounds.add(median(Arrays.stream(nanos).mapToDouble(n -> n / NANOS_PER_MILLI).toArray()));
  }

  /** Returns the median of one round. */
  double round(int index) {
    return rounds.get(index);
  }

  /** Returns the median over rounds; NaN where there is none. */
  double median() {
    return median(numbers());
  }

  double least() {
    return Arrays.stream(numbers()).min().orElse(Double.NaN);
  }

  double most() {
    return Arrays.stream(numbers()).max().orElse(Double.NaN);
  }

  private double[] numbers() {
    return rounds.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns milliseconds as text, three digits of them. */
  static String text(double millis) {
    return String.format(Locale.ROOT, millis < 1000 ? "%.3g" : "%.0f", millis);
  }

  static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? Double.NaN : 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
  }
}
