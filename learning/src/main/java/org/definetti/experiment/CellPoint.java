package org.definetti.experiment;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one cell measured at one value of the swept axis.
 *
 * @param value the value of the swept axis, for example the length 128
 * @param metrics metric name to estimate, sorted by name
 */
public record CellPoint(double value, Map<String, Estimate> metrics) {

  /**
   * Copies and sorts the metrics.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public CellPoint {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: expected a finite number, got " + value);
    }
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }
}
