package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The predictive N(mean, variance · I), as linear-Gaussian models have.
 *
 * @param mean E[v | X, q], shape (1, value width)
 * @param variance the variance of each coordinate, above zero
 */
public record IsotropicGaussian(SimpleMatrix mean, double variance) implements Predictive {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /**
   * Checks shape and variance.
   *
   * @throws ShapeMismatchException if {@code mean} is not one row
   * @throws IllegalArgumentException if a number is not finite or {@code variance} not above zero
   */
  public IsotropicGaussian {
    Check.matrix("mean", mean, 1, -1);
    Check.positive("variance", variance);
  }

  @Override
  public SimpleMatrix covariance() {
    int width = mean.getNumCols();
    SimpleMatrix covariance = new SimpleMatrix(width, width);
    for (int i = 0; i < width; i++) {
      covariance.getDDRM().data[i * width + i] = variance;
    }
    return covariance;
  }

  /** {@inheritDoc} Accurate to a few ulps of its largest term. */
  @Override
  public double logProbability(double[] value) {
    Check.width("value", mean.getNumCols(), value);
    double[] centre = mean.getDDRM().data;
    double square = 0;
    for (int i = 0; i < value.length; i++) {
      square += (value[i] - centre[i]) * (value[i] - centre[i]);
    }
    return -0.5 * (value.length * (LOG_TWO_PI + Math.log(variance)) + square / variance);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[mean.getNumCols()];
    Normal.fill(value, 0, value.length, rng);
    double deviation = Math.sqrt(variance);
    double[] centre = mean.getDDRM().data;
    for (int i = 0; i < value.length; i++) {
      value[i] = centre[i] + deviation * value[i];
    }
    return value;
  }
}
