package org.definetti.latent.regression;

import java.util.Arrays;
import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.simple.SimpleMatrix;

/**
 * A least-squares problem reduced to triangular form, to which rows are added one at a time.
 *
 * <pre>{@code
 * Σ_l |v^l - z k^l|²  =  |Y - R zᵀ|²  +  residual      for every z
 * }</pre>
 *
 * <p>R (d, d) is upper triangular with diagonal at least zero: the transposed Cholesky factor of Σ
 * k kᵀ. Y is (d, p). Each row is rotated in (Givens), which is the rank-one Cholesky update of R
 * with the same rotations applied to the right-hand side. Σ k kᵀ is never formed, so nothing is
 * squared. Mutable while it is built; the owner stops changing it once it is shared.
 */
final class LeastSquares {

  // Squares between these neither overflow nor lose digits, so sqrt(a² + b²) is safe.
  private static final double SMALL = 1e-280;
  private static final double LARGE = 1e280;

  final int width;
  final int outputs;
  private final double[] r; // (width, width)
  private final double[] y; // (width, outputs)
  private double residual;
  private double residualLost; // what rounding added to the residual

  private LeastSquares(int width, int outputs, double[] r, double[] y) {
    this.width = width;
    this.outputs = outputs;
    this.r = r;
    this.y = y;
  }

  static LeastSquares empty(int width, int outputs) {
    return new LeastSquares(width, outputs, new double[width * width], new double[width * outputs]);
  }

  /**
   * Returns the problem whose solution is {@code mean} and whose RᵀR is {@code scale} times the
   * inverse of {@code covariance}.
   *
   * @param covariance (width, width); its upper triangle is read
   * @throws NotPositiveDefiniteException if the covariance is not positive definite
   */
  static LeastSquares ofMoments(SimpleMatrix mean, SimpleMatrix covariance, double scale) {
    int width = covariance.getNumRows();
    LeastSquares root = empty(width, 0);
    System.arraycopy(covariance.getDDRM().data, 0, root.r, 0, width * width);
    root.factorInPlace("rowCovariance");
    // C = RᵀR gives C⁻¹ = R⁻¹R⁻ᵀ, so the rows of R⁻ᵀ, rotated in, make the factor of C⁻¹.
    double[] inverse = root.inverseFactor();
    LeastSquares problem = empty(width, mean.getNumRows());
    double[] key = new double[width];
    double[] value = new double[problem.outputs];
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < width; i++) {
        key[i] = Math.sqrt(scale) * inverse[i * width + j];
      }
      for (int p = 0; p < value.length; p++) {
        value[p] = 0;
        for (int i = 0; i < width; i++) {
          value[p] += mean.get(p, i) * key[i];
        }
      }
      problem.absorb(0, key, value);
    }
    problem.residual = 0; // only rounding
    problem.residualLost = 0;
    return problem;
  }

  // Replaces the upper triangle by its Cholesky factor R, A = RᵀR, and clears the lower one.
  private void factorInPlace(String name) {
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < i; j++) {
        r[i * width + j] = 0;
      }
      double pivot = r[i * width + i];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException(name, width, i, pivot);
      }
      double root = Math.sqrt(pivot);
      for (int j = i; j < width; j++) {
        r[i * width + j] /= root;
      }
      for (int m = i + 1; m < width; m++) {
        for (int j = m; j < width; j++) {
          r[m * width + j] -= r[i * width + m] * r[i * width + j];
        }
      }
    }
  }

  LeastSquares copy() {
    LeastSquares copy = new LeastSquares(width, outputs, r.clone(), y.clone());
    copy.residual = residual;
    copy.residualLost = residualLost;
    return copy;
  }

  double residual() {
    return residual - residualLost;
  }

  /**
   * Adds the ridge {@code weight²·|z - centre|²}: the rows weight·e_i with value weight·centre e_i.
   *
   * @param centre shape (outputs, width)
   */
  void addRidge(double weight, SimpleMatrix centre) {
    double[] key = new double[width];
    double[] value = new double[outputs];
    for (int i = 0; i < width; i++) {
      key[i] = weight;
      for (int p = 0; p < outputs; p++) {
        value[p] = weight * centre.get(p, i);
      }
      absorb(i, key, value);
    }
  }

  /** Adds all that the other problem knows. */
  void addAll(LeastSquares other) {
    double[] key = new double[width];
    double[] value = new double[outputs];
    for (int i = 0; i < width; i++) {
      System.arraycopy(other.r, i * width, key, 0, width);
      System.arraycopy(other.y, i * outputs, value, 0, outputs);
      absorb(i, key, value);
    }
    addResidual(other.residual());
  }

  /**
   * Adds one row; O(width · (width + outputs)).
   *
   * @param from the entries of {@code key} before this one are zero
   * @param key (width) Modified: work space, zero afterwards.
   * @param value (outputs) Modified: work space, zero afterwards.
   */
  void absorb(int from, double[] key, double[] value) {
    for (int i = from; i < width; i++) {
      if (key[i] != 0) {
        rotate(i, key, value);
      }
    }
    double square = 0;
    for (int j = 0; j < outputs; j++) {
      square += value[j] * value[j];
      value[j] = 0;
    }
    addResidual(square);
  }

  // Rotates row i of (R, Y) against the new row so that key[i] becomes zero.
  private void rotate(int i, double[] key, double[] value) {
    int diagonal = i * width + i;
    double length = length(r[diagonal], key[i]);
    double cosine = r[diagonal] / length;
    double sine = key[i] / length;
    r[diagonal] = length;
    key[i] = 0;
    for (int j = i + 1; j < width; j++) {
      double old = r[i * width + j];
      r[i * width + j] = cosine * old + sine * key[j];
      key[j] = cosine * key[j] - sine * old;
    }
    for (int j = 0; j < outputs; j++) {
      double old = y[i * outputs + j];
      y[i * outputs + j] = cosine * old + sine * value[j];
      value[j] = cosine * value[j] - sine * old;
    }
  }

  private static double length(double a, double b) {
    double square = a * a + b * b;
    return square > SMALL && square < LARGE ? Math.sqrt(square) : Math.hypot(a, b);
  }

  private void addResidual(double square) {
    double term = square - residualLost;
    double next = residual + term;
    residualLost = (next - residual) - term;
    residual = next;
  }

  /** Throws unless every diagonal entry of R is finite and above zero. */
  void requireDefinite() {
    for (int i = 0; i < width; i++) {
      double pivot = r[i * width + i];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new NotPositiveDefiniteException("precision", width, i, pivot);
      }
    }
  }

  /** Returns entry (i, j) of R. */
  double factor(int i, int j) {
    return r[i * width + j];
  }

  /** Returns log det(Rᵀ R). */
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += Math.log(r[i * width + i]);
    }
    return 2 * sum;
  }

  /** Returns z minimising the problem, (outputs, width), row by row; O(width² · outputs). */
  double[] solve() {
    double[] z = new double[outputs * width];
    double[] column = new double[width];
    for (int p = 0; p < outputs; p++) {
      for (int i = 0; i < width; i++) {
        column[i] = y[i * outputs + p];
      }
      backSubstitute(column);
      System.arraycopy(column, 0, z, p * width, width);
    }
    return z;
  }

  /** Replaces b by R⁻¹ b. */
  void backSubstitute(double[] b) {
    for (int i = width - 1; i >= 0; i--) {
      double sum = b[i];
      for (int j = i + 1; j < width; j++) {
        sum -= r[i * width + j] * b[j];
      }
      b[i] = sum / r[i * width + i];
    }
  }

  /** Replaces b by R⁻ᵀ b. */
  void forwardSubstitute(double[] b) {
    for (int i = 0; i < width; i++) {
      b[i] /= r[i * width + i];
      for (int j = i + 1; j < width; j++) {
        b[j] -= r[i * width + j] * b[i];
      }
    }
  }

  /** Returns |R b|². */
  double squaredLength(double[] b) {
    double square = 0;
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int j = i; j < width; j++) {
        sum += r[i * width + j] * b[j];
      }
      square += sum * sum;
    }
    return square;
  }

  /** Returns R⁻¹, upper triangular, row by row; O(width³). */
  double[] inverseFactor() {
    double[] inverse = new double[width * width];
    double[] column = new double[width];
    for (int j = 0; j < width; j++) {
      Arrays.fill(column, 0);
      column[j] = 1;
      backSubstitute(column);
      for (int i = 0; i <= j; i++) {
        inverse[i * width + j] = column[i];
      }
    }
    return inverse;
  }
}
