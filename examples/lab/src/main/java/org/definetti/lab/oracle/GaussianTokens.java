package org.definetti.lab.oracle;

import java.util.Arrays;
import org.definetti.latent.Tokens;

/**
 * Tokens whose values are jointly Gaussian: their whole covariance is written out and conditioned
 * on. No latent, no ridge, no update.
 *
 * <p>Cost: O((L w)³) for values of w numbers. Source: conditioning of Gaussians [recalled].
 */
public final class GaussianTokens implements Oracle {

  /** The covariance of two numbers of the sequence. */
  @FunctionalInterface
  public interface Covariance {
    /**
     * Returns the covariance of coordinate a of value i, at key p, and coordinate b of value j, at
     * key q; the noise counts where i = j.
     */
    double at(int i, double[] p, int a, int j, double[] q, int b);
  }

  private final double mean;
  private final int width;
  private final Covariance covariance;

  /**
   * Keeps what is known of the values.
   *
   * @param mean the mean of every coordinate
   * @param width the width of a value
   */
  public GaussianTokens(double mean, int width, Covariance covariance) {
    this.mean = mean;
    this.width = width;
    this.covariance = covariance;
  }

  private static double[] key(double[] row, int width) {
    return Arrays.copyOf(row, row.length - width);
  }

  private double[][] keys(Tokens tokens) {
    double[][] keys = new double[tokens.length()][];
    for (int l = 0; l < keys.length; l++) {
      keys[l] = key(tokens.get(l).coordinates(), width);
    }
    return keys;
  }

  private double[] gaps(Tokens tokens) {
    double[] gaps = new double[tokens.length() * width];
    for (int n = 0; n < gaps.length; n++) {
      double[] row = tokens.get(n / width).coordinates();
      gaps[n] = row[row.length - width + n % width] - mean;
    }
    return gaps;
  }

  private JointGaussian joint(double[][] keys) {
    return JointGaussian.observed(
        keys.length * width,
        (m, n) ->
            covariance.at(
                m / width, keys[m / width], m % width, n / width, keys[n / width], n % width));
  }

  @Override
  public double logEvidence(Tokens tokens) {
    return tokens.length() == 0 ? 0 : joint(keys(tokens)).logDensity(gaps(tokens));
  }

  @Override
  public double[] predictiveMean(Tokens tokens, double[] query) {
    double[] answer = new double[width];
    Arrays.fill(answer, mean);
    if (tokens.length() == 0) {
      return answer;
    }
    double[][] keys = keys(tokens);
    JointGaussian joint = joint(keys);
    double[] gaps = gaps(tokens);
    for (int a = 0; a < width; a++) {
      double[] cross = new double[gaps.length];
      for (int n = 0; n < cross.length; n++) {
        cross[n] = covariance.at(keys.length, query, a, n / width, keys[n / width], n % width);
      }
      answer[a] += JointGaussian.dot(joint.weights(cross), gaps);
    }
    return answer;
  }
}
