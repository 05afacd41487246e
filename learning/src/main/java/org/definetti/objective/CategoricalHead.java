package org.definetti.objective;

import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * A law of K categories by their logits; the target is an indicator, or any probabilities.
 *
 * <pre>{@code
 * p = softmax(output),   loss = -Σ_k y_k log p_k,   gradient = p Σ_k y_k - y
 * }</pre>
 *
 * <p>Cost: O(K). Source: [recalled].
 *
 * @param count K
 */
record CategoricalHead(int count) implements DistributionHead, Loss {

  CategoricalHead {
    Check.atLeast("count", 2, count);
  }

  @Override
  public int targets() {
    return count;
  }

  @Override
  public int outputs() {
    return count;
  }

  @Override
  public Loss loss() {
    return this;
  }

  /** Returns the logarithm of the sum of exponentials of {@code count} logits. */
  static double logSum(float[] output, int outputAt, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      largest = Math.max(largest, output[outputAt + k]);
    }
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += Math.exp(output[outputAt + k] - largest);
    }
    return largest + Math.log(sum);
  }

  /** Returns the softmax of logits. */
  static double[] softmax(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(logits[k] - largest);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double log = logSum(output, outputAt, count);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += target[targetAt + k] * (log - output[outputAt + k]);
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output,
      int outputAt,
      float[] target,
      int targetAt,
      int width,
      float scale,
      float[] gradient) {
    double log = logSum(output, outputAt, count);
    double mass = 0;
    for (int k = 0; k < count; k++) {
      mass += target[targetAt + k];
    }
    for (int k = 0; k < count; k++) {
      double p = Math.exp(output[outputAt + k] - log);
      gradient[outputAt + k] = (float) (scale * (mass * p - target[targetAt + k]));
    }
  }

  @Override
  public Predictive law(double[] output) {
    Check.width("output", count, output);
    return new CategoricalPredictive(new SimpleMatrix(1, count, true, softmax(output)));
  }
}
