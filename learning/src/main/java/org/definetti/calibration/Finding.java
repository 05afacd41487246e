package org.definetti.calibration;

/**
 * What a diagnostic found.
 *
 * @param diagnostic its name
 * @param value its number
 * @param pValue the probability of a number as surprising if the posterior were exact, in [0, 1]
 */
public record Finding(String diagnostic, double value, double pValue) {

  /**
   * Checks the probability.
   *
   * @throws IllegalArgumentException if it is none
   */
  public Finding {
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("pValue: expected in [0, 1], got " + pValue);
    }
  }

  /**
   * Returns whether an error is detected: whether the p-value is at most the level.
   *
   * @param level the share of exact posteriors that may be called wrong, for example 0.05
   */
  public boolean detects(double level) {
    return pValue <= level;
  }
}
