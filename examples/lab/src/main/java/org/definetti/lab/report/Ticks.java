package org.definetti.lab.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The range of an axis and the values written on it.
 *
 * @param low value at the start of the axis
 * @param high value at its end, above low
 * @param major labelled values, ascending
 * @param minor values with a faint line only
 */
record Ticks(double low, double high, List<Double> major, List<Double> minor) {

  private static final int MOST = 8;
  private static final double MARGIN = 0.05;

  /** Rounds 3 · 0.1 to 0.3. */
  private static final MathContext LITERAL = new MathContext(14);

  Ticks {
    major = List.copyOf(major);
    minor = List.copyOf(minor);
  }

  /**
   * Chooses range and ticks for values that all have a place on the axis; no values give [0, 1].
   */
  static Ticks over(boolean logarithmic, List<Double> values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (values.isEmpty()) {
      return logarithmic ? logarithmic(1, 10, false) : linear(0, 1);
    }
    return logarithmic ? logarithmic(low, high, powersOfTwo(values)) : linear(low, high);
  }

  /** Returns a labelled value in as many digits as tell it from its neighbours. */
  String label(double value) {
    double gap = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < major.size(); i++) {
      most = Math.max(most, Math.abs(major.get(i)));
      gap = i == 0 ? gap : Math.min(gap, major.get(i) - major.get(i - 1));
    }
    double digits = Math.ceil(Math.log10(most / gap)) + 1;
    // Logarithmic ticks are powers and have few digits, however far apart they are.
    return Numbers.text(value, (int) Math.max(4, Math.min(digits, 14)));
  }

  /** Returns where a value lies between the ends of the axis: 0 at the start, 1 at the end. */
  double fraction(boolean logarithmic, double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  private static boolean powersOfTwo(List<Double> values) {
    return values.stream().allMatch(v -> v >= 1 && v == Math.scalb(1.0, Math.getExponent(v)));
  }

  private static Ticks logarithmic(double least, double most, boolean binary) {
    // One value alone stands in the middle of a factor of two to each side.
    double ratio = Math.max(most / least, most > least ? 1.2 : 4);
    double centre = Math.sqrt(least) * Math.sqrt(most);
    double stretch = Math.pow(ratio, 0.5 + MARGIN);
    double low = centre / stretch;
    double high = centre * stretch;
    if (binary && most >= 4 * least) {
      return new Ticks(low, high, powers(2, low, high), List.of());
    }
    if (high / low < 3) {
      Ticks even = linear(low, high);
      return new Ticks(low, high, even.within(low, high), List.of());
    }
    List<Double> decades = powers(10, low, high);
    List<Double> between = new ArrayList<>();
    List<Double> labelled = new ArrayList<>();
    boolean crowded = high / low > 400;
    for (int exponent = exponent(low); exponent <= exponent(high) && high / low < 1e8; exponent++) {
      for (int digit = 1; digit < 10; digit++) {
        double value = digit * power(10, exponent);
        if (value >= low && value <= high) {
          boolean named = !crowded && (digit == 1 || digit == 2 || digit == 5);
          (named ? labelled : between).add(value);
        }
      }
    }
    return new Ticks(low, high, crowded ? decades : labelled, between);
  }

  /** Powers of the base within the range, every second, third, … one where there are many. */
  private static List<Double> powers(int base, double low, double high) {
    int from = (int) Math.ceil(Math.log(low) / Math.log(base));
    int to = (int) Math.floor(Math.log(high) / Math.log(base));
    int step = Math.max(1, (to - from) / MOST + 1);
    List<Double> ticks = new ArrayList<>();
    for (int exponent = from; exponent <= to; exponent++) {
      double value = power(base, exponent);
      if (Math.floorMod(exponent, step) == 0 && value >= low && value <= high) {
        ticks.add(value);
      }
    }
    return ticks;
  }

  private static int exponent(double value) {
    return (int) Math.floor(Math.log10(value));
  }

  /** A power of ten as its decimal literal reads, so that ticks are written without noise. */
  private static double power(int base, int exponent) {
    return base == 10 ? Double.parseDouble("1e" + exponent) : Math.pow(base, exponent);
  }

  private static Ticks linear(double least, double most) {
    double span = most - least;
    if (!(span > 0)) {
      span = Math.max(Math.abs(most), 1) * 0.5;
      return linear(least - span, most + span);
    }
    double low = least - MARGIN * span;
    double high = most + MARGIN * span;
    double rough = Math.pow(10, Math.floor(Math.log10(span / 4)));
    double step = rough;
    for (double factor : new double[] {2, 5, 10}) {
      if (span / step > 6) {
        step = factor * rough;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(new BigDecimal(i * step).round(LITERAL).doubleValue());
    }
    return new Ticks(low, high, ticks, List.of());
  }

  private List<Double> within(double from, double to) {
    return major.stream().filter(v -> v >= from && v <= to).toList();
  }
}
