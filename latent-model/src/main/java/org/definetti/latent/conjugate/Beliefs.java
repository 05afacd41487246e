package org.definetti.latent.conjugate;

import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Checks and small closed forms that the conjugate beliefs share. */
final class Beliefs {

  private Beliefs() {}

  static Tokens ofSpace(TokenSpace space, Tokens tokens) {
    if (!tokens.space().equals(space)) {
      throw new ShapeMismatchException("tokens: expected " + space + ", got " + tokens.space());
    }
    return tokens;
  }

  static void emptyQuery(TokenSpace space, SimpleMatrix query) {
    Check.matrix("query", query, 1, space.keyWidth());
  }

  static IllegalArgumentException otherFamily(Belief<?> mine, Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + mine + ", got " + other);
  }

  /** Returns {@code r - 1 - log r} for r &gt; 0, accurate near r = 1; never negative. */
  static double excess(double ratio) {
    double log = ratio > 0.5 ? Math.log1p(ratio - 1) : Math.log(ratio);
    return Math.max(0, (ratio - 1) - log);
  }

  /**
   * Returns {@code tr(B⁻¹A) - d - log det(B⁻¹A)} of two factored matrices, a sum of terms that are
   * each at least zero, so nothing cancels; zero for A = B.
   */
  static double excess(Cholesky a, Cholesky b) {
    int d = a.size();
    double[] column = new double[d];
    double sum = 0;
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < d; i++) {
        column[i] = a.factor(i, j);
      }
      b.solveLower(column); // column j of the triangular B^-½ A^½
      sum += excess(column[j] * column[j]);
      for (int i = j + 1; i < d; i++) {
        sum += column[i] * column[i];
      }
    }
    return sum;
  }
}
