package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * The joint Gram matrix of tokens and knowledge: all that an orthogonal change of basis leaves.
 *
 * <pre>{@code  G = V Vᵀ = [X Xᵀ, X Zᵀ; Z Xᵀ, Z Zᵀ],   V = [X; Z]  }</pre>
 *
 * <p>Two inputs have the same G exactly if one is the other times some Q in O(d). Records compare
 * by identity here, because a matrix has no {@code equals}.
 *
 * @param matrix G, shape (n + k, n + k), symmetric
 * @param tokens n, the number of token rows, the first ones
 */
public record Gram(SimpleMatrix matrix, int tokens) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException unless the matrix is square and 0 &lt;= n &lt;= its size
   */
  public Gram {
    Check.matrix("matrix", matrix, -1, matrix.getNumRows());
    if (tokens < 0 || tokens > matrix.getNumRows()) {
      throw new IllegalArgumentException(
          "tokens: expected 0 .. " + matrix.getNumRows() + ", got " + tokens);
    }
  }

  /** Returns the Gram matrix of tokens (n, d) and knowledge (k, d); O((n + k)² d). */
  public static Gram of(SimpleMatrix tokens, SimpleMatrix knowledge) {
    SimpleMatrix v = Stacked.of(tokens, knowledge);
    return new Gram(v.mult(v.transpose()), tokens.getNumRows());
  }

  /** Returns n + k. */
  public int size() {
    return matrix.getNumRows();
  }

  /** Returns k, the number of knowledge rows. */
  public int knowledge() {
    return size() - tokens;
  }

  /** Returns X Xᵀ, shape (n, n). */
  public SimpleMatrix tokenBlock() {
    return Stacked.columns(Stacked.rows(matrix, 0, tokens), 0, tokens);
  }

  /** Returns X Zᵀ, shape (n, k). */
  public SimpleMatrix crossBlock() {
    return Stacked.columns(Stacked.rows(matrix, 0, tokens), tokens, size());
  }

  /** Returns Z Zᵀ, shape (k, k). */
  public SimpleMatrix knowledgeBlock() {
    return Stacked.columns(Stacked.rows(matrix, tokens, size()), tokens, size());
  }
}
