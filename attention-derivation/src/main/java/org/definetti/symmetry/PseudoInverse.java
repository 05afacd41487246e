package org.definetti.symmetry;

import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * The Moore-Penrose inverse of V by its singular values, with what they say of V.
 *
 * @param matrix V⁺, shape (d, m) for V of shape (m, d)
 * @param rowProjector V⁺ V, shape (d, d)
 * @param rank how many singular values are not zero
 * @param condition the largest over the smallest of those; 1 if there is none
 */
record PseudoInverse(SimpleMatrix matrix, SimpleMatrix rowProjector, int rank, double condition) {

  private static final double ULP = 0x1p-52;

  static PseudoInverse of(SimpleMatrix v) {
    SimpleSVD<SimpleMatrix> svd = v.svd(true);
    double[] values = svd.getSingularValues();
    double largest = values.length == 0 ? 0 : values[0];
    double zero = Math.max(v.getNumRows(), v.getNumCols()) * ULP * largest;
    int rank = 0;
    while (rank < values.length && values[rank] > zero) {
      rank++;
    }
    SimpleMatrix right = Stacked.columns(svd.getV(), 0, rank); // (d, rank)
    SimpleMatrix left = Stacked.columns(svd.getU(), 0, rank); // (m, rank)
    double[] scaled = right.getDDRM().data.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= values[i % rank];
    }
    SimpleMatrix divided = new SimpleMatrix(right.getNumRows(), rank, true, scaled);
    return new PseudoInverse(
        divided.mult(left.transpose()),
        right.mult(right.transpose()),
        rank,
        rank == 0 ? 1 : largest / values[rank - 1]);
  }
}
