package org.definetti.lab.claims;

import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;

/** The models of the checks on transfer, whose concepts differ by as little as ε says. */
final class TransferModels {

  private static final double[] BASE = {0.4, 0.3, 0.2, 0.1};

  private static final double[][] DICE = {
    {0.2, -0.1, -0.1, 0}, {-0.1, 0.2, -0.05, -0.05}, {-0.1, -0.1, 0.15, 0.05}
  };

  private static final double[][] TOPICS = {
    {0.3, -0.1, -0.1, -0.1}, {-0.1, 0.3, -0.1, -0.1}, {-0.2, -0.1, 0.15, 0.15}
  };

  private TransferModels() {}

  /** Returns three dice of four faces, P_z = base + ε D_z, uniform prior (check E6). */
  static CategoricalConcepts dice(double epsilon) {
    return CategoricalConcepts.of(rows(DICE, epsilon, new double[4]));
  }

  /**
   * Returns mixtures of three topics of four words, β = base + ε (D - column means), on the 15
   * points of the simplex whose coordinates are multiples of 1/4 (check E7).
   */
  static Topics topics(double epsilon) {
    double[] means = new double[4];
    for (double[] row : TOPICS) {
      for (int w = 0; w < 4; w++) {
        means[w] += row[w] / TOPICS.length;
      }
    }
    return Topics.of(Topics.simplexGrid(3, 4), rows(TOPICS, epsilon, means));
  }

  private static SimpleMatrix rows(double[][] changes, double epsilon, double[] centre) {
    double[][] rows = new double[changes.length][BASE.length];
    for (int k = 0; k < changes.length; k++) {
      for (int w = 0; w < BASE.length; w++) {
        rows[k][w] = BASE[w] + epsilon * (changes[k][w] - centre[w]);
      }
    }
    return new SimpleMatrix(rows);
  }
}
