package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * What one token of a model is: a real vector, a category, or a (key, value) pair.
 *
 * <p>A token is stored as one row of {@link #width()} numbers. Attention sees it as a key of {@link
 * #keyWidth()} and a value of {@link #valueWidth()} numbers:
 *
 * <ul>
 *   <li>{@link RealTokens}: key = value = the vector x;
 *   <li>{@link CategoricalTokens}: key = value = the one-hot vector of the category (stored as its
 *       index);
 *   <li>{@link PairTokens}: key and value are the two parts.
 * </ul>
 *
 * <p>A masked token hides its value. Its query is its key for pairs. For the other spaces nothing
 * is left to ask with: the query is empty, written as the zero vector of the key's width, so that
 * every query-key product is zero.
 */
public sealed interface TokenSpace permits RealTokens, CategoricalTokens, PairTokens {

  /** Returns the numbers stored per token. */
  int width();

  /** Returns the width of a token's key. */
  int keyWidth();

  /** Returns the width of a token's value. */
  int valueWidth();

  /**
   * Writes the key of a stored row.
   *
   * @param row a stored token, {@link #width()} numbers from {@code offset}. Not modified.
   * @param key receives {@link #keyWidth()} numbers from {@code keyOffset}. Modified.
   */
  void writeKey(double[] row, int offset, double[] key, int keyOffset);

  /**
   * Writes the value of a stored row.
   *
   * @param row a stored token, {@link #width()} numbers from {@code offset}. Not modified.
   * @param value receives {@link #valueWidth()} numbers from {@code valueOffset}. Modified.
   */
  void writeValue(double[] row, int offset, double[] value, int valueOffset);

  /**
   * Checks that a stored row is a token of this space.
   *
   * @throws IllegalArgumentException naming {@code argument} if a number is not finite or not a
   *     category
   */
  void check(String argument, double[] row, int offset);

  /** Returns whether a masked token keeps a key to ask with: true for pairs only. */
  default boolean hasQueries() {
    return false;
  }

  /** Returns the empty query, the zero row of shape (1, {@link #keyWidth()}). */
  default SimpleMatrix emptyQuery() {
    return new SimpleMatrix(1, keyWidth());
  }
}
