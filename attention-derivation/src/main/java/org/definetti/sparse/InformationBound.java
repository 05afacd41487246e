package org.definetti.sparse;

import org.definetti.latent.Check;

/**
 * How many samples any learner needs to find s relevant positions of T.
 *
 * <pre>{@code
 * P(found) <= 2^m / C(T, s),   so   P(found) >= 1/2   needs   m >= log2 C(T, s) - 1
 * }</pre>
 *
 * <p>m labels of one bit take at most 2^m values for given inputs, and a learner finds at most one
 * set for each of them. Source: [derived by counting] (check V6); Ω(s log T) is [recalled:
 * Edelman-2022].
 */
public final class InformationBound {

  private InformationBound() {}

  /** Returns {@code log2 C(T, s)}, summed term by term; O(s). */
  public static double log2Subsets(int length, int sparsity) {
    Check.atLeast("sparsity", 0, sparsity);
    Check.atLeast("length", sparsity, length);
    double sum = 0;
    for (int i = 1; i <= sparsity; i++) {
      sum += Math.log((length - sparsity + i) / (double) i);
    }
    return sum / Math.log(2);
  }

  /** Returns the least m for a success probability of one half, {@code log2 C(T, s) - 1}. */
  public static double samples(int length, int sparsity) {
    return log2Subsets(length, sparsity) - 1;
  }

  /** Returns the most that any learner's success probability can be after m samples. */
  public static double success(int length, int sparsity, int samples) {
    Check.atLeast("samples", 0, samples);
    return Math.min(1, Math.pow(2, samples - log2Subsets(length, sparsity)));
  }
}
