package org.definetti.sparse;

import java.util.BitSet;
import org.ejml.simple.SimpleMatrix;

/**
 * How bits become tokens: a vector for every (position, bit), and one for [CLS].
 *
 * <p>Implementations are immutable. {@link #dot} is what a head needs of a token, so that no map
 * has to write out T tokens of width T.
 */
public interface InputMap {

  /** Returns T, the number of bits. */
  int length();

  /** Returns d, the width of a token. */
  int dimension();

  /** Returns the token of a bit at a position, (d) numbers. */
  double[] token(int position, boolean bit);

  /** Returns the token [CLS], (d) numbers. */
  double[] cls();

  /**
   * Returns the product of the token of a bit at a position with a direction.
   *
   * @param direction (d) numbers. Not modified.
   */
  default double dot(int position, boolean bit, double[] direction) {
    double[] token = token(position, bit);
    double sum = 0;
    for (int j = 0; j < token.length; j++) {
      sum += token[j] * direction[j];
    }
    return sum;
  }

  /** Returns the tokens of a bit string without [CLS], shape (T, d); O(T d). */
  default SimpleMatrix tokens(BitSet bits) {
    double[] rows = new double[length() * dimension()];
    for (int t = 0; t < length(); t++) {
      System.arraycopy(token(t, bits.get(t)), 0, rows, t * dimension(), dimension());
    }
    return new SimpleMatrix(length(), dimension(), true, rows);
  }
}
