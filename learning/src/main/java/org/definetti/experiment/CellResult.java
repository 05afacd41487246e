package org.definetti.experiment;

import java.util.List;

/**
 * What one cell measured: one point for each value of the swept axis.
 *
 * @param points in ascending order of the swept axis, no value twice
 */
public record CellResult(List<CellPoint> points) {

  /**
   * Copies the points.
   *
   * @throws IllegalArgumentException if the values do not ascend
   */
  public CellResult {
    points = List.copyOf(points);
    for (int i = 1; i < points.size(); i++) {
      double before = points.get(i - 1).value();
      double value = points.get(i).value();
      if (!(before < value)) {
        throw new IllegalArgumentException(
            "points: expected ascending values, got " + value + " after " + before);
      }
    }
  }

  /** Returns the result with these points. */
  public static CellResult of(CellPoint... points) {
    return new CellResult(List.of(points));
  }
}
