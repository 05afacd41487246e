package org.definetti.lab.report;

import java.util.List;

/**
 * Where values lie on an axis. On a logarithmic one the place is the power of the base: the
 * library's own logarithmic axis rounds its labels to ten decimals, so that errors below 1e-10
 * would all read zero.
 *
 * @param base the base of the powers, 0 where the place is the value itself
 * @param low lowest place: of the frame where logarithmic, else of the values
 * @param high highest place
 * @param step distance of labelled places, 0 where the library chooses
 */
record ChartScale(int base, double low, double high, int step) {

  private static final int MOST_LABELS = 9;

  /** Below this ratio of the ends a logarithmic axis has too few powers to be read. */
  private static final double NARROW = 3;

  /** Chooses for values that all have a place on the axis. */
  static ChartScale over(boolean logarithmic, List<Double> values) {
    double least = values.stream().mapToDouble(v -> v).min().orElse(logarithmic ? 1 : 0);
    double most = values.stream().mapToDouble(v -> v).max().orElse(logarithmic ? 10 : 1);
    if (!logarithmic || most / least < NARROW) {
      return new ChartScale(0, least, most, 0);
    }
    int base = most / least < 8 || halfPowersOfTwo(values) ? 2 : 10;
    // A hair of tolerance: 1000 is a power of ten, whatever its logarithm rounds to.
    int from = (int) Math.floor(power(base, least) + 1e-9);
    int to = (int) Math.ceil(power(base, most) - 1e-9);
    int step = to - from < MOST_LABELS ? 1 : (to - from + MOST_LABELS - 2) / (MOST_LABELS - 1);
    from = Math.floorDiv(from, step) * step;
    to = -Math.floorDiv(-to, step) * step;
    return new ChartScale(base, from, to, step);
  }

  private static double power(int base, double value) {
    return base == 10 ? Math.log10(value) : Math.log(value) / Math.log(base);
  }

  /** Lengths are powers of two, and geometric means of neighbouring ones half powers. */
  private static boolean halfPowersOfTwo(List<Double> values) {
    return values.stream()
        .mapToDouble(v -> 2 * power(2, v))
        .allMatch(twice -> Math.abs(twice - Math.rint(twice)) < 1e-9);
  }
}
