package org.definetti.sparse;

import java.util.List;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * How far the output of several layers moves when the weights of all of them do.
 *
 * <pre>{@code
 * E_0 = 0,   E_(l+1) = B_C [B_V E_l + v + C B_V B_l (2 B_QK B_l E_l + s)] + c
 * }</pre>
 *
 * <ul>
 *   <li>Where: E_l bounds how far any token moves after l layers, B_l the norm of the tokens of
 *       both stacks there; v, s and c are what the changes of W_V, W_QK and W_C do to the moved
 *       stack's own tokens, each a maximum over tokens; B_V, B_QK, B_C operator norms of both. σ is
 *       1-Lipschitz. The amplification of a layer, {@code B_C B_V (1 + 2 C B_QK B_l²)}, has no
 *       number of tokens in it.
 *   <li>Cost: that of two forward passes, O(n² (h + k)) a layer.
 *   <li>Source: [derived], by {@link HeadPerturbation} with tokens that move too; a bound of the
 *       form (constant)^{O(depth)} is [recalled: Edelman-2022].
 * </ul>
 *
 * @param difference how far the token that moves most does
 * @param bound E after the last layer
 */
public record StackPerturbation(double difference, double bound) {

  /**
   * Returns both numbers for two stacks of layers of one shape.
   *
   * @param layers the first stack, each layer's output as wide as the next one's tokens
   * @param moved the second, of as many layers
   * @param tokens X, shape (n, d)
   * @param constant C of the normaliser that the bound is to use
   * @throws IllegalArgumentException if the stacks differ in depth
   */
  public static StackPerturbation of(
      List<TransformerHead> layers,
      List<TransformerHead> moved,
      SimpleMatrix tokens,
      double constant) {
    Check.positive("constant", constant);
    Check.atLeast("layers", 1, layers.size());
    if (layers.size() != moved.size()) {
      throw new IllegalArgumentException(
          "moved: expected " + layers.size() + " layers, got " + moved.size());
    }
    SimpleMatrix x = tokens;
    SimpleMatrix y = tokens;
    double error = 0;
    for (int l = 0; l < layers.size(); l++) {
      error = bound(layers.get(l), moved.get(l), x, y, error, constant);
      x = layers.get(l).layer(x);
      y = moved.get(l).layer(y);
    }
    return new StackPerturbation(Columns.largestRow(x.minus(y)), error);
  }

  private static double bound(
      TransformerHead head,
      TransformerHead moved,
      SimpleMatrix x,
      SimpleMatrix y,
      double error,
      double constant) {
    double size = Math.max(Columns.largestRow(x), Columns.largestRow(y));
    double output = Columns.operatorNorm(head.outputMap());
    double value = larger(head.valueMap(), moved.valueMap());
    SimpleMatrix scoring = scoring(head);
    SimpleMatrix movedScoring = scoring(moved);
    double score = Columns.operatorNorm(scoring);
    double values = Columns.largestRow(Columns.times(y, head.valueMap().minus(moved.valueMap())));
    // Scores of every pair, τ and t.
    double scores =
        Columns.times(Columns.times(y, scoring.minus(movedScoring)), y.transpose()).elementMaxAbs();
    double outputs = Columns.operatorNorm(head.outputMap().minus(moved.outputMap())) * value * size;
    double hidden =
        value * error + values + constant * value * size * (2 * score * size * error + scores);
    return output * hidden + outputs;
  }

  private static SimpleMatrix scoring(TransformerHead head) {
    return Columns.times(head.keyMap(), head.queryMap().transpose());
  }

  private static double larger(SimpleMatrix a, SimpleMatrix b) {
    return Math.max(Columns.operatorNorm(a), Columns.operatorNorm(b));
  }

  /** Returns the difference over the bound. */
  public double ratio() {
    return difference / bound;
  }
}
