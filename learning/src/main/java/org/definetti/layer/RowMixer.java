package org.definetti.layer;

/**
 * The part of a {@link SequenceLayer} between embedding and readout, with its memory: a map of the
 * rows of each sample that may look at the other rows of the sample.
 *
 * <p>Rows are stored by coordinate, (width)(places + 1), the last place zero.
 */
interface RowMixer {

  /** Returns the map of the rows, (width of the output)(places + 1); padding has no meaning. */
  float[][] forward(float[] theta, Places places, float[][] rows);

  /**
   * Adds the parameters' gradients and returns that of the rows, zero at padding.
   *
   * @param rows as in the forward pass. Not modified.
   * @param outGradient of the output, zero at padding. Modified.
   */
  float[][] backward(
      float[] theta, Places places, float[][] rows, float[][] outGradient, float[] gradient);
}
