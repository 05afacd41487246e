package org.definetti.sparse;

import java.util.BitSet;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * A head that attends from [CLS] over the tokens of a bit string, and a network that reads its
 * output: a function of bit strings.
 *
 * <pre>{@code  value(b) = network(W_Vᵀ Xᵀ Norm(X W_K W_Qᵀ x_[CLS])),   X = tokens of b and [CLS]  }
 * </pre>
 *
 * <ul>
 *   <li>Shapes: W_Q and W_K (d, h), W_V (d, k), the network from k numbers to one.
 *   <li>A binary string has only 2T + 1 distinct tokens, so scores and values are computed once a
 *       network, and a string costs O(T k + units · k), whatever d: the plain form of the fast path
 *       of trained heads.
 *   <li>Immutable.
 * </ul>
 */
public final class SparseNetwork {

  private final InputMap map;
  private final TransformerHead head;
  private final ReluNetwork network;
  private final double[] scores; // (2T + 1): token (t, b) at 2t + b, [CLS] last
  private final double[] values; // (2T + 1, k)

  private SparseNetwork(InputMap map, TransformerHead head, ReluNetwork network) {
    this.map = map;
    this.head = head;
    this.network = network;
    double[] cls = map.cls();
    SimpleMatrix query = new SimpleMatrix(1, cls.length, true, cls);
    double[] direction = head.direction(query).getDDRM().data;
    int width = head.valueMap().getNumCols();
    int tokens = 2 * map.length() + 1;
    this.scores = new double[tokens];
    this.values = new double[tokens * width];
    fill(direction, scores, 0, 1);
    for (int j = 0; j < width; j++) {
      fill(head.valueMap().extractVector(false, j).getDDRM().data, values, j, width);
    }
  }

  private void fill(double[] direction, double[] table, int offset, int stride) {
    for (int t = 0; t < map.length(); t++) {
      table[2 * t * stride + offset] = map.dot(t, false, direction);
      table[(2 * t + 1) * stride + offset] = map.dot(t, true, direction);
    }
    double[] cls = map.cls();
    double sum = 0;
    for (int j = 0; j < cls.length; j++) {
      sum += cls[j] * direction[j];
    }
    table[2 * map.length() * stride + offset] = sum;
  }

  /**
   * Returns the function of this head and network.
   *
   * @param head with σ and W_C the identity; tokens of the map's width
   * @throws ShapeMismatchException if map, head and network do not fit each other
   */
  public static SparseNetwork of(InputMap map, TransformerHead head, ReluNetwork network) {
    if (head.queryMap().getNumRows() != map.dimension()) {
      throw new ShapeMismatchException(
          "head: expected tokens of width "
              + map.dimension()
              + " (as the map), got "
              + head.queryMap().getNumRows());
    }
    Check.matrix("network.hidden", network.hidden(), -1, head.valueMap().getNumCols());
    return new SparseNetwork(map, head, network);
  }

  /**
   * Returns the value at a bit string.
   *
   * @param bits bits beyond T are not looked at. Not modified.
   */
  public double value(BitSet bits) {
    return network.value(attended(bits));
  }

  /**
   * Returns the output of the head at a bit string, k numbers.
   *
   * @param bits Not modified.
   */
  public double[] attended(BitSet bits) {
    int n = map.length() + 1;
    double[] own = new double[n];
    for (int t = 0; t < n; t++) {
      own[t] = scores[token(t, bits)];
    }
    double[] weights = head.normaliser().weights(own);
    int width = head.valueMap().getNumCols();
    double[] output = new double[width];
    double[] lost = new double[width]; // Kahan: thousands of equal terms round one way
    for (int t = 0; t < n; t++) {
      int row = token(t, bits) * width;
      for (int j = 0; j < width; j++) {
        double term = weights[t] * values[row + j] - lost[j];
        double sum = output[j] + term;
        lost[j] = (sum - output[j]) - term;
        output[j] = sum;
      }
    }
    return output;
  }

  private int token(int t, BitSet bits) {
    return 2 * t + (t < map.length() && bits.get(t) ? 1 : 0);
  }

  /** Returns the map from bits to tokens. */
  public InputMap map() {
    return map;
  }

  /** Returns the head. */
  public TransformerHead head() {
    return head;
  }

  /** Returns the network that reads the head's output. */
  public ReluNetwork network() {
    return network;
  }
}
