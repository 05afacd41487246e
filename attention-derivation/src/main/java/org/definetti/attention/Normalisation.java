package org.definetti.attention;

import org.definetti.latent.Check;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation of rows, with a learned gain and bias for each column.
 *
 * <pre>{@code
 * LAYER   y_j = gain_j (x_j - mean(x)) / √(variance(x) + ε) + bias_j
 * RMS     y_j = gain_j x_j / √(mean(x²) + ε)
 * }</pre>
 *
 * <ul>
 *   <li>Where: mean and variance over the d numbers of a row, the variance without Bessel's
 *       correction; ε = 1e-5.
 *   <li>Edge cases: a row of equal numbers becomes the bias under LAYER, since ε keeps its scale
 *       finite; so does every row of width 1.
 *   <li>Cost: O(n d); stateless.
 *   <li>Source: LayerNorm and RMSNorm [recalled].
 * </ul>
 */
public enum Normalisation {
  /** Centred and scaled to variance one. */
  LAYER,

  /** Scaled to mean square one; no centring and no bias. */
  RMS;

  /** ε, added to the variance or the mean square. */
  public static final double EPSILON = 1e-5;

  /**
   * Returns the rows normalised.
   *
   * @param rows shape (n, d). Not modified.
   * @param gain shape (1, d)
   * @param bias shape (1, d), or null for none, as RMS must have it
   * @throws org.definetti.latent.ShapeMismatchException if a shape differs
   * @throws IllegalArgumentException if RMS is given a bias
   */
  public SimpleMatrix normalise(SimpleMatrix rows, SimpleMatrix gain, @Nullable SimpleMatrix bias) {
    int width = Check.matrix("rows", rows, -1, -1).getNumCols();
    Check.matrix("gain", gain, 1, width);
    if (bias != null) {
      Check.matrix("bias", bias, 1, width);
      if (this == RMS) {
        throw new IllegalArgumentException("bias: expected none for RMS, got one");
      }
    }
    DMatrixRMaj out = rows.getDDRM().copy();
    for (int i = 0; i < out.numRows; i++) {
      normalise(out.data, i * width, gain.getDDRM().data);
    }
    return bias == null ? SimpleMatrix.wrap(out) : Rows.plusRow(SimpleMatrix.wrap(out), bias);
  }

  private void normalise(double[] x, int at, double[] gain) {
    int width = gain.length;
    double mean = 0;
    for (int j = 0; this == LAYER && j < width; j++) {
      mean += x[at + j] / width;
    }
    double square = 0;
    for (int j = 0; j < width; j++) {
      x[at + j] -= mean;
      square += x[at + j] * x[at + j] / width;
    }
    double scale = 1 / Math.sqrt(square + EPSILON);
    for (int j = 0; j < width; j++) {
      x[at + j] *= gain[j] * scale;
    }
  }
}
