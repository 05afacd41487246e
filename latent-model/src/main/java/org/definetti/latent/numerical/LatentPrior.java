package org.definetti.latent.numerical;

import java.util.function.ToDoubleFunction;
import org.definetti.latent.Check;
import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.simple.SimpleMatrix;

/**
 * The prior density of a latent row of one to three numbers, with the coordinates to integrate in.
 *
 * <pre>{@code
 * gaussian   z = m + A u,  A Aᵀ the covariance
 * box        z_i = low_i + (high_i - low_i) / (1 + exp(-u_i))
 * plane      z_i = centre_i + scale_i · sinh(u_i)
 * }</pre>
 *
 * <ul>
 *   <li>Where: u runs over all of R^d. A density that is bounded on the box, or grows at its edges
 *       like a power above -1, falls off exponentially in u; so does a density on the plane with
 *       tails as heavy as a power law.
 *   <li>Densities of a box or a plane need not be normalised: the prior's own integral is divided
 *       out.
 *   <li>Accuracy: next to the upper edge of a box, z is no finer than its own rounding, about 1e-16
 *       · |high|.
 *   <li>Source: variable transformations that make the trapezoid rule converge exponentially
 *       [recalled].
 * </ul>
 *
 * <p>Immutable, if the given function is.
 */
public final class LatentPrior {

  /** The most dimensions that a lattice can fill. */
  static final int MOST_DIMENSIONS = 3;

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private enum Kind {
    GAUSSIAN,
    BOX,
    PLANE
  }

  private final Kind kind;
  private final double[] origin; // mean, low or centre
  private final double[] scale; // (d, d) lower factor of the covariance; widths; scales
  private final ToDoubleFunction<SimpleMatrix> logDensity;

  private LatentPrior(
      Kind kind, double[] origin, double[] scale, ToDoubleFunction<SimpleMatrix> logDensity) {
    Check.atLeast("dimension", 1, origin.length);
    if (origin.length > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "dimension: expected at most "
              + MOST_DIMENSIONS
              + ", got "
              + origin.length
              + ": use ImportanceSampling");
    }
    this.kind = kind;
    this.origin = origin;
    this.scale = scale;
    this.logDensity = logDensity;
  }

  /**
   * Returns the prior N(mean, covariance).
   *
   * @param mean shape (1, d), d from 1 to 3
   * @param covariance shape (d, d), symmetric (its lower triangle is read) and positive definite
   * @throws NotPositiveDefiniteException if it is not positive definite
   */
  public static LatentPrior gaussian(SimpleMatrix mean, SimpleMatrix covariance) {
    double[] centre = Check.matrix("mean", mean, 1, -1).getDDRM().data.clone();
    int d = centre.length;
    Check.matrix("covariance", covariance, d, d);
    double[] factor = covariance.getDDRM().data.clone();
    SmallCholesky.factor("covariance", factor, d);
    double logs = 0.5 * d * LOG_TWO_PI;
    for (int i = 0; i < d; i++) {
      logs += Math.log(factor[i * d + i]);
    }
    double constant = logs;
    return new LatentPrior(
        Kind.GAUSSIAN,
        centre,
        factor,
        z -> {
          double[] gap = z.getDDRM().data.clone();
          for (int i = 0; i < d; i++) {
            gap[i] -= centre[i];
          }
          SmallCholesky.solveLower(factor, d, gap);
          return -0.5 * squaredLength(gap) - constant;
        });
  }

  /** Returns the prior N(mean, variance · I); see {@link #gaussian(SimpleMatrix, SimpleMatrix)}. */
  public static LatentPrior gaussian(SimpleMatrix mean, double variance) {
    Check.positive("variance", variance);
    return gaussian(mean, SimpleMatrix.identity(mean.getNumCols()).scale(variance));
  }

  /**
   * Returns a prior on a box.
   *
   * @param low shape (1, d), d from 1 to 3
   * @param high shape (1, d), each above its low
   * @param logDensity the log density of z, shape (1, d), up to a constant; minus infinity where z
   *     is impossible
   */
  public static LatentPrior box(
      SimpleMatrix low, SimpleMatrix high, ToDoubleFunction<SimpleMatrix> logDensity) {
    double[] from = Check.matrix("low", low, 1, -1).getDDRM().data.clone();
    Check.matrix("high", high, 1, from.length);
    double[] width = new double[from.length];
    for (int i = 0; i < width.length; i++) {
      width[i] = Check.positive("high[" + i + "] - low[" + i + "]", high.get(0, i) - from[i]);
    }
    return new LatentPrior(Kind.BOX, from, width, logDensity);
  }

  /**
   * Returns a prior on all of R^d.
   *
   * @param centre where its bulk lies, shape (1, d), d from 1 to 3
   * @param scale how wide the bulk is, within a factor of ten or so, shape (1, d), above zero
   * @param logDensity the log density of z, shape (1, d), up to a constant; minus infinity where z
   *     is impossible
   */
  public static LatentPrior plane(
      SimpleMatrix centre, SimpleMatrix scale, ToDoubleFunction<SimpleMatrix> logDensity) {
    double[] middle = Check.matrix("centre", centre, 1, -1).getDDRM().data.clone();
    double[] widths = Check.matrix("scale", scale, 1, middle.length).getDDRM().data.clone();
    for (int i = 0; i < widths.length; i++) {
      Check.positive("scale[" + i + "]", widths[i]);
    }
    return new LatentPrior(Kind.PLANE, middle, widths, logDensity);
  }

  /** Returns d, the number of coordinates of a latent. */
  public int dimension() {
    return origin.length;
  }

  /** Returns the log density of z, up to a constant unless {@link #isNormalised}. */
  double logDensity(SimpleMatrix latent) {
    for (int i = 0; i < origin.length && kind == Kind.BOX; i++) {
      double fraction = (latent.get(0, i) - origin[i]) / scale[i];
      if (!(fraction >= 0 && fraction <= 1)) {
        return Double.NEGATIVE_INFINITY;
      }
    }
    return logDensity.applyAsDouble(latent);
  }

  boolean isNormalised() {
    return kind == Kind.GAUSSIAN;
  }

  /** Returns how far from zero, in each coordinate of u, the bulk of the prior may reach. */
  double reach() {
    return kind == Kind.GAUSSIAN ? 6 : 8;
  }

  /** Returns z at u. */
  SimpleMatrix latent(double[] u) {
    int d = origin.length;
    double[] z = new double[d];
    for (int i = 0; i < d; i++) {
      z[i] = coordinate(i, u);
    }
    return new SimpleMatrix(1, d, true, z);
  }

  private double coordinate(int i, double[] u) {
    int d = origin.length;
    switch (kind) {
      case GAUSSIAN -> {
        double sum = origin[i];
        for (int j = 0; j <= i; j++) {
          sum += scale[i * d + j] * u[j];
        }
        return sum;
      }
      case BOX -> {
        double z = origin[i] + scale[i] / (1 + Math.exp(-u[i]));
        // the edges themselves may have an infinite density
        double last = Math.nextDown(origin[i] + scale[i]);
        return Math.max(Math.nextUp(origin[i]), Math.min(last, z));
      }
      case PLANE -> {
        return origin[i] + scale[i] * Math.sinh(u[i]);
      }
    }
    throw new AssertionError(kind);
  }

  /** Returns the log density of u, given z at u: that of z times the Jacobian. */
  double logDensity(double[] u, SimpleMatrix latent) {
    double sum = 0;
    for (int i = 0; i < u.length; i++) {
      sum += logStretch(i, u[i]);
    }
    return kind == Kind.GAUSSIAN ? sum : sum + logDensity.applyAsDouble(latent);
  }

  private double logStretch(int i, double u) {
    return switch (kind) {
      case GAUSSIAN -> -0.5 * (u * u + LOG_TWO_PI);
      case BOX -> Math.log(scale[i]) - Math.abs(u) - 2 * Math.log1p(Math.exp(-Math.abs(u)));
      case PLANE -> Math.log(scale[i]) + Math.log(Math.cosh(u));
    };
  }

  static double squaredLength(double[] vector) {
    double sum = 0;
    for (double x : vector) {
      sum += x * x;
    }
    return sum;
  }
}
