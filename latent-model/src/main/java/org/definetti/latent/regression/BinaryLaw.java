package org.definetti.latent.regression;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/** The law of a label that is 0 or 1, by the logit s: P(1) = 1 / (1 + e^-s). */
record BinaryLaw(double logit) implements Predictive {

  /** Returns log P(label), accurate however small; the label must be 0 or 1. */
  double log(double label) {
    if (label != 0 && label != 1) {
      throw new IllegalArgumentException("label: expected 0 or 1, got " + label);
    }
    double s = label == 1 ? logit : -logit;
    return s >= 0 ? -Math.log1p(Math.exp(-s)) : s - Math.log1p(Math.exp(s));
  }

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, Math.exp(log(1)));
  }

  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(1, 1, true, Math.exp(log(0) + log(1)));
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", 1, value);
    return log(value[0]);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return new double[] {rng.nextDouble() < Math.exp(log(1)) ? 1 : 0};
  }
}
