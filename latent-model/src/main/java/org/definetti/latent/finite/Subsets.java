package org.definetti.latent.finite;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.definetti.latent.Check;

/** All s-subsets of 0..T-1 in lexicographic order, made when asked for. */
final class Subsets extends AbstractList<List<Integer>> implements RandomAccess {

  private final int positions;
  private final int size;
  private final int count;

  /**
   * Counts the subsets.
   *
   * @throws IllegalArgumentException if there are more than an integer counts
   */
  Subsets(int positions, int size) {
    Check.atLeast("relevant", 1, size);
    Check.atLeast("positions", size, positions);
    double subsets = choose(positions, size);
    if (!(subsets <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "positions: expected at most "
              + Integer.MAX_VALUE
              + " subsets of "
              + size
              + " of them, got about "
              + (float) subsets);
    }
    this.positions = positions;
    this.size = size;
    this.count = (int) Math.rint(subsets);
  }

  // Exact below 2^53: every partial product is a binomial coefficient.
  private static double choose(int n, int k) {
    double product = 1;
    for (int i = 1; i <= k; i++) {
      product = product * (n - k + i) / i;
    }
    return product;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public List<Integer> get(int index) {
    double rest = java.util.Objects.checkIndex(index, count);
    List<Integer> subset = new ArrayList<>(size);
    int next = 0;
    for (int left = size; left > 0; left--) {
      // How many subsets go on with this position decides whether it is in.
      double with = choose(positions - next - 1, left - 1);
      while (rest >= with) {
        rest -= with;
        next++;
        with = choose(positions - next - 1, left - 1);
      }
      subset.add(next++);
    }
    return List.copyOf(subset);
  }

  /** Returns the place of a subset, -1 if it is none of these. */
  @Override
  public int indexOf(Object other) {
    if (!(other instanceof List<?> subset) || subset.size() != size) {
      return -1;
    }
    double index = 0;
    int from = 0;
    for (int i = 0; i < size; i++) {
      if (!(subset.get(i) instanceof Integer position)
          || position < from
          || position >= positions) {
        return -1;
      }
      for (int skipped = from; skipped < position; skipped++) {
        index += choose(positions - skipped - 1, size - i - 1);
      }
      from = position + 1;
    }
    return (int) index;
  }
}
