package org.definetti.lab.report;

import java.util.Objects;

/**
 * One axis of a figure: what it counts, and on which scale.
 *
 * @param label quantity and unit, as printed beside the axis
 * @param logarithmic whether equal ratios take equal space; values at or below zero are then left
 *     out of the drawing, and {@link Figure#omittedCount()} counts them
 */
public record Axis(String label, boolean logarithmic) {

  private static final double LARGEST = 1e150;

  /** Checks that there is a label. */
  public Axis {
    Objects.requireNonNull(label, "label");
  }

  /** Returns an axis on which equal differences take equal space. */
  public static Axis linear(String label) {
    return new Axis(label, false);
  }

  /** Returns an axis on which equal ratios take equal space. */
  public static Axis logarithmic(String label) {
    return new Axis(label, true);
  }

  /** Tells whether a value has a place on this axis: a number, and positive where logarithmic. */
  boolean holds(double value) {
    // Half the exponents of a double, so that ratios and margins are numbers too.
    return Math.abs(value) <= LARGEST && (!logarithmic || value >= 1 / LARGEST);
  }
}
