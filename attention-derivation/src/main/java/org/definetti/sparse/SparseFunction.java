package org.definetti.sparse;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;

/**
 * A Boolean function of T bits that looks at s of them.
 *
 * <pre>{@code  f(b) = table(pattern),   bit i of the pattern is b at the i-th relevant position  }
 * </pre>
 *
 * <ul>
 *   <li>Where: positions and the bits of a pattern count from 0, relevant positions ascend.
 *   <li>Edge cases: 1 &lt;= s &lt;= 20; f need not depend on every relevant bit.
 *   <li>Cost: O(s) a value, 2^s bits of memory; immutable.
 * </ul>
 */
public final class SparseFunction {

  private static final int MOST_RELEVANT = 20;

  private final int length;
  private final List<Integer> relevant;
  private final BitSet table; // (2^s), by pattern

  private SparseFunction(int length, List<Integer> relevant, BitSet table) {
    this.length = length;
    this.relevant = relevant;
    this.table = table;
  }

  /**
   * Returns the function with this table.
   *
   * @param length T
   * @param relevant the s positions, ascending, each in 0..T-1
   * @param table whether f is one at a pattern in 0..2^s-1
   * @throws IllegalArgumentException if the positions do not ascend within 0..T-1
   */
  public static SparseFunction of(int length, List<Integer> relevant, IntPredicate table) {
    Check.atLeast("length", 1, length);
    Check.atLeast("relevant", 1, relevant.size());
    int before = -1;
    for (int position : relevant) {
      if (position <= before || position >= length || relevant.size() > MOST_RELEVANT) {
        throw new IllegalArgumentException(
            "relevant: expected at most "
                + MOST_RELEVANT
                + " ascending positions in 0.."
                + (length - 1)
                + ", got "
                + relevant);
      }
      before = position;
    }
    BitSet values = new BitSet();
    for (int pattern = 0; pattern < 1 << relevant.size(); pattern++) {
      values.set(pattern, table.test(pattern));
    }
    return new SparseFunction(length, List.copyOf(relevant), values);
  }

  /**
   * Returns the symmetric function {@code f(b) = g(c)}, c the number of relevant ones.
   *
   * @param byCount whether g is one at a count in 0..s
   */
  public static SparseFunction symmetric(int length, List<Integer> relevant, IntPredicate byCount) {
    return of(length, relevant, pattern -> byCount.test(Integer.bitCount(pattern)));
  }

  /** Returns whether all relevant bits are one. */
  public static SparseFunction conjunction(int length, List<Integer> relevant) {
    return symmetric(length, relevant, count -> count == relevant.size());
  }

  /** Returns whether an odd number of relevant bits are one. */
  public static SparseFunction parity(int length, List<Integer> relevant) {
    return symmetric(length, relevant, count -> count % 2 == 1);
  }

  /** Returns whether more than half of the relevant bits are one. */
  public static SparseFunction majority(int length, List<Integer> relevant) {
    return symmetric(length, relevant, count -> 2 * count > relevant.size());
  }

  /** Draws s of T positions uniformly, ascending. */
  public static List<Integer> drawPositions(int length, int count, RandomGenerator rng) {
    Check.atLeast("count", 0, count);
    Check.atLeast("length", Math.max(1, count), length);
    BitSet drawn = new BitSet();
    while (drawn.cardinality() < count) {
      drawn.set(rng.nextInt(length));
    }
    return drawn.stream().boxed().toList();
  }

  /** Returns T. */
  public int length() {
    return length;
  }

  /** Returns the relevant positions, ascending. */
  public List<Integer> relevant() {
    return relevant;
  }

  /** Returns s. */
  public int sparsity() {
    return relevant.size();
  }

  /** Returns f at a bit string. Not modified. */
  public boolean value(BitSet bits) {
    return table.get(pattern(bits));
  }

  /** Returns f at a pattern of the relevant bits, 0..2^s-1. */
  public boolean valueAt(int pattern) {
    return table.get(pattern);
  }

  /** Returns the pattern of the relevant bits of a bit string. Not modified. */
  public int pattern(BitSet bits) {
    int pattern = 0;
    for (int i = 0; i < relevant.size(); i++) {
      pattern |= bits.get(relevant.get(i)) ? 1 << i : 0;
    }
    return pattern;
  }

  /** Returns whether f depends on the number of relevant ones alone. */
  public boolean isSymmetric() {
    for (int pattern = 0; pattern < 1 << sparsity(); pattern++) {
      if (table.get(pattern) != table.get((1 << Integer.bitCount(pattern)) - 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "SparseFunction[" + length + " bits, relevant " + relevant + ", ones at " + table + "]";
  }
}
