package org.definetti.sparse;

import org.ejml.simple.SimpleMatrix;

/**
 * Construction B: every symmetric function of s of T bits, by one head and 2s rectified units.
 *
 * <pre>{@code
 * f = g(0) + Σ_(c=1)^s (g(c) - g(c-1)) [relu(y - θ_c^-) - relu(y - θ_c^+)] / (θ_c^+ - θ_c^-)
 * θ_c^- = (1 - η)(c - 1)/s + η,   θ_c^+ = (1 - η) c/s
 * }</pre>
 *
 * <ul>
 *   <li>Where: y the output of {@link SelectionHead}, η = 1/(4s) its leakage at the comfortable
 *       sharpness. Exact in real arithmetic for every T &gt; s.
 *   <li>Norms: a ramp is at least 1/(2s) wide, so the output norm is at most 2s √(2s), whatever T;
 *       the head's are √s, O(ln(T s)) and 1.
 *   <li>{@link #scalar} needs no network of its own: the attention average of the e_0, e_1, e_[CLS]
 *       components is one, a free bias.
 *   <li>Source: [derived] (check V8).
 * </ul>
 */
public final class SymmetricNetwork {

  private SymmetricNetwork() {}

  /**
   * Returns the network of a symmetric function on the orthonormal map.
   *
   * @throws IllegalArgumentException if the function is not symmetric or looks at every bit
   */
  public static SparseNetwork of(SparseFunction function) {
    return at(function, SelectionHead.comfortableSharpness(function.length(), function.sparsity()));
  }

  /**
   * Returns the network whose head has another sharpness; exact where it is above {@link
   * SelectionHead#threshold} by enough that {@code η < 1/(s + 1)}.
   *
   * @throws IllegalArgumentException if the function is not symmetric, or counts overlap
   */
  public static SparseNetwork at(SparseFunction function, double sharpness) {
    AdditiveMap map = AdditiveMap.orthonormal(function.length());
    TransformerHead head = SelectionHead.of(map, function.relevant(), sharpness);
    return SparseNetwork.of(map, head, readout(function, sharpness));
  }

  private static ReluNetwork readout(SparseFunction function, double sharpness) {
    if (!function.isSymmetric()) {
      throw new IllegalArgumentException("function: expected a symmetric one, got " + function);
    }
    int s = function.sparsity();
    double leakage = SelectionHead.leakage(function.length(), s, sharpness);
    double[] lows = new double[s + 1];
    double[] highs = new double[s + 1];
    double[] values = new double[s + 1];
    for (int c = 0; c <= s; c++) {
      lows[c] = (1 - leakage) * c / s;
      highs[c] = lows[c] + leakage;
      values[c] = function.valueAt((1 << c) - 1) ? 1 : 0;
    }
    return ReluNetwork.ramps(lows, highs, values);
  }

  /**
   * Returns the same function as one {@link ScalarTransformer} with σ = relu: column j of W_V is
   * {@code (1 + b_j) e_1 + b_j e_0 + b_j e_[CLS]}, so that attention adds the bias b_j, and one
   * more column of ones carries g(0).
   */
  public static ScalarTransformer scalar(SparseFunction function) {
    SparseNetwork network = of(function);
    AdditiveMap map = (AdditiveMap) network.map();
    ReluNetwork readout = network.network();
    int units = readout.units();
    SimpleMatrix biases = new SimpleMatrix(1, units + 1);
    SimpleMatrix ones = new SimpleMatrix(1, units + 1);
    SimpleMatrix output = new SimpleMatrix(units + 1, 1);
    for (int j = 0; j <= units; j++) {
      biases.getDDRM().data[j] = j < units ? readout.biases().get(0, j) : 1;
      ones.getDDRM().data[j] = j < units ? 1 : 0;
      output.getDDRM().data[j] = j < units ? readout.output().get(0, j) : readout.constant();
    }
    SimpleMatrix one = SelectionHead.column(map.bit(true));
    SimpleMatrix every =
        one.plus(SelectionHead.column(map.bit(false))).plus(SelectionHead.column(map.cls()));
    SimpleMatrix values = Columns.times(one, ones).plus(Columns.times(every, biases));
    TransformerHead selecting = network.head();
    TransformerHead head =
        TransformerHead.of(selecting.queryMap(), selecting.keyMap(), values)
            .withRelu()
            .withOutputMap(output);
    SimpleMatrix cls = new SimpleMatrix(1, map.dimension(), true, map.cls());
    return new ScalarTransformer(head, cls, SimpleMatrix.identity(1));
  }
}
