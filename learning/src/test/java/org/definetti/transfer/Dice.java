package org.definetti.transfer;

import org.definetti.latent.finite.CategoricalConcepts;
import org.ejml.simple.SimpleMatrix;

/** The model of check E6, and brute force over ordered sequences. */
final class Dice {

  static final double[] BASE = {0.4, 0.3, 0.2, 0.1};
  private static final double[][] CHANGES = {
    {0.2, -0.1, -0.1, 0}, {-0.1, 0.2, -0.05, -0.05}, {-0.1, -0.1, 0.15, 0.05}
  };

  private Dice() {}

  /** Returns P_z = base + epsilon · change_z for three concepts. */
  static CategoricalConcepts of(double epsilon) {
    double[] rows = new double[12];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = BASE[i % 4] + epsilon * CHANGES[i / 4][i % 4];
    }
    return CategoricalConcepts.of(new SimpleMatrix(3, 4, true, rows));
  }

  /** Returns G = (-1, 0, 1). */
  static SimpleMatrix question() {
    return new SimpleMatrix(new double[][] {{-1, 0, 1}});
  }
}
