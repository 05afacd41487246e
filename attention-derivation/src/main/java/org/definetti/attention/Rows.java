package org.definetti.attention;

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
}
