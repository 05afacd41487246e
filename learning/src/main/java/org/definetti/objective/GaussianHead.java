package org.definetti.objective;

import org.definetti.latent.Check;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * A normal law by its mean and the triangular factor of its precision.
 *
 * <pre>{@code
 * output = (m_1..m_d, log Λ_11..log Λ_dd, Λ_21, Λ_31, Λ_32, ...),   precision = Λ Λᵀ
 * loss   = ½ |Λᵀ(y - m)|² - Σ_i log Λ_ii + (d/2) log 2π
 * }</pre>
 *
 * <ul>
 *   <li>The loss has no inverse and no constraint, and is convex in (Λᵀm, Λ).
 *   <li>Gradient, with r = y - m and u = Λᵀr: dm = -Λ u, dΛ_ij = r_i u_j, d log Λ_ii = r_i u_i Λ_ii
 *       - 1.
 *   <li>Without factor, the entries below the diagonal are zero and no output.
 *   <li>Edge cases: log Λ_ii is cut to [-20, 20], where its gradient is zero.
 *   <li>Cost: O(d²). Source: [recalled: mixture density networks, Bishop 1994]; gradient [derived].
 * </ul>
 *
 * @param dimension d
 * @param full whether coordinates may depend on each other
 */
record GaussianHead(int dimension, boolean full) implements DistributionHead, Loss {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);
  private static final double LARGEST_LOG = 20;

  GaussianHead {
    Check.atLeast("dimension", 1, dimension);
  }

  @Override
  public int targets() {
    return dimension;
  }

  @Override
  public int outputs() {
    return 2 * dimension + (full ? dimension * (dimension - 1) / 2 : 0);
  }

  @Override
  public Loss loss() {
    return this;
  }

  private static double cut(double log) {
    return Math.max(-LARGEST_LOG, Math.min(LARGEST_LOG, log));
  }

  /** Where Λ_ij, j below i, is among the outputs. */
  private int place(int i, int j) {
    return 2 * dimension + i * (i - 1) / 2 + j;
  }

  /** Returns Λᵀ r. */
  private double[] scaled(float[] output, int outputAt, double[] r) {
    double[] u = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      u[i] += Math.exp(cut(output[outputAt + dimension + i])) * r[i];
      for (int j = 0; full && j < i; j++) {
        u[j] += output[outputAt + place(i, j)] * r[i];
      }
    }
    return u;
  }

  private double[] residual(float[] output, int outputAt, float[] target, int targetAt) {
    double[] r = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      r[i] = (double) target[targetAt + i] - output[outputAt + i];
    }
    return r;
  }

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double[] u = scaled(output, outputAt, residual(output, outputAt, target, targetAt));
    double sum = 0.5 * dimension * LOG_TWO_PI;
    for (int i = 0; i < dimension; i++) {
      sum += 0.5 * u[i] * u[i] - cut(output[outputAt + dimension + i]);
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
    double[] r = residual(output, outputAt, target, targetAt);
    double[] u = scaled(output, outputAt, r);
    for (int i = 0; i < dimension; i++) {
      double log = output[outputAt + dimension + i];
      double diagonal = Math.exp(cut(log));
      double ofMean = diagonal * u[i];
      for (int j = 0; full && j < i; j++) {
        ofMean += output[outputAt + place(i, j)] * u[j];
        gradient[outputAt + place(i, j)] = (float) (scale * r[i] * u[j]);
      }
      gradient[outputAt + i] = (float) (-scale * ofMean);
      gradient[outputAt + dimension + i] =
          Math.abs(log) < LARGEST_LOG ? (float) (scale * (r[i] * u[i] * diagonal - 1)) : 0f;
    }
  }

  @Override
  public Predictive law(double[] output) {
    Check.width("output", outputs(), output);
    SimpleMatrix mean = new SimpleMatrix(1, dimension);
    SimpleMatrix factor = new SimpleMatrix(dimension, dimension);
    double[] lambda = factor.getDDRM().data;
    for (int i = 0; i < dimension; i++) {
      mean.getDDRM().data[i] = output[i];
      lambda[i * dimension + i] = Math.exp(cut(output[dimension + i]));
      for (int j = 0; full && j < i; j++) {
        lambda[i * dimension + j] = output[place(i, j)];
      }
    }
    SimpleMatrix inverse = factor.invert();
    SimpleMatrix covariance = inverse.transpose().mult(inverse);
    return MultivariateGaussian.of(mean, covariance.plus(covariance.transpose()).scale(0.5));
  }
}
