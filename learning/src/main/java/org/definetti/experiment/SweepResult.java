package org.definetti.experiment;

import java.util.List;

/**
 * What a sweep measured.
 *
 * @param results the plan and the result of each cell
 */
public record SweepResult(Results results) {

  /** Returns every curve: one for each attention, objective and metric. */
  public List<Curve> curves() {
    return results.curves();
  }

  /**
   * Returns the curve of a metric of an attention.
   *
   * @param attention the name given to the sweep, or {@code name:origin}
   * @param metric for example {@code squared-gap}
   * @throws IllegalArgumentException if there is none, or more than one because the sweep has
   *     several origins or objectives
   */
  public Curve curve(String attention, String metric) {
    List<Curve> found =
        curves().stream()
            .filter(curve -> curve.key().metric().equals(metric))
            .filter(
                curve -> {
                  String name = curve.key().axis("attention");
                  return attention.equals(name)
                      || attention.equals(name + ":" + curve.key().axis("origin"));
                })
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "attention, metric: expected one curve, got "
              + found.size()
              + " of "
              + attention
              + " and "
              + metric
              + "; there are "
              + curves().stream()
                  .map(curve -> curve.key().axis("attention") + " " + curve.key().metric())
                  .distinct()
                  .toList());
    }
    return found.get(0);
  }
}
