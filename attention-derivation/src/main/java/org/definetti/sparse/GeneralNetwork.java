package org.definetti.sparse;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Construction C: every function of s of T bits, by one head with geometric attention.
 *
 * <pre>{@code
 * w_i = 2^-i / (1 - 2^-s) on I, i = 1..s,   scores ln(K w_i),   K = (N - s)(1/η - 1)
 * y in [code, code + η],   code = (1 - η) Σ_i π_i w_i,   η = gap/8,   gap = 2^-s / (1 - 2^-s)
 * }</pre>
 *
 * <ul>
 *   <li>Where: π the pattern of the relevant bits. Each of the 2^s patterns has an interval of its
 *       own, disjoint from the others, and {@link ReluNetwork#ramps} memorises f over them: two
 *       units for every change of value in the order of the codes.
 *   <li>Norms: the scores grow as ln T + O(s), the output norm as 2^{O(s)}: the price of a function
 *       without symmetry, against a polynomial in s for {@link SymmetricNetwork}.
 *   <li>Even attention over an additive map cannot do it: its output depends on the relevant bits
 *       through their number alone.
 *   <li>Source: [derived] (check V9). Whether 2^{O(s)} is necessary is open here.
 * </ul>
 */
public final class GeneralNetwork {

  private GeneralNetwork() {}

  /**
   * Returns the network of a function on the orthonormal map.
   *
   * @throws IllegalArgumentException if the function looks at every bit
   */
  public static SparseNetwork of(SparseFunction function) {
    int s = function.sparsity();
    SelectionHead.threshold(function.length(), s);
    double scale = 1 - Math.scalb(1.0, -s);
    double leakage = Math.scalb(1.0, -s) / scale / 8;
    double[] weights =
        IntStream.rangeClosed(1, s).mapToDouble(i -> Math.scalb(1.0, -i) / scale).toArray();
    double total = (function.length() + 1.0 - s) * (1 / leakage - 1);
    double sharpness = Math.log(total * weights[0]);
    double[] shares = Arrays.stream(weights).map(w -> Math.log(total * w) / sharpness).toArray();
    AdditiveMap map = AdditiveMap.orthonormal(function.length());
    TransformerHead head = SelectionHead.weighing(map, function.relevant(), shares, sharpness);
    return SparseNetwork.of(map, head, readout(function, weights, leakage));
  }

  private static ReluNetwork readout(SparseFunction function, double[] weights, double leakage) {
    int patterns = 1 << weights.length;
    double[] codes = new double[patterns];
    for (int pattern = 0; pattern < patterns; pattern++) {
      for (int i = 0; i < weights.length; i++) {
        codes[pattern] += (pattern >> i & 1) * (1 - leakage) * weights[i];
      }
    }
    int[] order =
        IntStream.range(0, patterns)
            .boxed()
            .sorted(Comparator.comparingDouble(pattern -> codes[pattern]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] lows = Arrays.stream(order).mapToDouble(pattern -> codes[pattern]).toArray();
    double[] highs = Arrays.stream(lows).map(low -> low + leakage).toArray();
    double[] values =
        Arrays.stream(order).mapToDouble(pattern -> function.valueAt(pattern) ? 1 : 0).toArray();
    return ReluNetwork.ramps(lows, highs, values);
  }
}
