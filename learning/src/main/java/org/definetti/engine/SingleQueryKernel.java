package org.definetti.engine;

/**
 * What computes softmax attention of one query per sample: see {@link SingleQuerySoftmax}, through
 * which it is called, for formulas and arguments.
 */
public interface SingleQueryKernel {

  /**
   * Computes the weights and the weighted sum of the values; see {@link
   * SingleQuerySoftmax#forward}.
   */
  float forward(
      float[] u,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float nullLogit,
      float[] weights,
      float[] sum,
      int sumOffset);

  /** Computes the folded query's gradient; see {@link SingleQuerySoftmax#backward}. */
  float backward(
      float[] ds,
      float nullWeight,
      float nullGradient,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float[] weights,
      float[] logitGradients,
      float[] du);
}
