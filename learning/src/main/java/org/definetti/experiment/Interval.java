package org.definetti.experiment;

/**
 * A closed interval of the real line; either end may be infinite.
 *
 * @param low the lower end; NaN, like high, where nothing is known
 * @param high the upper end, at least low
 */
public record Interval(double low, double high) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if low is above high
   */
  public Interval {
    if (low > high) {
      throw new IllegalArgumentException("low: expected <= high " + high + ", got " + low);
    }
  }

  /** Returns {@code [centre - radius, centre + radius]}; the radius is not negative. */
  public static Interval around(double centre, double radius) {
    return new Interval(centre - radius, centre + radius);
  }

  /** Returns the interval about which nothing is known: both ends NaN. */
  public static Interval unknown() {
    return new Interval(Double.NaN, Double.NaN);
  }

  /** Returns whether both ends are numbers, infinite ones included. */
  public boolean isKnown() {
    return low <= high;
  }

  /** Returns whether the value lies in this interval, ends included; false for NaN. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Returns whether the other interval lies in this one; false if either is unknown. */
  public boolean contains(Interval other) {
    return low <= other.low && other.high <= high && other.isKnown();
  }

  /** Returns whether the two have no point in common; false if either is unknown. */
  public boolean isDisjointFrom(Interval other) {
    return isKnown() && other.isKnown() && (other.high < low || high < other.low);
  }
}
