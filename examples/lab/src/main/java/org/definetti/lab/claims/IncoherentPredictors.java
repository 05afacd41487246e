package org.definetti.lab.claims;

import java.util.function.Function;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Predictors of three categories that have some of the properties of an exchangeable one and lack
 * another.
 *
 * <p>Source: [derived], both; the first is the familiar exponential smoothing.
 */
final class IncoherentPredictors {

  private static final double[] START = {0.5, 0.3, 0.2};
  private static final double RATE = 0.2;

  private IncoherentPredictors() {}

  /**
   * Returns exponential smoothing: a martingale, and symmetric over the next two tokens, but old
   * tokens fade.
   *
   * <pre>{@code  P(· | X, a) = (1 - r) P(· | X) + r 1{· = a}  }</pre>
   */
  static Function<Tokens, SimpleMatrix> fading() {
    return seen -> {
      double[] row = START.clone();
      for (int l = 0; l < seen.length(); l++) {
        int a = (int) seen.at(l, 0);
        for (int w = 0; w < row.length; w++) {
          row[w] = (1 - RATE) * row[w] + (w == a ? RATE : 0);
        }
      }
      return new SimpleMatrix(1, row.length, true, row);
    };
  }

  /**
   * Returns a predictor that is a martingale after every prefix, but prefers 0 → 1 → 2 → 0 to the
   * way back.
   *
   * <pre>{@code
   * P(a | X) P(b | X, a) = P(a | X) P(b | X) + c A_ab,   A = [0 1 -1; -1 0 1; 1 -1 0]
   * c = half of the least P(a | X) P(b | X), a ≠ b
   * }</pre>
   *
   * <p>The columns of A sum to zero, hence A2; A is not symmetric, hence not A3.
   */
  static Function<Tokens, SimpleMatrix> turning() {
    return seen -> {
      double[] p = START.clone();
      for (int l = 0; l < seen.length(); l++) {
        int a = (int) seen.at(l, 0);
        double least = Math.min(p[0] * p[1], Math.min(p[1] * p[2], p[2] * p[0]));
        double step = least / 2 / p[a];
        p[(a + 1) % 3] += step;
        p[(a + 2) % 3] -= step;
      }
      return new SimpleMatrix(1, p.length, true, p);
    };
  }
}
