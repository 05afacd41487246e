package org.definetti.sparse;

import org.ejml.simple.SimpleMatrix;

/**
 * Construction C': every function of s of T bits, by a head that reads each relevant bit apart and
 * one unit for every pattern where f is one.
 *
 * <pre>{@code
 * y_i = α b_i exactly,   α = e^β / (s e^β + N - s)
 * f = Σ_π f(π) relu((1/α) Σ_i (2π_i - 1) y_i - |π| + 1)
 * }</pre>
 *
 * <ul>
 *   <li>Where: tokens are those of {@link OneHotMap}, W_K the sum of both tokens of every relevant
 *       position, W_Q = β e_[CLS], column i of W_V the token of a one at relevant position i.
 *       Nothing leaks, because no other token has a component there.
 *   <li>Norms: √(2s), β and √s; a layer of the network at most 2^{s/2} times a polynomial in s. Any
 *       β is exact; the comfortable one keeps 1/α near s.
 *   <li>Source: [derived] (check V10).
 * </ul>
 */
public final class PatternDetectors {

  private PatternDetectors() {}

  /**
   * Returns the network of a function on the one-hot map.
   *
   * @throws IllegalArgumentException if the function looks at every bit
   */
  public static SparseNetwork of(SparseFunction function) {
    int s = function.sparsity();
    double sharpness = SelectionHead.comfortableSharpness(function.length(), s);
    OneHotMap map = new OneHotMap(function.length());
    double[] keys = new double[map.dimension()];
    SimpleMatrix values = new SimpleMatrix(map.dimension(), s);
    for (int i = 0; i < s; i++) {
      int position = function.relevant().get(i);
      keys[map.index(position, false)] = 1;
      keys[map.index(position, true)] = 1;
      values.getDDRM().data[map.index(position, true) * s + i] = 1;
    }
    SimpleMatrix query = SelectionHead.column(map.cls()).scale(sharpness);
    TransformerHead head = TransformerHead.of(query, SelectionHead.column(keys), values);
    double weight = SelectionHead.weight(function.length(), s, sharpness);
    return SparseNetwork.of(map, head, detectors(function, weight));
  }

  private static ReluNetwork detectors(SparseFunction function, double weight) {
    int s = function.sparsity();
    int patterns = 1 << s;
    double[] hidden = new double[patterns * s];
    double[] biases = new double[patterns];
    int units = 0;
    for (int pattern = 0; pattern < patterns; pattern++) {
      if (function.valueAt(pattern)) {
        for (int i = 0; i < s; i++) {
          hidden[units * s + i] = ((pattern >> i & 1) == 1 ? 1 : -1) / weight;
        }
        biases[units++] = 1 - Integer.bitCount(pattern);
      }
    }
    return new ReluNetwork(
        new SimpleMatrix(units, s, true, java.util.Arrays.copyOf(hidden, units * s)),
        new SimpleMatrix(1, units, true, java.util.Arrays.copyOf(biases, units)),
        SimpleMatrix.filled(1, units, 1),
        0);
  }
}
