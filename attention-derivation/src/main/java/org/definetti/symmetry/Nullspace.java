package org.definetti.symmetry;

import java.util.Arrays;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * The vectors that a matrix maps to zero, with how surely.
 *
 * @param basis orthonormal columns, shape (unknowns, dimension)
 * @param largestZero the largest singular value that counts as zero, over the scale; 0 if none does
 * @param smallestOther the smallest that does not, over the scale; infinite if all do
 */
record Nullspace(SimpleMatrix basis, double largestZero, double smallestOther) {

  /** Between rounding, 1e-15, and what generic constraints make, 1e-3. */
  private static final double ZERO = 1e-9;

  /**
   * Returns the null space of a matrix with at least as many rows as columns.
   *
   * @param scale a size below 1e-9 of which a singular value counts as zero
   */
  static Nullspace of(SimpleMatrix matrix, double scale) {
    SimpleSVD<SimpleMatrix> svd = matrix.svd(true);
    double[] values = svd.getSingularValues();
    int rank = (int) Arrays.stream(values).filter(value -> value > ZERO * scale).count();
    SimpleMatrix basis = Stacked.columns(svd.getV(), rank, matrix.getNumCols());
    double zero = rank < values.length && values[rank] > 0 ? values[rank] / scale : 0;
    double other = rank == 0 ? Double.POSITIVE_INFINITY : values[rank - 1] / scale;
    return new Nullspace(basis, zero, other);
  }

  /** Returns the rank of a matrix: singular values above 1e-9 of the largest. */
  static int rank(SimpleMatrix matrix) {
    double[] values = matrix.svd(true).getSingularValues();
    return (int) Arrays.stream(values).filter(value -> value > ZERO * values[0]).count();
  }

  int dimension() {
    return basis.getNumCols();
  }

  /** Returns the factor between the smallest value that is not zero and the largest that is. */
  double gap() {
    return largestZero == 0 ? Double.POSITIVE_INFINITY : smallestOther / largestZero;
  }
}
