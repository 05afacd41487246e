package org.definetti.latent.conjugate;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * The latent of {@link NormalInverseWishart}: the mean and the covariance of a Gaussian.
 *
 * <p>Written as one vector it is the mean, then the covariance row by row: d + d² numbers.
 *
 * @param mean shape (1, d)
 * @param covariance shape (d, d), symmetric positive definite
 */
public record MeanAndCovariance(SimpleMatrix mean, SimpleMatrix covariance) {

  /**
   * Checks the shapes.
   *
   * @throws org.definetti.latent.ShapeMismatchException if they do not fit
   * @throws IllegalArgumentException if a number is not finite
   */
  public MeanAndCovariance {
    int d = Check.matrix("mean", mean, 1, -1).getNumCols();
    Check.matrix("covariance", covariance, d, d);
  }

  /** Returns both as one matrix: the mean above the rows of the covariance, shape (d + 1, d). */
  public SimpleMatrix matrix() {
    return mean.combine(1, 0, covariance);
  }
}
