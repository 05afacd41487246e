package org.definetti.experiment;

import java.util.List;

/**
 * The part of a curve that one seed measured.
 *
 * @param seed the seed's value on the axis {@code seed}
 * @param estimates one estimate for each value of the swept axis
 */
public record SeedCurve(String seed, List<Estimate> estimates) {

  /** Copies the estimates. */
  public SeedCurve {
    estimates = List.copyOf(estimates);
  }
}
