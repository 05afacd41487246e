package org.definetti.risk;

/**
 * A part of the risk of a trained attention, or what tells about it; the metrics of an {@link
 * ErrorDecomposition}.
 *
 * <p>With f the trained attention, f_n the one of least risk on the n samples, f* the best of the
 * class, e the Bayes predictor, R the risk and R_n the risk on the sample.
 */
public enum ErrorTerm {
  /** R(f) - R(e), the sum of the next three. */
  EXCESS("excess-risk"),
  /** R(f*) - R(e): what no parameter represents. */
  APPROXIMATION("approximation"),
  /** R(f_n) - R(f*): what n samples do not tell. */
  GENERALISATION("generalisation"),
  /** R(f) - R(f_n): what the optimiser did not find; below zero where stopping early helps. */
  OPTIMISATION("optimisation"),
  /** R_n(f) - R_n(f_n), not below zero: how far training was from the least risk on the sample. */
  TRAINING_GAP("training-gap"),
  /** R(f) - R_n(f): how much better training looks than it is. */
  GENERALISATION_GAP("generalisation-gap"),
  /** R(e): the noise of the target that no attention predicts. */
  BAYES_RISK("bayes-risk");

  private final String label;

  ErrorTerm(String label) {
    this.label = label;
  }

  /** Returns the metric's name in files. */
  public String label() {
    return label;
  }
}
