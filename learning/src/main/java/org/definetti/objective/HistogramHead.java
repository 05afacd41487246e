package org.definetti.objective;

import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * A law of one number as a histogram: bins of equal width, each with a logit.
 *
 * <pre>{@code
 * p = softmax(output),   density in bin k = p_k / w,   loss = log w - log p_k(y)
 * }</pre>
 *
 * <ul>
 *   <li>Where: w the width of a bin, k(y) the bin of the target. Targets outside are counted into
 *       the nearest bin by the loss; the law's density there is zero.
 *   <li>Any shape that bins can show, two peaks for example; the best law is off by what is lost in
 *       a bin.
 *   <li>Cost: O(bins). Source: [recalled: the bar distribution of prior-data fitted networks].
 * </ul>
 *
 * @param low where the first bin begins
 * @param high where the last bin ends
 * @param bins how many
 */
record HistogramHead(double low, double high, int bins) implements DistributionHead, Loss {

  HistogramHead {
    Check.atLeast("bins", 2, bins);
    Check.positive("high - low", high - low);
  }

  @Override
  public int targets() {
    return 1;
  }

  @Override
  public int outputs() {
    return bins;
  }

  @Override
  public Loss loss() {
    return this;
  }

  private int bin(double target) {
    int k = (int) Math.floor((target - low) / (high - low) * bins);
    return Math.max(0, Math.min(bins - 1, k));
  }

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    return CategoricalHead.logSum(output, outputAt, bins)
        - output[outputAt + bin(target[targetAt])]
        + Math.log((high - low) / bins);
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
    double log = CategoricalHead.logSum(output, outputAt, bins);
    int own = bin(target[targetAt]);
    for (int k = 0; k < bins; k++) {
      double p = Math.exp(output[outputAt + k] - log);
      gradient[outputAt + k] = (float) (scale * (k == own ? p - 1 : p));
    }
  }

  @Override
  public Predictive law(double[] output) {
    Check.width("output", bins, output);
    return new HistogramLaw(
        low, high, new SimpleMatrix(1, bins, true, CategoricalHead.softmax(output)));
  }
}
