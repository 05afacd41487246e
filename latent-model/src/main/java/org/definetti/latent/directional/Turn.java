package org.definetti.latent.directional;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/** Rotations of the plane as complex numbers: {@code [c, -s; s, c]} is (c, s). */
final class Turn {

  private static final double TOLERANCE = 1e-6;

  private Turn() {}

  /**
   * Returns (c, s) of a rotation matrix.
   *
   * @throws IllegalArgumentException if {@code latent} is no rotation
   */
  static double[] of(SimpleMatrix latent) {
    double[] z = Check.matrix("latent", latent, 2, 2).getDDRM().data;
    double[] turn = {z[0], z[2]};
    if (!(Math.abs(z[0] - z[3]) <= TOLERANCE && Math.abs(z[1] + z[2]) <= TOLERANCE)) {
      throw new IllegalArgumentException(
          "latent: expected a rotation [c, -s; s, c], got [" + z[0] + ", " + z[1] + "; " + z[2]
              + ", " + z[3] + "]");
    }
    Directions.unit("latent", turn, 0, 2);
    return turn;
  }

  static SimpleMatrix matrix(double c, double s) {
    return new SimpleMatrix(2, 2, true, c, -s, s, c);
  }

  /** Returns the vector (x, y) turned. */
  static double[] times(double[] turn, double x, double y) {
    return new double[] {turn[0] * x - turn[1] * y, turn[1] * x + turn[0] * y};
  }

  /** Returns the turn that takes key to value, both unit vectors in {@code row}. */
  static double[] between(double[] row, int key, int value) {
    double[] back = {row[key], -row[key + 1]};
    return times(back, row[value], row[value + 1]);
  }
}
