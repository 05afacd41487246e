package org.definetti.lab.claims;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.sparse.SparseFunction;

/** Bit strings that try a network hard: every pattern of the relevant bits on any background. */
final class SparseInputs {

  private SparseInputs() {}

  /**
   * Draws input number {@code n}: backgrounds are all zero, all one and then random, and patterns
   * of the relevant bits take turns.
   */
  static BitSet draw(SparseFunction function, int n, RandomGenerator rng) {
    int patterns = 1 << function.sparsity();
    BitSet bits = new BitSet();
    if (n / patterns == 1) {
      bits.set(0, function.length());
    } else if (n / patterns > 1) {
      for (int t = 0; t < function.length(); t++) {
        bits.set(t, rng.nextBoolean());
      }
    }
    for (int i = 0; i < function.sparsity(); i++) {
      bits.set(function.relevant().get(i), (n % patterns >> i & 1) == 1);
    }
    return bits;
  }

  /** Returns the first s positions. */
  static List<Integer> first(int s) {
    return IntStream.range(0, s).boxed().toList();
  }
}
