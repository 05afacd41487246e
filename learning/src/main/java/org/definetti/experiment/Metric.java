package org.definetti.experiment;

import java.util.stream.Stream;

/**
 * What is measured between an attention and the exact answer, for one sequence.
 *
 * <p>With a the attention's output, e the exact predictive mean E[v | X, q], v the masked value or
 * label:
 *
 * <ul>
 *   <li>{@link #SQUARED_GAP} {@code ||a - e||²}, summed over the value's coordinates;
 *   <li>{@link #EXCESS_RISK} {@code ||a - v||² - ||e - v||²}; its mean over sequences equals that
 *       of the squared gap, because the cross term averages to zero [source: Wakayama-2025, claim 1
 *       as audited; derived];
 *   <li>{@link #KL} {@code Σ_w e_w log(e_w / a_w) + Σ_w (a_w - e_w)} in nats, for categorical
 *       predictives only; the second sum is zero where the output is a probability vector and keeps
 *       it from rewarding one with too much mass; infinite where the attention gives nothing to a
 *       category that can occur;
 *   <li>{@link #POSTERIOR_KL} KL in nats of the exact P(z | X) from the belief read out of the
 *       attention, where its output determines one;
 *   <li>{@link #ORACLE_ERROR} how far the squared gap may be off because e itself is computed with
 *       an error δ, {@code δ² + 2 δ ||a - e||}; only for models whose posterior is computed
 *       numerically. Where it exceeds a tenth of the squared gap, the cell is too coarse to judge
 *       by;
 *   <li>{@link #IMPLIED_PRIOR_COUNT} {@code L w0 / (1 - w0)}, the prior count that the weight w0 of
 *       the null token stands for, where there is a null token.
 * </ul>
 */
public enum Metric {
  /** Squared distance to the exact predictive mean. */
  SQUARED_GAP("squared-gap"),
  /** Risk above the Bayes risk. */
  EXCESS_RISK("excess-risk"),
  /** Divergence of the exact categorical predictive from the attention's output. */
  KL("kl"),
  /** Divergence of the exact posterior from the one read out of the attention. */
  POSTERIOR_KL("posterior-kl"),
  /** How far the squared gap may be off because the exact answer is computed numerically. */
  ORACLE_ERROR("oracle-error"),
  /** The prior count that the null token's weight stands for. */
  IMPLIED_PRIOR_COUNT("implied-prior-count");

  private final String label;

  Metric(String label) {
    this.label = label;
  }

  /**
   * Whether a label is that of a metric measured against the exact answer, and off where that is.
   */
  static boolean isAgainstOracle(String label) {
    return Stream.of(SQUARED_GAP, EXCESS_RISK, KL, POSTERIOR_KL)
        .anyMatch(metric -> metric.label.equals(label));
  }

  /**
   * Returns how far a squared gap may be off, {@code δ² + 2 δ ||a - e||}, where the exact answer e
   * has an error of δ.
   *
   * @param meanError δ, see {@link org.definetti.latent.Predictive#meanError}
   * @param squaredGap {@code ||a - e||²}
   */
  public static double oracleError(double meanError, double squaredGap) {
    return meanError * (meanError + 2 * Math.sqrt(squaredGap));
  }

  /** Returns the metric's name in files and on the command line. */
  public String label() {
    return label;
  }
}
