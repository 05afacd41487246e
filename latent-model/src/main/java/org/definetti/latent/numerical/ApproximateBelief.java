package org.definetti.latent.numerical;

import org.definetti.latent.Belief;

/**
 * A belief computed numerically, which says how far it may be from the exact one.
 *
 * <p>The error of a predictive mean is {@link org.definetti.latent.Predictive#meanError}.
 * Experiments compare it with what they measure and withhold judgement where it is too large.
 *
 * @param <Z> the type of the latent
 */
public interface ApproximateBelief<Z> extends Belief<Z> {

  /**
   * Returns how far {@link #mean} may be from E[z | X], in Euclidean norm: an estimate, infinite
   * where the computation cannot be trusted at all.
   *
   * @throws UnsupportedOperationException if the latent is not a row of numbers
   */
  double error();

  /** Returns how far {@link #logEvidence} may be from log P(X), in nats: an estimate. */
  double logEvidenceError();

  /**
   * Returns the effective number of points behind the answers.
   *
   * <pre>{@code  1 / Σ_k w_k²   of the normalised weights w }</pre>
   *
   * <p>For random points it is the number of exact draws that would say as much; for a lattice it
   * is about the number of points on the bulk of P(z | X).
   */
  double effectiveSampleSize();
}
