package org.definetti.sparse;

import java.util.BitSet;
import org.ejml.simple.SimpleMatrix;

/**
 * A softmax head that meets every different token once, however many strings it reads.
 *
 * <pre>{@code
 * s_(t,b) = x_(t,b)·u,   v_(t,b) = W_Vᵀ x_(t,b),   u = W_K W_Qᵀ x_[CLS]
 * f(bits) = W_Cᵀ σ(Σ_t exp(s_t - m) v_t / Σ_t exp(s_t - m)),   over the tokens of the bits and [CLS]
 * }</pre>
 *
 * <ul>
 *   <li>Where: m the largest score of the string's own tokens, so that nothing underflows to 0 / 0.
 *   <li>Cost: O(T d k) once, O(T k) a string, where {@link TransformerHead#attend} needs O(T d) a
 *       string and {@link TransformerHead#layer} O(T² + T d k).
 *   <li>Source: [derived] (check V4). {@code SymbolStringLayer} trains with the same idea.
 * </ul>
 *
 * <p>Immutable.
 */
public final class TokenTable {

  private final TransformerHead head;
  private final int length;
  private final double[] scores; // (2T + 1): position t, bit b at 2t + b; [CLS] last
  private final SimpleMatrix values; // (2T + 1, k)

  private TokenTable(TransformerHead head, int length, double[] scores, SimpleMatrix values) {
    this.head = head;
    this.length = length;
    this.scores = scores;
    this.values = values;
  }

  /**
   * Computes scores and values of all tokens of a map.
   *
   * @param head a softmax head on tokens of the map's width
   * @throws IllegalArgumentException if the head's weights are not a softmax
   * @throws org.definetti.latent.ShapeMismatchException if the widths differ
   */
  public static TokenTable of(TransformerHead head, InputMap map) {
    if (!head.normaliser().equals(Normaliser.SOFTMAX)) {
      throw new IllegalArgumentException(
          "head: expected softmax weights, got " + head.normaliser());
    }
    int d = map.dimension();
    double[] rows = new double[(2 * map.length() + 1) * d];
    for (int t = 0; t < map.length(); t++) {
      System.arraycopy(map.token(t, false), 0, rows, 2 * t * d, d);
      System.arraycopy(map.token(t, true), 0, rows, (2 * t + 1) * d, d);
    }
    System.arraycopy(map.cls(), 0, rows, 2 * map.length() * d, d);
    SimpleMatrix tokens = new SimpleMatrix(2 * map.length() + 1, d, true, rows);
    SimpleMatrix cls = tokens.extractVector(true, 2 * map.length());
    double[] scores = head.scores(tokens, cls).getDDRM().data;
    return new TokenTable(head, map.length(), scores, Columns.times(tokens, head.valueMap()));
  }

  /** Returns the number of different tokens, 2T + 1. */
  public int size() {
    return scores.length;
  }

  /**
   * Returns {@code f(X, x_[CLS])} for the tokens of a string with [CLS] appended, shape (1, p).
   *
   * @param bits none above T. Not modified.
   */
  public SimpleMatrix attend(BitSet bits) {
    if (bits.length() > length) {
      throw new IllegalArgumentException(
          "bits: expected none above " + length + ", got one at " + (bits.length() - 1));
    }
    double most = scores[2 * length];
    for (int t = 0; t < length; t++) {
      most = Math.max(most, scores[row(bits, t)]);
    }
    int k = values.getNumCols();
    double[] mixed = new double[k];
    double sum = 0;
    for (int t = 0; t <= length; t++) {
      int row = t == length ? 2 * length : row(bits, t);
      double weight = Math.exp(scores[row] - most);
      sum += weight;
      for (int j = 0; j < k; j++) {
        mixed[j] += weight * values.getDDRM().data[row * k + j];
      }
    }
    for (int j = 0; j < k; j++) {
      mixed[j] /= sum;
    }
    return head.output(new SimpleMatrix(1, k, true, mixed));
  }

  private static int row(BitSet bits, int t) {
    return 2 * t + (bits.get(t) ? 1 : 0);
  }
}
