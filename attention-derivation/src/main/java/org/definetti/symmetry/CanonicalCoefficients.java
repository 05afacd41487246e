package org.definetti.symmetry;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * The coefficients of least norm that a function, a black box, has at one input.
 *
 * <pre>{@code  C = f(V) V⁺,   V = [X; Z],   span loss = ‖f(V) (I - V⁺ V)‖ / ‖f(V)‖  }</pre>
 *
 * <ul>
 *   <li>{@code C V = f(V)} exactly if the span loss is zero, as it is for every equivariant
 *       function (check S3).
 *   <li>C equals the coefficients that the function was made of only if V has full row rank, which
 *       needs n + k &lt;= d (check S5). It jumps where the rank of V drops, however smooth f is.
 *   <li>V⁺ by singular values of V, never by V Vᵀ: the error grows with cond(V), not with its
 *       square. Singular values below max(shape) · 2.2e-16 · the largest count as zero.
 *   <li>Cost: O((n + k)² d) and one call of the function.
 *   <li>Source: [derived].
 * </ul>
 *
 * @param matrix C, shape (n', n + k)
 * @param rank of V
 * @param condition the largest singular value of V over the smallest that is not zero; 1 if V = 0
 * @param spanLoss the share of f(V) that is no sum of rows of V; 0 if f(V) = 0
 */
public record CanonicalCoefficients(
    SimpleMatrix matrix, int rank, double condition, double spanLoss) {

  /**
   * Returns the coefficients of a function at an input.
   *
   * @throws ShapeMismatchException if the outputs are not as wide as the tokens
   * @throws IllegalArgumentException if an output is not finite
   */
  public static CanonicalCoefficients of(AuditInput input, SequenceFunction function) {
    SimpleMatrix output = input.outputOf(function);
    input.needVectors(output);
    PseudoInverse inverse = PseudoInverse.of(input.stacked());
    double norm = output.normF();
    double lost = output.minus(output.mult(inverse.rowProjector())).normF();
    return new CanonicalCoefficients(
        output.mult(inverse.matrix()),
        inverse.rank(),
        inverse.condition(),
        norm == 0 ? 0 : lost / norm);
  }
}
