package org.definetti.latent.conjugate;

import java.util.Arrays;
import org.definetti.latent.Cholesky;
import org.ejml.simple.SimpleMatrix;

/**
 * Coordinates in which a noise covariance S is the identity and a prior covariance S0 is diagonal.
 *
 * <pre>{@code  S = G Gᵀ,   G⁻¹ S0 G⁻ᵀ = Σ_i λ_i u_i u_iᵀ,   b_i = G u_i   }</pre>
 *
 * <p>S0 may be singular: only the r directions with λ above zero are kept, and S0 is never
 * inverted. S0 is first written as Zᵀ Z by a Cholesky factorisation with pivots, each judged
 * against its own diagonal entry, and the rows of Z G⁻ᵀ are then made orthogonal by one-sided
 * Jacobi rotations, so small λ beside large ones keep their digits. Immutable.
 */
final class JointDiagonal {

  private static final int MOST_SWEEPS = 100;
  private static final double ORTHOGONAL = 1e-15; // cosine
  private static final double SEMI_DEFINITE = 1e-12; // relative to the diagonal, per row

  final int rank;
  private final int width;
  private final double[] variances; // λ, (rank)
  private final double[] directions; // rows u_i, (rank, width)
  private final double[] images; // rows b_i, (rank, width)

  private JointDiagonal(int width, double[] rows, Cholesky noise) {
    this.width = width;
    this.rank = rows.length / width;
    for (int row = 0; row < rank; row++) {
      double[] whitened = Arrays.copyOfRange(rows, row * width, (row + 1) * width);
      noise.solveLower(whitened);
      System.arraycopy(whitened, 0, rows, row * width, width);
    }
    orthogonalise(rows);
    this.variances = new double[rank];
    this.directions = rows;
    this.images = new double[rows.length];
    for (int i = 0; i < rank; i++) {
      variances[i] = dot(rows, i, i);
      double[] image = new double[width];
      for (int j = 0; j < width; j++) {
        rows[i * width + j] /= Math.sqrt(variances[i]);
        image[j] = rows[i * width + j];
      }
      noise.multiply(image);
      System.arraycopy(image, 0, images, i * width, width);
    }
  }

  /**
   * Returns the coordinates.
   *
   * @param name the name of S0 for the error message
   * @throws IllegalArgumentException if S0 is not symmetric or not positive semi-definite
   */
  static JointDiagonal of(String name, SimpleMatrix prior, Cholesky noise) {
    return new JointDiagonal(noise.size(), root(name, prior), noise);
  }

  /** Returns Z, row by row, with S0 = Zᵀ Z. */
  private static double[] root(String name, SimpleMatrix prior) {
    int n = Cholesky.symmetric(name, prior);
    double[] rows = new double[n * n];
    double[] left = new double[n];
    for (int i = 0; i < n; i++) {
      left[i] = prior.get(i, i);
    }
    int rank = 0;
    for (int p = pivot(prior, left); p >= 0; p = pivot(prior, left)) {
      double root = Math.sqrt(left[p]);
      for (int j = 0; j < n; j++) {
        double entry = prior.get(p, j);
        for (int k = 0; k < rank; k++) {
          entry -= rows[k * n + p] * rows[k * n + j];
        }
        rows[rank * n + j] = left[j] == 0 ? 0 : entry / root;
        left[j] -= rows[rank * n + j] * rows[rank * n + j];
      }
      left[p] = 0;
      rank++;
    }
    checkRoot(name, prior, rows, rank);
    return Arrays.copyOf(rows, rank * n);
  }

  // The largest diagonal entry left that is more than rounding of what it was, or -1.
  private static int pivot(SimpleMatrix prior, double[] left) {
    int best = -1;
    for (int i = 0; i < left.length; i++) {
      boolean real = left[i] > left.length * Math.ulp(1.0) * prior.get(i, i);
      if (real && (best < 0 || left[i] > left[best])) {
        best = i;
      }
    }
    return best;
  }

  private static void checkRoot(String name, SimpleMatrix prior, double[] rows, int rank) {
    int n = prior.getNumRows();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = prior.get(i, j);
        for (int k = 0; k < rank; k++) {
          rest -= rows[k * n + i] * rows[k * n + j];
        }
        double scale = Math.sqrt(Math.max(0, prior.get(i, i)) * Math.max(0, prior.get(j, j)));
        if (!(Math.abs(rest) <= n * SEMI_DEFINITE * scale)) {
          throw new IllegalArgumentException(
              name
                  + ": expected a positive semi-definite matrix of size "
                  + n
                  + ", got one with "
                  + rest
                  + " left at "
                  + i
                  + ", "
                  + j
                  + " once its positive part is removed");
        }
      }
    }
  }

  private void orthogonalise(double[] rows) {
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      boolean changed = false;
      for (int p = 0; p < rank; p++) {
        for (int q = p + 1; q < rank; q++) {
          changed |= rotate(rows, p, q);
        }
      }
      if (!changed) {
        return;
      }
    }
  }

  private boolean rotate(double[] rows, int p, int q) {
    double a = dot(rows, p, p);
    double b = dot(rows, q, q);
    double c = dot(rows, p, q);
    if (!(Math.abs(c) > ORTHOGONAL * Math.sqrt(a) * Math.sqrt(b))) {
      return false;
    }
    double zeta = (b - a) / (2 * c);
    double tangent = Math.copySign(1 / (Math.abs(zeta) + Math.hypot(1, zeta)), zeta);
    double cosine = 1 / Math.hypot(1, tangent);
    double sine = cosine * tangent;
    for (int j = 0; j < width; j++) {
      double x = rows[p * width + j];
      double y = rows[q * width + j];
      rows[p * width + j] = cosine * x - sine * y;
      rows[q * width + j] = sine * x + cosine * y;
    }
    return true;
  }

  private double dot(double[] rows, int p, int q) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += rows[p * width + j] * rows[q * width + j];
    }
    return sum;
  }

  /** Returns λ_i. */
  double variance(int i) {
    return variances[i];
  }

  /** Returns u_i · v for every i, of a whitened vector. */
  double[] coordinates(double[] whitened) {
    double[] coordinates = new double[rank];
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < width; j++) {
        coordinates[i] += directions[i * width + j] * whitened[j];
      }
    }
    return coordinates;
  }

  /** Returns the squared length of what is left of a whitened vector off all directions. */
  double squareOff(double[] whitened) {
    double[] rest = whitened.clone();
    double[] coordinates = coordinates(whitened);
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < width; j++) {
        rest[j] -= coordinates[i] * directions[i * width + j];
      }
    }
    double square = 0;
    for (double r : rest) {
      square += r * r;
    }
    return square;
  }

  /** Adds Σ_i c_i b_i to a row. Modified. */
  void addImage(double[] coordinates, double[] row) {
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < width; j++) {
        row[j] += coordinates[i] * images[i * width + j];
      }
    }
  }

  /** Returns base + Σ_i w_i b_i b_iᵀ, shape (width, width). */
  SimpleMatrix covariance(SimpleMatrix base, double[] weights) {
    SimpleMatrix sum = base.copy();
    double[] out = sum.getDDRM().data;
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < width; k++) {
          out[j * width + k] += weights[i] * (images[i * width + j] * images[i * width + k]);
        }
      }
    }
    return sum;
  }
}
