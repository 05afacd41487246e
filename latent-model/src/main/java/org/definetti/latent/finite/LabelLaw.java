package org.definetti.latent.finite;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of a label that is 0 or 1, kept as both probabilities so that neither is a difference.
 *
 * @param one P(1)
 * @param zero P(0)
 */
record LabelLaw(double one, double zero) implements Predictive {

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, one);
  }

  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(1, 1, true, one * zero);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the value is neither 0 nor 1
   */
  @Override
  public double logProbability(double[] value) {
    Check.width("value", 1, value);
    return Math.log(BitColumns.bit("value", value[0]) == 1 ? one : zero);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return new double[] {rng.nextDouble() < one ? 1 : 0};
  }
}
