package org.definetti.audit;

/**
 * The largest violations that {@link Coherence} found of the three properties of an exchangeable
 * predictor.
 *
 * @param past how much the order of the tokens seen changes the prediction
 * @param martingale how far tomorrow's expected prediction is from today's (A2)
 * @param symmetry how much the order of the next two tokens changes their probability (A3)
 */
public record CoherenceGaps(double past, double martingale, double symmetry) {

  /** Returns whether no violation is above a tolerance; false if one is not a number. */
  public boolean areWithin(double tolerance) {
    return past <= tolerance && martingale <= tolerance && symmetry <= tolerance;
  }

  /** Returns the larger violation of each kind. */
  public CoherenceGaps max(CoherenceGaps other) {
    return new CoherenceGaps(
        Math.max(past, other.past),
        Math.max(martingale, other.martingale),
        Math.max(symmetry, other.symmetry));
  }
}
