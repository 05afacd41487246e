package org.definetti.experiment;

/** What a measurement says about a prediction. */
public enum Outcome {
  /** The whole interval agrees with the prediction. */
  CONFIRMED,
  /** The whole interval disagrees with the prediction. */
  REFUTED,
  /** The data do not decide. */
  INCONCLUSIVE
}
