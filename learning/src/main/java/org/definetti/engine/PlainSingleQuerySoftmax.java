package org.definetti.engine;

/**
 * Softmax attention of one query per sample in double precision: the readable twin of {@link
 * SingleQuerySoftmax}, which it is compared with in tests. Arguments mean the same.
 */
public final class PlainSingleQuerySoftmax {

  private PlainSingleQuerySoftmax() {}

  /** Computes weights and weighted sum; see {@link SingleQuerySoftmax#forward}. */
  public static double forward(
      double[] u,
      double[][] keys,
      double[][] values,
      int from,
      int to,
      double nullLogit,
      double[] weights,
      double[] sum,
      int sumOffset) {
    double max = nullLogit;
    for (int i = from; i < to; i++) {
      weights[i] = 0.0;
      for (int j = 0; j < keys.length; j++) {
        weights[i] += u[j] * keys[j][i];
      }
      max = Math.max(max, weights[i]);
    }
    double nullMass = Math.exp(nullLogit - max);
    double total = nullMass;
    for (int i = from; i < to; i++) {
      weights[i] = Math.exp(weights[i] - max);
      total += weights[i];
    }
    for (int i = from; i < to; i++) {
      weights[i] /= total;
    }
    for (int j = 0; j < values.length; j++) {
      sum[sumOffset + j] = 0.0;
      for (int i = from; i < to; i++) {
        sum[sumOffset + j] += weights[i] * values[j][i];
      }
    }
    return nullMass / total;
  }

  /** Computes the folded query's gradient; see {@link SingleQuerySoftmax#backward}. */
  public static double backward(
      double[] ds,
      double nullWeight,
      double nullGradient,
      double[][] keys,
      double[][] values,
      int from,
      int to,
      double[] weights,
      double[] logitGradients,
      double[] du) {
    double mean = nullWeight * nullGradient;
    for (int i = from; i < to; i++) {
      logitGradients[i] = 0.0;
      for (int j = 0; j < values.length; j++) {
        logitGradients[i] += ds[j] * values[j][i];
      }
      mean += weights[i] * logitGradients[i];
    }
    for (int i = from; i < to; i++) {
      logitGradients[i] = weights[i] * (logitGradients[i] - mean);
    }
    for (int j = 0; j < keys.length; j++) {
      du[j] = 0.0;
      for (int i = from; i < to; i++) {
        du[j] += logitGradients[i] * keys[j][i];
      }
    }
    return mean;
  }
}
