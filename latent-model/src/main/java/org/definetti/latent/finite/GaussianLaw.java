package org.definetti.latent.finite;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The normal law N(m, S) with a full covariance, factored once.
 *
 * <pre>{@code  S = C Cᵀ,   log density = -(d log 2π + |C⁻¹(x - m)|²) / 2 - Σ_i log C_ii  }</pre>
 */
final class GaussianLaw implements Predictive {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  // How far a matrix written with a few digits may be from symmetric, relative to its diagonal.
  private static final double SYMMETRY_TOLERANCE = 1e-9;

  private final SimpleMatrix mean;
  private final SimpleMatrix covariance;
  private final double[] root; // (d, d) C, lower triangular
  private final double logNormaliser;

  private GaussianLaw(SimpleMatrix mean, SimpleMatrix covariance, double[] root) {
    this.mean = mean;
    this.covariance = covariance;
    this.root = root;
    int width = mean.getNumCols();
    double sum = 0.5 * width * LOG_TWO_PI;
    for (int i = 0; i < width; i++) {
      sum += Math.log(root[i * width + i]);
    }
    this.logNormaliser = sum;
  }

  /**
   * Returns the law.
   *
   * @param argument what to call the covariance in errors
   * @param mean m, shape (1, d)
   * @param covariance S, shape (d, d), symmetric; the lower triangle counts
   * @throws NotPositiveDefiniteException if the covariance is not positive definite
   */
  static GaussianLaw of(String argument, SimpleMatrix mean, SimpleMatrix covariance) {
    int width = mean.getNumCols();
    Check.matrix(argument, covariance, width, width);
    requireSymmetric(argument, covariance);
    return new GaussianLaw(mean, covariance, factor(argument, covariance));
  }

  /** Returns this law with another mean. */
  GaussianLaw withMean(SimpleMatrix other) {
    return new GaussianLaw(other, covariance, root);
  }

  private static void requireSymmetric(String argument, SimpleMatrix matrix) {
    for (int i = 0; i < matrix.getNumRows(); i++) {
      for (int j = 0; j < i; j++) {
        double gap = Math.abs(matrix.get(i, j) - matrix.get(j, i));
        double scale =
            Math.sqrt(Math.abs(matrix.get(i, i))) * Math.sqrt(Math.abs(matrix.get(j, j)));
        if (!(gap <= SYMMETRY_TOLERANCE * scale)) {
          throw new IllegalArgumentException(
              argument
                  + ": expected symmetric, got "
                  + matrix.get(i, j)
                  + " at "
                  + i
                  + ", "
                  + j
                  + " and "
                  + matrix.get(j, i)
                  + " at "
                  + j
                  + ", "
                  + i);
        }
      }
    }
  }

  // Cholesky, row by row.
  private static double[] factor(String argument, SimpleMatrix covariance) {
    int width = covariance.getNumRows();
    double[] c = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance.get(i, j);
        for (int m = 0; m < j; m++) {
          sum -= c[i * width + m] * c[j * width + m];
        }
        if (i != j) {
          c[i * width + j] = sum / c[j * width + j];
        } else if (sum > 0) {
          c[i * width + i] = Math.sqrt(sum);
        } else {
          throw new NotPositiveDefiniteException(argument, width, i, sum);
        }
      }
    }
    return c;
  }

  /**
   * Returns the log density of the {@code d} numbers of {@code x} from {@code offset}; O(d²).
   *
   * @param x Not modified.
   * @param work (d) Modified: work space.
   */
  double logDensity(double[] x, int offset, double[] work) {
    int width = mean.getNumCols();
    double[] centre = mean.getDDRM().data;
    double square = 0;
    for (int i = 0; i < width; i++) {
      double sum = x[offset + i] - centre[i];
      for (int j = 0; j < i; j++) {
        sum -= root[i * width + j] * work[j];
      }
      work[i] = sum / root[i * width + i];
      square += work[i] * work[i];
    }
    return -0.5 * square - logNormaliser;
  }

  /**
   * Draws a vector.
   *
   * @param out receives d numbers from {@code offset}. Modified.
   */
  void draw(double[] out, int offset, RandomGenerator rng) {
    int width = mean.getNumCols();
    Normal.fill(out, offset, offset + width, rng);
    for (int i = width - 1; i >= 0; i--) { // from the last, which nothing else needs
      double sum = mean.get(0, i);
      for (int j = 0; j <= i; j++) {
        sum += root[i * width + j] * out[offset + j];
      }
      out[offset + i] = sum;
    }
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
    Check.width("value", mean.getNumCols(), value);
    return logDensity(value, 0, new double[value.length]);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[mean.getNumCols()];
    draw(value, 0, rng);
    return value;
  }
}
