package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** The checks that every form of attention makes of its arguments before any work. */
final class Shapes {

  private Shapes() {}

  /** Checks that the queries are finite and as wide as the keys. */
  static void check(SimpleMatrix queries, Context context) {
    Check.matrix("queries", queries, -1, -1);
    sameWidth("queries", queries, context.keys().getNumCols(), "keys");
  }

  /** Checks the width of an argument against what it has to fit. */
  static void sameWidth(String argument, SimpleMatrix matrix, int width, String as) {
    if (matrix.getNumCols() != width) {
      throw new ShapeMismatchException(
          argument + ": expected width " + width + " (as " + as + "), got " + matrix.getNumCols());
    }
  }

  /** Checks that queries, one a position, are not more than the positions there are. */
  static void positions(int queries, int positions) {
    if (queries > positions) {
      throw new ShapeMismatchException(
          "queries: expected at most " + positions + " rows, one a position, got " + queries);
    }
  }

  /** Refuses a context without tokens where a form has no output for it. */
  static void notEmpty(String form, Context context) {
    if (context.length() == 0) {
      throw new IllegalArgumentException(
          "context: expected at least 1 token because " + form + " has no null token, got 0");
    }
  }
}
