package org.definetti.lab.compare;

import org.definetti.objective.DistributionHead;
import org.definetti.objective.Loss;

/**
 * How a prediction is judged: which loss trains it, how outputs become a mean, and how far a mean
 * is from the exact one.
 *
 * <pre>{@code  risk(a) = E[risk of the exact answer e] + E[divergence(e, a)]  }</pre>
 *
 * <p>So the excess risk is measured as a divergence from the exact answer, without the noise of the
 * target [derived: both losses are Bregman divergences].
 */
public enum Scale {
  /** Squared error; outputs are means; {@code divergence = ‖a - e‖²}. */
  SQUARED {
    @Override
    public Loss loss(int width) {
      return Loss.squaredError();
    }

    @Override
    public double[] mean(double[] output) {
      return output.clone();
    }

    @Override
    public double loss(double[] mean, double[] target) {
      return divergence(target, mean);
    }

    @Override
    public double divergence(double[] exact, double[] mean) {
      double sum = 0;
      for (int j = 0; j < exact.length; j++) {
        sum += (mean[j] - exact[j]) * (mean[j] - exact[j]);
      }
      return sum;
    }
  },

  /** Cross-entropy in nats; outputs are logits; {@code divergence = Σ e log(e / a)}. */
  CATEGORICAL {
    @Override
    public Loss loss(int width) {
      return DistributionHead.categorical(width).loss();
    }

    @Override
    public double[] mean(double[] output) {
      return DistributionHead.categorical(output.length).law(output).mean().getDDRM().data;
    }

    @Override
    public double loss(double[] mean, double[] target) {
      double sum = 0;
      for (int j = 0; j < mean.length; j++) {
        sum -= target[j] == 0 ? 0 : target[j] * Math.log(Math.max(mean[j], LEAST));
      }
      return sum;
    }

    @Override
    public double divergence(double[] exact, double[] mean) {
      return loss(mean, exact) - loss(exact, exact);
    }
  };

  /** Below this a probability is taken for this: no finite output is infinitely wrong. */
  private static final double LEAST = 1e-30;

  /** Returns the loss to train with, for targets of this width. */
  public abstract Loss loss(int width);

  /** Returns the mean that an output row says. */
  public abstract double[] mean(double[] output);

  /** Returns the loss of a mean against a target. */
  public abstract double loss(double[] mean, double[] target);

  /** Returns how far a mean is from the exact one: its expected loss above the exact one's. */
  public abstract double divergence(double[] exact, double[] mean);
}
