package org.definetti.latent.finite;

import org.definetti.latent.Check;
import org.definetti.latent.Tokens;

/**
 * Labelled bit strings by column: bit l of a column is what sample l has there, so that a rule is
 * evaluated on 64 samples at once. Immutable once built; the last word is padded with zeros.
 */
final class BitColumns {

  private final int count;
  private final long[][] columns; // (T + 1, words); the labels last

  private BitColumns(int count, long[][] columns) {
    this.count = count;
    this.columns = columns;
  }

  /** Returns the columns of no sample of T bits. */
  static BitColumns none(int positions) {
    return new BitColumns(0, new long[positions + 1][0]);
  }

  /**
   * Returns these samples followed by tokens.
   *
   * @throws IllegalArgumentException if a number of a token is neither 0 nor 1
   */
  BitColumns plus(Tokens tokens) {
    long[][] more = longer(count + tokens.length());
    for (int l = 0; l < tokens.length(); l++) {
      int at = count + l;
      for (int j = 0; j < more.length; j++) {
        more[j][at >> 6] |= bit("tokens", tokens.at(l, j)) << at;
      }
    }
    return new BitColumns(count + tokens.length(), more);
  }

  /** Returns these samples followed by those. */
  BitColumns plus(BitColumns others) {
    long[][] more = longer(count + others.count);
    int shift = count & 63;
    for (int j = 0; j < more.length; j++) {
      for (int w = 0; w < others.columns[j].length; w++) {
        int at = (count >> 6) + w;
        more[j][at] |= others.columns[j][w] << shift;
        if (shift > 0 && at + 1 < more[j].length) {
          more[j][at + 1] |= others.columns[j][w] >>> (64 - shift);
        }
      }
    }
    return new BitColumns(count + others.count, more);
  }

  private long[][] longer(int newCount) {
    long[][] more = new long[columns.length][];
    for (int j = 0; j < more.length; j++) {
      more[j] = java.util.Arrays.copyOf(columns[j], (newCount + 63) >> 6);
    }
    return more;
  }

  /** Returns 0 or 1, or throws. */
  static long bit(String argument, double number) {
    if (number == 0 || number == 1) {
      return (long) number;
    }
    throw new IllegalArgumentException(argument + ": expected bits 0 and 1, got " + number);
  }

  int count() {
    return count;
  }

  /** Returns T. */
  int positions() {
    return columns.length - 1;
  }

  int words() {
    return columns[0].length;
  }

  /** Returns a column, of the labels for position T. Not to be modified. */
  long[] column(int position) {
    return columns[position];
  }

  /** Returns the places of a word that hold samples. */
  long mask(int word) {
    int rest = count - 64 * word;
    return rest >= 64 ? -1 : (1L << rest) - 1;
  }

  /** What is told of every subset, in lexicographic order. */
  interface Visitor {
    /**
     * Hears of one subset.
     *
     * @param index its place among all, from 0
     * @param wrong how many samples the rule of these positions mislabels
     */
    void visit(int index, int wrong);
  }

  /** Counts the mislabelled samples of every subset of a size; O(C(T, s) · L/64). */
  void visitSubsets(SparseRule rule, int size, Visitor visitor) {
    Check.atLeast("positions", size, positions());
    long[][] partial = new long[size][words()];
    descend(rule, size, 0, 0, partial, new int[1], visitor);
  }

  private void descend(
      SparseRule rule,
      int size,
      int depth,
      int from,
      long[][] partial,
      int[] next,
      Visitor visitor) {
    long[] labels = columns[positions()];
    for (int t = from; t <= positions() - (size - depth); t++) {
      if (depth < size - 1) {
        for (int w = 0; w < words(); w++) {
          partial[depth][w] = rule.combine(before(rule, partial, depth, w), columns[t][w]);
        }
        descend(rule, size, depth + 1, t + 1, partial, next, visitor);
      } else {
        int wrong = 0;
        for (int w = 0; w < words(); w++) {
          long said = rule.combine(before(rule, partial, depth, w), columns[t][w]);
          wrong += Long.bitCount((said ^ labels[w]) & mask(w));
        }
        visitor.visit(next[0]++, wrong);
      }
    }
  }

  private static long before(SparseRule rule, long[][] partial, int depth, int word) {
    return depth == 0 ? rule.identity() : partial[depth - 1][word];
  }
}
