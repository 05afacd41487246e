package org.definetti.latent;

import java.util.Arrays;

/**
 * One token of a sequence: a small immutable value.
 *
 * <p>Made by {@link #real}, {@link #category} or {@link #pair}; what it means is said by the
 * model's {@link TokenSpace}.
 */
public final class Token {

  private final double[] row;

  private Token(double[] row) {
    this.row = row;
  }

  /** Returns a real-vector token with these coordinates. */
  public static Token real(double... coordinates) {
    return new Token(coordinates.clone());
  }

  /** Returns the token of category {@code index}, counted from 0. */
  public static Token category(int index) {
    return new Token(new double[] {index});
  }

  /** Returns the (key, value) token with these parts. */
  public static Token pair(double[] key, double[] value) {
    double[] row = Arrays.copyOf(key, key.length + value.length);
    System.arraycopy(value, 0, row, key.length, value.length);
    return new Token(row);
  }

  /** Wraps a stored row without copying it; the caller gives the array away. */
  static Token wrap(double[] row) {
    return new Token(row);
  }

  /** Returns the numbers stored for this token: x, the category's index, or key then value. */
  public double[] coordinates() {
    return row.clone();
  }

  /** Returns how many numbers are stored. */
  public int width() {
    return row.length;
  }

  /** Returns stored number {@code coordinate}, counted from 0. */
  public double at(int coordinate) {
    return row[coordinate];
  }

  void copyTo(double[] out, int offset) {
    System.arraycopy(row, 0, out, offset, row.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Token token && Arrays.equals(row, token.row);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(row);
  }

  @Override
  public String toString() {
    return "Token" + Arrays.toString(row);
  }
}
