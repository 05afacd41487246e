package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * An equivariant function with knowledge made of any function of the tokens.
 *
 * <pre>
 * {@code  F(X, Z) = h(X R_Zᵀ) R_Z,   Z = L R_Z,  L lower triangular with a positive diagonal  }
 * </pre>
 *
 * <ul>
 *   <li>R_Z is the orthonormal frame of the first d knowledge rows, so {@code R_(Z Q) = R_Z Q} and
 *       F(X Q, Z Q) = F(X, Z) Q whatever h is. At {@link #standardKnowledge}, R_Z = I and {@code
 *       F(·, Z) = h}.
 *   <li>What it says: if the knowledge spans the space, equivariance restricts nothing about the
 *       function of the tokens at one frozen knowledge. It restricts how that function changes when
 *       the language is embedded anew; or it restricts the function if k &lt; d.
 *   <li>Shapes: tokens (n, d), knowledge (k, d), k &gt;= d, its first d rows independent.
 *   <li>Cost: one h and O(d³ + n d²). Accuracy: cond of the first d rows · 1e-16.
 *   <li>Source: [derived] (statement ES8, check S14).
 * </ul>
 */
public final class FrameLift implements SequenceFunction {

  private final TokenFunction function;

  private FrameLift(TokenFunction function) {
    this.function = function;
  }

  /** A function of tokens alone, with outputs in the space of the tokens. */
  @FunctionalInterface
  public interface TokenFunction {

    /** Returns the output rows, shape (n', d), of tokens (n, d). */
    SimpleMatrix transform(SimpleMatrix tokens);
  }

  /** Returns the lift of a function. */
  public static FrameLift of(TokenFunction function) {
    return new FrameLift(function);
  }

  /** Returns the knowledge at which the lift is the function itself: the identity, (d, d). */
  public static SimpleMatrix standardKnowledge(int dimension) {
    return SimpleMatrix.identity(Check.atLeast("dimension", 1, dimension));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are fewer than d knowledge rows, or the first d are
   *     not independent
   */
  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    SimpleMatrix frame = frame(Check.matrix("knowledge", knowledge, -1, tokens.getNumCols()));
    return function.transform(tokens.mult(frame.transpose())).mult(frame);
  }

  /** Returns R_Z, shape (d, d), by Gram-Schmidt, twice, on the first d rows. */
  private static SimpleMatrix frame(SimpleMatrix knowledge) {
    int d = knowledge.getNumCols();
    Check.atLeast("knowledge rows", d, knowledge.getNumRows());
    SimpleMatrix frame = new SimpleMatrix(0, d);
    for (int i = 0; i < d; i++) {
      SimpleMatrix row = Stacked.rows(knowledge, i, i + 1);
      double norm = row.normF();
      for (int pass = 0; pass < 2 && i > 0; pass++) {
        row = row.minus(row.mult(frame.transpose()).mult(frame));
      }
      double left = row.normF();
      if (!(left > d * 0x1p-52 * norm)) {
        throw new IllegalArgumentException(
            "knowledge: expected its first "
                + d
                + " rows independent, got row "
                + i
                + " dependent");
      }
      frame = Stacked.of(frame, row.divide(left));
    }
    return frame;
  }
}
