package org.definetti.sparse;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/** Matrix products on one thread, whatever the size. */
final class Columns {

  private Columns() {}

  /** Returns a · b. */
  static SimpleMatrix times(SimpleMatrix a, SimpleMatrix b) {
    DMatrixRMaj out = new DMatrixRMaj(a.getNumRows(), b.getNumCols());
    CommonOps_DDRM.mult(a.getDDRM(), b.getDDRM(), out);
    return SimpleMatrix.wrap(out);
  }

  /** Returns aᵀ · b. */
  static SimpleMatrix transposedTimes(SimpleMatrix a, SimpleMatrix b) {
    DMatrixRMaj out = new DMatrixRMaj(a.getNumCols(), b.getNumCols());
    CommonOps_DDRM.multTransA(a.getDDRM(), b.getDDRM(), out);
    return SimpleMatrix.wrap(out);
  }

  /** Returns the largest Euclidean norm of a row. */
  static double largestRow(SimpleMatrix matrix) {
    int width = matrix.getNumCols();
    double[] numbers = matrix.getDDRM().data;
    double largest = 0;
    for (int i = 0; i < matrix.getNumRows(); i++) {
      double squares = 0;
      for (int j = 0; j < width; j++) {
        squares += numbers[i * width + j] * numbers[i * width + j];
      }
      largest = Math.max(largest, squares);
    }
    return Math.sqrt(largest);
  }

  /** Returns the largest singular value. */
  static double operatorNorm(SimpleMatrix matrix) {
    return matrix.svd().getSingleValue(0);
  }
}
