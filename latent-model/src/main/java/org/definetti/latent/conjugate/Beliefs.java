package org.definetti.latent.conjugate;

import org.definetti.latent.Belief;
import org.definetti.latent.Check;
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
    return Math.max(0, (ratio - 1) - Math.log1p(ratio - 1));
  }
}
