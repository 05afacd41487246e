package org.definetti.symmetry;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** The error measure of the audits. */
final class Distance {

  private Distance() {}

  /**
   * Returns {@code ‖a - b‖ / max(‖a‖, ‖b‖)} in the Frobenius norm; 0 if both are zero, NaN if a
   * number is not finite.
   */
  static double relative(SimpleMatrix a, SimpleMatrix b) {
    if (a.getNumRows() != b.getNumRows() || a.getNumCols() != b.getNumCols()) {
      throw new ShapeMismatchException(
          "function: expected outputs of shape ("
              + a.getNumRows()
              + ", "
              + a.getNumCols()
              + ") for both inputs, got ("
              + b.getNumRows()
              + ", "
              + b.getNumCols()
              + ")");
    }
    double scale = Math.max(a.normF(), b.normF());
    return scale == 0 ? 0 : a.minus(b).normF() / scale;
  }
}
