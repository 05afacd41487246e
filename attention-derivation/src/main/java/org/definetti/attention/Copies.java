package org.definetti.attention;

import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/** Log biases read as numbers of copies: a token with log bias b counts as exp(b) tokens. */
final class Copies {

  private Copies() {}

  /**
   * Returns the rows scaled by {@code exp(power · b_l)}.
   *
   * @throws IllegalArgumentException if a bias is so large that this is not finite
   */
  static DMatrixRMaj scaleRows(SimpleMatrix rows, SimpleMatrix logBiases, double power) {
    DMatrixRMaj scaled = rows.getDDRM().copy();
    for (int l = 0; l < scaled.numRows; l++) {
      double bias = logBiases.getDDRM().data[l];
      if (bias != 0) {
        scaleRow(scaled, l, Math.exp(power * bias), bias);
      }
    }
    return scaled;
  }

  private static void scaleRow(DMatrixRMaj rows, int row, double factor, double bias) {
    for (int j = row * rows.numCols; j < (row + 1) * rows.numCols; j++) {
      rows.data[j] *= factor;
      if (!Double.isFinite(rows.data[j])) {
        throw new IllegalArgumentException(
            "logBiases: expected a finite number of copies, got bias " + bias + " at " + row);
      }
    }
  }
}
