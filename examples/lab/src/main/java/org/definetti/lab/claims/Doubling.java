package org.definetti.lab.claims;

/** Lengths that double. */
final class Doubling {

  private Doubling() {}

  /** Returns 1, 2, 4, … up to {@code longest}, a power of two. */
  static int[] upTo(int longest) {
    int[] lengths = new int[Integer.numberOfTrailingZeros(longest) + 1];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = 1 << i;
    }
    return lengths;
  }
}
