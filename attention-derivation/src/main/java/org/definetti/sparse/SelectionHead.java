package org.definetti.sparse;

import java.util.List;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Construction A: a head that attends evenly to s of T positions and counts their ones.
 *
 * <pre>{@code
 * W_K = Σ_(i in I) v_i,   W_Q = β e_[CLS],   W_V = e_1:   score β on I, 0 elsewhere
 * output = (1 - η) c/s + r,   0 <= r <= η,   η = (N - s) / (s e^β + N - s)
 * }</pre>
 *
 * <ul>
 *   <li>Where: c the number of ones among the relevant bits, N = T + 1, η the attention that leaks
 *       to other tokens. Norms: √s, β and 1.
 *   <li>The outputs of two counts never meet if and only if {@code β > ln(T - s)}: with α the
 *       weight of one relevant token, count c ends at {@code α (c + (T - s) e^-β)}, count c + 1
 *       starts at {@code α (c + 1)}.
 *   <li>A comfortable β, η = 1/(4s), is {@code ln((N - s)(4s - 1)/s)}: it grows as ln T.
 *   <li>On a nearly orthogonal map the score gap is at least {@code β (1 - (4s - 1) Δ)}.
 *   <li>Source: [derived] (checks V7, V11); that attention nearly even on I is the idea of the
 *       proofs is [recalled: Edelman-2022].
 * </ul>
 */
public final class SelectionHead {

  private SelectionHead() {}

  /** Returns the sharpness at which counts begin to separate, {@code ln(T - s)}; needs T &gt; s. */
  public static double threshold(int length, int sparsity) {
    return Math.log(length - checked(length, sparsity));
  }

  /** Returns the sharpness that leaks 1/(4s), {@code ln((N - s)(4s - 1)/s)}. */
  public static double comfortableSharpness(int length, int sparsity) {
    checked(length, sparsity);
    return Math.log((length + 1.0 - sparsity) * (4.0 * sparsity - 1) / sparsity);
  }

  /** Returns η, the attention on tokens other than the relevant ones. */
  public static double leakage(int length, int sparsity, double sharpness) {
    checked(length, sparsity);
    double others = (length + 1.0 - sparsity) * Math.exp(-sharpness);
    return others / (sparsity + others);
  }

  /** Returns α, the weight of one relevant token, {@code (1 - η)/s}. */
  public static double weight(int length, int sparsity, double sharpness) {
    checked(length, sparsity);
    return 1 / (sparsity + (length + 1.0 - sparsity) * Math.exp(-sharpness));
  }

  /**
   * Returns how far apart the outputs of neighbouring counts are at worst: negative where they
   * overlap.
   *
   * <pre>{@code  gap = α (1 - (T - s) e^-β)  }</pre>
   */
  public static double levelGap(int length, int sparsity, double sharpness) {
    return weight(length, sparsity, sharpness) * (1 - (length - sparsity) * Math.exp(-sharpness));
  }

  private static int checked(int length, int sparsity) {
    Check.atLeast("sparsity", 1, sparsity);
    Check.atLeast("length", sparsity + 1, length);
    return sparsity;
  }

  /**
   * Returns the head.
   *
   * @param relevant I, in ascending order
   * @param sharpness β
   */
  public static TransformerHead of(AdditiveMap map, List<Integer> relevant, double sharpness) {
    double[] ones = new double[relevant.size()];
    java.util.Arrays.fill(ones, 1);
    return weighing(map, relevant, ones, sharpness);
  }

  /**
   * Returns the head with scores {@code β · weights[i]} on the relevant positions.
   *
   * @param weights one a relevant position. Not modified.
   */
  static TransformerHead weighing(
      AdditiveMap map, List<Integer> relevant, double[] weights, double sharpness) {
    double[] keys = new double[map.dimension()];
    for (int i = 0; i < weights.length; i++) {
      double[] position = map.position(relevant.get(i));
      for (int j = 0; j < keys.length; j++) {
        keys[j] += weights[i] * position[j];
      }
    }
    return TransformerHead.of(
        column(map.cls()).scale(sharpness), column(keys), column(map.bit(true)));
  }

  static SimpleMatrix column(double[] numbers) {
    return new SimpleMatrix(numbers.length, 1, true, numbers);
  }
}
