package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The normal law N(mean, covariance) of a row of d numbers, with any positive definite covariance.
 *
 * <p>Immutable. O(d³) to build, O(d²) per question.
 */
public final class MultivariateGaussian implements Predictive {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final SimpleMatrix mean;
  private final SimpleMatrix covariance;
  private final Cholesky factor;

  private MultivariateGaussian(SimpleMatrix mean, SimpleMatrix covariance, Cholesky factor) {
    this.mean = mean;
    this.covariance = covariance;
    this.factor = factor;
  }

  /**
   * Returns the law with these moments.
   *
   * @param mean shape (1, d)
   * @param covariance shape (d, d), symmetric
   * @throws ShapeMismatchException if the shapes do not fit
   * @throws NotPositiveDefiniteException if the covariance is not positive definite
   */
  public static MultivariateGaussian of(SimpleMatrix mean, SimpleMatrix covariance) {
    int d = Check.matrix("mean", mean, 1, -1).getNumCols();
    Check.matrix("covariance", covariance, d, d);
    return new MultivariateGaussian(mean, covariance, Cholesky.of("covariance", covariance));
  }

  @Override
  public SimpleMatrix mean() {
    return mean;
  }

  @Override
  public SimpleMatrix covariance() {
    return covariance;
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", factor.size(), value);
    double square = factor.squaredDistance(value, mean.getDDRM().data);
    return -0.5 * (value.length * LOG_TWO_PI + factor.logDeterminant() + square);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[factor.size()];
    draw(value, 0, rng);
    return value;
  }

  /**
   * Draws {@code count} values, one after the other, with the same bits as that many draws.
   *
   * @return (count, d) numbers, row by row
   */
  public double[] draw(int count, RandomGenerator rng) {
    Check.atLeast("count", 0, count);
    double[] rows = new double[count * factor.size()];
    for (int row = 0; row < rows.length; row += factor.size()) {
      draw(rows, row, rng);
    }
    return rows;
  }

  private void draw(double[] out, int offset, RandomGenerator rng) {
    double[] normal = new double[factor.size()];
    Normal.fill(normal, 0, normal.length, rng);
    factor.multiply(normal);
    for (int i = 0; i < normal.length; i++) {
      out[offset + i] = mean.getDDRM().data[i] + normal[i];
    }
  }

  @Override
  public String toString() {
    return "MultivariateGaussian[" + factor.size() + "]";
  }
}
