package org.definetti.lab.claims;

import java.util.random.RandomGenerator;
import org.definetti.latent.Sample;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Normal;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * The smallest attention that can be fitted exactly: least squares without intercept of a label on
 * the mean of the tokens.
 *
 * <pre>{@code
 * z ~ N(0, t2 I_d),  x_l | z ~ N(z, s2 I),  y = <w, z> + N(0, sy2),  x̄ the mean of L tokens
 * y | x̄ ~ N(<β, x̄>, σ_L²),  β = w t2 / (t2 + s2/L),  σ_L² = sy2 + |w|² / (1/t2 + L/s2)
 * E excess / σ_L² = d / (n - d - 1),   E (risk - empirical risk) / σ_L² = d (1/n + 1/(n - d - 1))
 * }</pre>
 *
 * <p>Mean and label are jointly Gaussian, so this is linear regression with Gaussian rows, whatever
 * L is; E tr (XᵀX)⁻¹ = d / (n - d - 1) for standard rows [recalled: inverse Wishart]; [derived].
 */
final class PooledLeastSquares {

  /** d. */
  static final int DIMENSION = 5;

  private static final double PRIOR_VARIANCE = 1;
  private static final double NOISE_VARIANCE = 4;
  private static final double LABEL_VARIANCE = 0.25;
  private static final double[] WEIGHTS = {1, -0.5, 0.25, 0.8, -0.3};
  private static final GaussianMean MODEL =
      GaussianMean.of(DIMENSION, PRIOR_VARIANCE, NOISE_VARIANCE);

  private PooledLeastSquares() {}

  /** What a fit to n sequences costs, in label variances given the mean. */
  record Errors(double excess, double gap) {}

  /** Returns σ_L², the variance of the label given the mean of L tokens. */
  static double noise(double length) {
    double squares = 0;
    for (double weight : WEIGHTS) {
      squares += weight * weight;
    }
    return LABEL_VARIANCE + squares / (1 / PRIOR_VARIANCE + length / NOISE_VARIANCE);
  }

  /** Returns {@code d / (n - d - 1)}. */
  static double excess(int count) {
    return DIMENSION / (count - DIMENSION - 1.0);
  }

  /** Returns {@code d (1/n + 1/(n - d - 1))}. */
  static double gap(int count) {
    return DIMENSION / (double) count + excess(count);
  }

  /**
   * Draws n sequences and fits the first tokens of each, one fit for every length.
   *
   * <p>The gap is measured as excess risk minus that on the sample, {@code R_n(f) - R_n(f_best)}:
   * the empirical risk of the best function has the population's as its mean, and most of the noise
   * of the gap is its own.
   *
   * @param lengths increasing. Not modified.
   */
  static Errors[] fit(int count, int[] lengths, RandomGenerator rng) {
    DMatrixRMaj[] means = new DMatrixRMaj[lengths.length]; // (length)(n, d)
    for (int i = 0; i < lengths.length; i++) {
      means[i] = new DMatrixRMaj(count, DIMENSION);
    }
    DMatrixRMaj labels = new DMatrixRMaj(count, 1);
    for (int row = 0; row < count; row++) {
      Sample<SimpleMatrix> sample = MODEL.sample(lengths[lengths.length - 1], rng);
      addMeans(sample.tokens().values().getDDRM().data, lengths, row, means);
      labels.data[row] =
          dot(WEIGHTS, sample.latent().getDDRM().data)
              + Math.sqrt(LABEL_VARIANCE) * Normal.draw(rng);
    }
    Errors[] errors = new Errors[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      errors[i] = errors(SimpleMatrix.wrap(means[i]), SimpleMatrix.wrap(labels), lengths[i]);
    }
    return errors;
  }

  /** Writes the mean of the first tokens at each length to a row of that length's matrix. */
  private static void addMeans(double[] tokens, int[] lengths, int row, DMatrixRMaj[] means) {
    double[] sum = new double[DIMENSION];
    int next = 0;
    for (int l = 0; l < lengths[lengths.length - 1]; l++) {
      for (int j = 0; j < DIMENSION; j++) {
        sum[j] += tokens[l * DIMENSION + j];
      }
      if (l + 1 == lengths[next]) {
        for (int j = 0; j < DIMENSION; j++) {
          means[next].data[row * DIMENSION + j] = sum[j] / lengths[next];
        }
        next++;
      }
    }
  }

  private static Errors errors(SimpleMatrix x, SimpleMatrix y, int length) {
    double variance = PRIOR_VARIANCE + NOISE_VARIANCE / length;
    SimpleMatrix best =
        new SimpleMatrix(DIMENSION, 1, true, WEIGHTS).scale(PRIOR_VARIANCE / variance);
    SimpleMatrix fitted = x.transpose().mult(x).solve(x.transpose().mult(y));
    double excess = variance * square(fitted.minus(best)) / noise(length);
    double advantage = square(y.minus(x.mult(fitted))) - square(y.minus(x.mult(best)));
    return new Errors(excess, excess - advantage / y.getNumRows() / noise(length));
  }

  private static double square(SimpleMatrix vector) {
    return vector.normF() * vector.normF();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
