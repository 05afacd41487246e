package org.definetti.experiment;

/** Numbers as text that reads back to the same bits. */
final class Numbers {

  /** Whole numbers below this are printed without a point; a double holds them exactly. */
  private static final double LARGEST_WHOLE = 1e15;

  private Numbers() {}

  /** Returns {@code 128} for 128.0, otherwise what {@link Double#toString(double)} says. */
  static String text(double value) {
    boolean negativeZero = value == 0 && 1 / value < 0;
    if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE && !negativeZero) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }
}
