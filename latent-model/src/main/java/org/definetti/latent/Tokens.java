package org.definetti.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ejml.simple.SimpleMatrix;

/**
 * A sequence X of tokens of one space: an immutable (length, width) table whose rows are tokens.
 *
 * <p>Prefixes share storage with the sequence, so all prefixes together cost no copy. Equal when
 * space and rows are equal. Safe to share between threads.
 */
public final class Tokens {

  private final TokenSpace space;
  private final int length;
  private final double[] rows; // (length or more, width), row by row

  private Tokens(TokenSpace space, int length, double[] rows) {
    this.space = space;
    this.length = length;
    this.rows = rows;
  }

  /** Returns the sequence of no tokens. */
  public static Tokens none(TokenSpace space) {
    return new Tokens(space, 0, new double[0]);
  }

  /**
   * Returns the sequence of these tokens.
   *
   * @throws ShapeMismatchException if a token is not as wide as the space
   * @throws IllegalArgumentException if a token is not of the space
   */
  public static Tokens of(TokenSpace space, List<Token> tokens) {
    int width = space.width();
    double[] rows = new double[tokens.size() * width];
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.width() != width) {
        throw new ShapeMismatchException(
            "tokens: expected width " + width + " at token " + i + ", got " + token.width());
      }
      token.copyTo(rows, i * width);
      space.check("tokens[" + i + "]", rows, i * width);
    }
    return new Tokens(space, tokens.size(), rows);
  }

  /** Returns the sequence of these tokens; see {@link #of(TokenSpace, List)}. */
  public static Tokens of(TokenSpace space, Token... tokens) {
    return of(space, Arrays.asList(tokens));
  }

  /**
   * Returns the sequence stored in an array, row by row; the array is copied.
   *
   * @param rows (length, width) numbers. Not modified.
   * @throws ShapeMismatchException if the number of numbers is not a multiple of the width
   * @throws IllegalArgumentException if a row is not a token of the space
   */
  public static Tokens ofRows(TokenSpace space, double[] rows) {
    return owning(space, rows.clone());
  }

  /**
   * Returns the sequence stored in an array without copying it: the caller gives the array away.
   *
   * <p>For samplers that fill one array with many tokens; otherwise as {@link #ofRows}.
   *
   * @param rows (length, width) numbers, not to be modified by anyone from now on
   */
  public static Tokens owning(TokenSpace space, double[] rows) {
    int width = space.width();
    if (rows.length % width != 0) {
      throw new ShapeMismatchException(
          "rows: expected a multiple of " + width + " numbers, got " + rows.length);
    }
    int length = rows.length / width;
    for (int i = 0; i < length; i++) {
      space.check("rows", rows, i * width);
    }
    return new Tokens(space, length, rows);
  }

  /** Returns the space of the tokens. */
  public TokenSpace space() {
    return space;
  }

  /** Returns the number L of tokens. */
  public int length() {
    return length;
  }

  /** Returns stored number {@code coordinate} of token {@code index}, both counted from 0. */
  public double at(int index, int coordinate) {
    Objects.checkIndex(index, length);
    return rows[index * space.width() + Objects.checkIndex(coordinate, space.width())];
  }

  /** Returns token {@code index}, counted from 0. */
  public Token get(int index) {
    Objects.checkIndex(index, length);
    int width = space.width();
    return Token.wrap(Arrays.copyOfRange(rows, index * width, (index + 1) * width));
  }

  /** Returns the first {@code count} tokens; O(1), shares storage. */
  public Tokens prefix(int count) {
    Objects.checkFromToIndex(0, count, length);
    return new Tokens(space, count, rows);
  }

  /** Returns tokens {@code from} (inclusive) to {@code to} (exclusive); O(to - from). */
  public Tokens slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    int width = space.width();
    return new Tokens(space, to - from, Arrays.copyOfRange(rows, from * width, to * width));
  }

  /** Returns the sequence without token {@code index}; O(L). */
  public Tokens without(int index) {
    Objects.checkIndex(index, length);
    int width = space.width();
    double[] rest = new double[(length - 1) * width];
    System.arraycopy(rows, 0, rest, 0, index * width);
    int after = (length - 1 - index) * width;
    System.arraycopy(rows, (index + 1) * width, rest, index * width, after);
    return new Tokens(space, length - 1, rest);
  }

  /**
   * Returns the tokens in the order given; O(L).
   *
   * @param order (length) each index 0..L-1 once. Not modified.
   * @throws IllegalArgumentException if {@code order} is not a permutation of the tokens
   */
  public Tokens permute(int... order) {
    int width = space.width();
    if (order.length != length || Arrays.stream(order).distinct().count() != length) {
      throw new IllegalArgumentException(
          "order: expected a permutation of " + length + " tokens, got " + Arrays.toString(order));
    }
    double[] permuted = new double[length * width];
    for (int i = 0; i < length; i++) {
      int source = Objects.checkIndex(order[i], length);
      System.arraycopy(rows, source * width, permuted, i * width, width);
    }
    return new Tokens(space, length, permuted);
  }

  /**
   * Returns these tokens followed by others of the same space; O(length of both).
   *
   * @throws ShapeMismatchException if the spaces differ
   */
  public Tokens plus(Tokens others) {
    if (!space.equals(others.space)) {
      throw new ShapeMismatchException("others: expected " + space + ", got " + others.space);
    }
    int width = space.width();
    double[] both = Arrays.copyOf(rows, (length + others.length) * width);
    System.arraycopy(others.rows, 0, both, length * width, others.length * width);
    return new Tokens(space, length + others.length, both);
  }

  /** Returns the keys of all tokens, shape (L, {@link TokenSpace#keyWidth()}); O(L). */
  public SimpleMatrix keys() {
    SimpleMatrix keys = new SimpleMatrix(length, space.keyWidth());
    double[] out = keys.getDDRM().data;
    for (int i = 0; i < length; i++) {
      space.writeKey(rows, i * space.width(), out, i * space.keyWidth());
    }
    return keys;
  }

  /** Returns the values of all tokens, shape (L, {@link TokenSpace#valueWidth()}); O(L). */
  public SimpleMatrix values() {
    SimpleMatrix values = new SimpleMatrix(length, space.valueWidth());
    double[] out = values.getDDRM().data;
    for (int i = 0; i < length; i++) {
      space.writeValue(rows, i * space.width(), out, i * space.valueWidth());
    }
    return values;
  }

  /**
   * Writes the stored rows into an array.
   *
   * @param out receives {@code length * width} numbers from {@code offset}. Modified.
   */
  public void copyRows(double[] out, int offset) {
    System.arraycopy(rows, 0, out, offset, length * space.width());
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Tokens tokens) || !space.equals(tokens.space)) {
      return false;
    }
    int mine = length * space.width();
    int theirs = tokens.length * space.width();
    return Arrays.equals(rows, 0, mine, tokens.rows, 0, theirs);
  }

  @Override
  public int hashCode() {
    int hash = space.hashCode();
    for (int i = 0; i < length * space.width(); i++) {
      hash = 31 * hash + Double.hashCode(rows[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Tokens[" + space + ", length " + length + "]";
  }
}
