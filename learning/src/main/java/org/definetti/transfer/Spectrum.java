package org.definetti.transfer;

import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * The singular values of A above a threshold, with A⁺.
 *
 * <p>The threshold is the caller's: a pseudo-inverse that takes it relative to the largest singular
 * value of A itself lets rounding pass as rank where A is a small difference of large numbers.
 *
 * @param rank how many singular values are above the threshold
 * @param largest the largest singular value; 0 at rank 0
 * @param smallest the smallest one above the threshold; 0 at rank 0
 * @param inverse A⁺, shape (n, m) for A of shape (m, n)
 */
record Spectrum(int rank, double largest, double smallest, SimpleMatrix inverse) {

  static Spectrum of(SimpleMatrix a, double threshold) {
    SimpleSVD<SimpleMatrix> svd = a.svd(true);
    double[] values = svd.getSingularValues();
    int rank = 0;
    while (rank < values.length && values[rank] > threshold) {
      rank++;
    }
    int rows = a.getNumCols();
    int columns = a.getNumRows();
    double[] inverse = new double[rows * columns];
    for (int r = 0; r < rank; r++) {
      for (int i = 0; i < rows; i++) {
        double scaled = svd.getV().get(i, r) / values[r];
        for (int j = 0; j < columns; j++) {
          inverse[i * columns + j] += scaled * svd.getU().get(j, r);
        }
      }
    }
    return new Spectrum(
        rank,
        rank == 0 ? 0 : values[0],
        rank == 0 ? 0 : values[rank - 1],
        new SimpleMatrix(rows, columns, true, inverse));
  }

  /** Returns the largest singular value of a matrix. */
  static double norm(SimpleMatrix a) {
    return a.svd(true).getSingularValues()[0];
  }
}
