package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * An oracle: conditioning of a joint Gaussian through its full covariance, by a general solver.
 *
 * <p>Knows nothing of conjugacy, ridges or updates.
 *
 * @param mean shape (n, 1)
 * @param covariance shape (n, n)
 */
public record JointGaussian(SimpleMatrix mean, SimpleMatrix covariance) {

  /** Returns the law of the first {@code count} coordinates given the values of the others. */
  public JointGaussian first(int count, double[] others) {
    int n = mean.getNumRows();
    SimpleMatrix a = covariance.extractMatrix(0, count, 0, count);
    SimpleMatrix b = covariance.extractMatrix(0, count, count, n);
    SimpleMatrix c = covariance.extractMatrix(count, n, count, n);
    SimpleMatrix gap =
        new SimpleMatrix(n - count, 1, true, others).minus(mean.extractMatrix(count, n, 0, 1));
    SimpleMatrix gain = c.solve(b.transpose()).transpose();
    return new JointGaussian(
        mean.extractMatrix(0, count, 0, 1).plus(gain.mult(gap)), a.minus(gain.mult(b.transpose())));
  }

  /** Returns the law of the last coordinates alone, from {@code from}. */
  public JointGaussian last(int from) {
    int n = mean.getNumRows();
    return new JointGaussian(
        mean.extractMatrix(from, n, 0, 1), covariance.extractMatrix(from, n, from, n));
  }

  /** Returns the log density at a point, in nats, through an LU determinant. */
  public double logDensity(double[] point) {
    SimpleMatrix gap = new SimpleMatrix(point.length, 1, true, point).minus(mean);
    double square = gap.transpose().mult(covariance.solve(gap)).get(0, 0);
    double logs = point.length * Math.log(2 * Math.PI) + Math.log(covariance.determinant());
    return -0.5 * (logs + square);
  }
}
