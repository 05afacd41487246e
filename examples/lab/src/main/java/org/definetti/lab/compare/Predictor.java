package org.definetti.lab.compare;

import org.definetti.engine.Batch;

/** A prediction of the target's mean from one sample of a batch. */
@FunctionalInterface
public interface Predictor {

  /**
   * Returns the predicted mean, as wide as the batch's targets.
   *
   * @param batch Not modified.
   * @param sample counted from 0
   */
  double[] predict(Batch batch, int sample);
}
