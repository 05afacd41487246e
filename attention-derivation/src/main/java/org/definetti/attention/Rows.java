package org.definetti.attention;

import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/** Row operations on matrices that nothing else holds yet. */
final class Rows {

  private Rows() {}

  /**
   * Copies one row of numbers into a matrix.
   *
   * @param row shape (1, width). Not modified.
   * @param matrix of the same width. Modified.
   */
  static void write(SimpleMatrix row, SimpleMatrix matrix, int index) {
    int width = matrix.getNumCols();
    System.arraycopy(row.getDDRM().data, 0, matrix.getDDRM().data, index * width, width);
  }

  /** Returns rows times the transpose of map: each row x becomes (map x) as a row. */
  static SimpleMatrix timesTransposed(SimpleMatrix rows, SimpleMatrix map) {
    DMatrixRMaj out = new DMatrixRMaj(rows.getNumRows(), map.getNumRows());
    CommonOps_DDRM.multTransB(rows.getDDRM(), map.getDDRM(), out);
    return SimpleMatrix.wrap(out);
  }

  /** Adds a row to every row of a matrix that nothing else holds. */
  static SimpleMatrix plusRow(SimpleMatrix own, SimpleMatrix row) {
    double[] data = own.getDDRM().data;
    for (int i = 0; i < data.length; i++) {
      data[i] += row.getDDRM().data[i % own.getNumCols()];
    }
    return own;
  }

  /** Returns {@code σ(map x + bias)} as a row for each row x, σ number by number. */
  static SimpleMatrix affine(
      SimpleMatrix rows, SimpleMatrix map, SimpleMatrix bias, DoubleUnaryOperator activation) {
    SimpleMatrix out = plusRow(timesTransposed(rows, map), bias);
    double[] data = out.getDDRM().data;
    for (int i = 0; i < data.length; i++) {
      data[i] = activation.applyAsDouble(data[i]);
    }
    return out;
  }
}
