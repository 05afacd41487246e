package org.definetti.sparse;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * How far the output of a head moves when its weights do: the inequality that keeps the number of
 * tokens out of its capacity.
 *
 * <pre>{@code
 * ‖W_Vᵀ Xᵀ a - W_V'ᵀ Xᵀ a'‖ <= max_t ‖(W_V - W_V')ᵀ x_t‖ + C B_V B_X max_t |x_tᵀ (W_QK - W_QK') z|
 * }</pre>
 *
 * <ul>
 *   <li>Where: a and a' the weights of both heads, ‖x_t‖ &lt;= B_X, ‖W_V'‖_op &lt;= B_V, C the
 *       constant of the {@link Normaliser}, one for softmax. A maximum over tokens, not a sum: that
 *       is all there is to log T.
 *   <li>Both sides compare heads with σ and W_C the identity; compose with the Lipschitz constants
 *       of both for others.
 *   <li>Cost: two passes over the tokens and a singular value of W_V'.
 *   <li>Source: [derived] (check V2), with weights that sum to one; {@link Normaliser#NONE} breaks
 *       it.
 * </ul>
 *
 * @param difference the left side
 * @param bound the right side
 */
public record HeadPerturbation(double difference, double bound) {

  /**
   * Returns both sides for two heads of one shape and normaliser.
   *
   * @param tokens X, shape (n, d)
   * @param query z, shape (1, d)
   * @param constant C of the normaliser that the bound is to use
   */
  public static HeadPerturbation of(
      TransformerHead head,
      TransformerHead moved,
      SimpleMatrix tokens,
      SimpleMatrix query,
      double constant) {
    Check.positive("constant", constant);
    SimpleMatrix values = Columns.times(tokens, head.valueMap());
    SimpleMatrix movedValues = Columns.times(tokens, moved.valueMap());
    SimpleMatrix output = Columns.times(head.weights(tokens, query), values);
    SimpleMatrix movedOutput = Columns.times(moved.weights(tokens, query), movedValues);
    double scores = head.scores(tokens, query).minus(moved.scores(tokens, query)).elementMaxAbs();
    double valueNorm = Columns.operatorNorm(moved.valueMap());
    return new HeadPerturbation(
        output.minus(movedOutput).normF(),
        Columns.largestRow(values.minus(movedValues))
            + constant * valueNorm * Columns.largestRow(tokens) * scores);
  }

  /** Returns the left side over the right. */
  public double ratio() {
    return difference / bound;
  }
}
