package org.definetti.sparse;

import org.definetti.latent.Check;

/**
 * The signal that the first gradient of a neuron has about a parity: larger on relevant coordinates
 * than on others.
 *
 * <pre>{@code
 * E[χ_S(x) x_j 1(Σ_i x_i >= 0)] = ξ_(k-1)/2 for j in S, ξ_(k+1)/2 for others
 * ξ_j  = (-1)^((j-1)/2) C((n-1)/2, (j-1)/2) / C(n-1, j-1) · 2^-(n-1) C(n-1, (n-1)/2)
 * |ξ_(k-1)| / |ξ_(k+1)| = (n - k)/(k - 1)
 * }</pre>
 *
 * <ul>
 *   <li>Where: x uniform on {-1, 1}^n, n odd, S of even size k, χ_S the product over S; ξ_j the
 *       coefficient of majority at degree j, odd.
 *   <li>Source: [source: third-party notes on Barak-2022]; the formula of ξ [recalled]; that the
 *       bound quoted there, {@code |ξ_(k-1)| - |ξ_(k+1)| >= 0.03 (n-1)^(-(k-1)/2)}, fails at n =
 *       11, k = 6 is [derived] (check V12).
 * </ul>
 */
public final class FourierGap {

  private static final int LARGEST = 25;

  private FourierGap() {}

  /**
   * Returns ξ_j.
   *
   * @param bits n, odd
   * @param degree j, odd, at most n
   */
  public static double majority(int bits, int degree) {
    odd("bits", bits);
    odd("degree", degree);
    Check.atLeast("bits", degree, bits);
    int half = (bits - 1) / 2;
    int j = (degree - 1) / 2;
    double sign = j % 2 == 0 ? 1 : -1;
    return sign
        * choose(half, j)
        / choose(bits - 1, 2 * j)
        * choose(bits - 1, half)
        * Math.scalb(1.0, 1 - bits);
  }

  /** Returns {@code |ξ_(k-1)| - |ξ_(k+1)|} for a parity of k of n bits, k even. */
  public static double gap(int bits, int parity) {
    return Math.abs(majority(bits, parity - 1)) - Math.abs(majority(bits, parity + 1));
  }

  /** Returns the bound quoted for the gap, {@code 0.03 (n-1)^(-(k-1)/2)}. */
  public static double quotedBound(int bits, int parity) {
    return 0.03 * Math.pow(bits - 1, -(parity - 1) / 2.0);
  }

  /**
   * Returns {@code E[χ_S(x) x_j 1(Σ x >= 0)]} by enumerating all 2^n inputs, S the first k
   * coordinates.
   *
   * @param bits n, odd, at most 25
   * @param parity k, 0..n
   * @param coordinate j, 0..n-1
   */
  public static double enumerated(int bits, int parity, int coordinate) {
    odd("bits", bits);
    Check.atLeast("bits", Math.max(parity, coordinate + 1), bits);
    if (bits > LARGEST || parity < 0 || coordinate < 0) {
      throw new IllegalArgumentException(
          "bits: expected at most "
              + LARGEST
              + " and neither parity nor coordinate negative, got "
              + bits
              + ", "
              + parity
              + ", "
              + coordinate);
    }
    int relevant = (1 << parity) - 1;
    long sum = 0;
    for (int x = 0; x < 1 << bits; x++) { // a set bit is -1
      if (2 * Integer.bitCount(x) < bits) {
        int minus = Integer.bitCount(x & relevant) + (x >> coordinate & 1);
        sum += minus % 2 == 0 ? 1 : -1;
      }
    }
    return Math.scalb((double) sum, -bits);
  }

  private static void odd(String argument, int value) {
    if (value < 1 || value % 2 == 0) {
      throw new IllegalArgumentException(argument + ": expected odd and >= 1, got " + value);
    }
  }

  private static double choose(int n, int k) {
    double product = 1;
    for (int i = 1; i <= k; i++) {
      product = product * (n - k + i) / i;
    }
    return product;
  }
}
