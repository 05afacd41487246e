package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * The form that orthogonal equivariance with knowledge forces, made from coefficient functions.
 *
 * <pre>{@code  f(X, Z) = C(G) V = A(G) X + B(G) Z,   V = [X; Z],  G = V Vᵀ,  C = [A, B]  }</pre>
 *
 * <ul>
 *   <li>Where: A (n', n) weighs tokens, B (n', k) knowledge; both see inner products only.
 *   <li>Equivariant whatever the coefficients: {@code (V Q)(V Q)ᵀ = G}.
 *   <li>And nothing else is. Let P project onto the orthogonal complement of the rows of V. Q = I -
 *       2P leaves V alone, so {@code f(V) = f(V) Q}, that is {@code f(V) P = 0}: every output row
 *       is a sum of rows of V. With {@code C = f(V) V⁺}, {@code V⁺ = Vᵀ G⁺}, {@code C V = f(V)} and
 *       {@code C(V Q) = f(V) Q Qᵀ V⁺ = C(V)}, so C depends on V through G alone. No continuity is
 *       assumed, and n, k, d are any.
 *   <li>C is unique only if V has full row rank, n + k &lt;= d; {@link CanonicalCoefficients} is
 *       the choice of least norm, recovered from a function that is a black box.
 *   <li>Cost: the coefficients', O((n + k)² d) for G and O(n' (n + k) d) for the sum.
 *   <li>Source: the form forced by orthogonal equivariance (cf. Ma and Ying 2022; proof here)
 *       [derived] (checks S1, S3, S4).
 * </ul>
 */
public final class EquivariantForm implements SequenceFunction {

  private final Coefficients coefficients;

  private EquivariantForm(Coefficients coefficients) {
    this.coefficients = coefficients;
  }

  /** Returns the form {@code C(G) V}; C has shape (n', n + k). */
  public static EquivariantForm of(Coefficients joint) {
    return new EquivariantForm(joint);
  }

  /** Returns the form {@code A(G) X}; A has shape (n', n). */
  public static EquivariantForm ofTokens(Coefficients tokens) {
    return of(gram -> beside(tokens.at(gram), new SimpleMatrix(0, 0), gram));
  }

  /** Returns the form {@code B(G) Z}; B has shape (n', k). */
  public static EquivariantForm ofKnowledge(Coefficients knowledge) {
    return of(gram -> beside(new SimpleMatrix(0, 0), knowledge.at(gram), gram));
  }

  private static SimpleMatrix beside(SimpleMatrix a, SimpleMatrix b, Gram gram) {
    boolean tokens = b.getNumRows() == 0;
    SimpleMatrix part = tokens ? a : b;
    int width = tokens ? gram.tokens() : gram.knowledge();
    Check.matrix("coefficients", part, -1, width);
    int offset = tokens ? 0 : gram.tokens();
    double[] joint = new double[part.getNumRows() * gram.size()];
    for (int i = 0; i < part.getNumRows(); i++) {
      System.arraycopy(part.getDDRM().data, i * width, joint, i * gram.size() + offset, width);
    }
    return new SimpleMatrix(part.getNumRows(), gram.size(), true, joint);
  }

  /** Returns the sum of two forms with the same number of output rows, such as two heads. */
  public EquivariantForm plus(EquivariantForm other) {
    return of(gram -> coefficients.at(gram).plus(other.coefficients.at(gram)));
  }

  /** Returns this form plus the tokens themselves: a skip connection, A + I. Needs n' = n. */
  public EquivariantForm withSkip() {
    return plus(ofTokens(gram -> SimpleMatrix.identity(gram.tokens())));
  }

  /** Returns C(G) = [A(G), B(G)], shape (n', n + k). */
  public SimpleMatrix coefficients(Gram gram) {
    return Check.matrix("coefficients", coefficients.at(gram), -1, gram.size());
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException if tokens and knowledge differ in width, or the coefficients do
   *     not fit
   * @throws IllegalArgumentException if a number is not finite
   */
  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    Check.matrix("tokens", tokens, -1, -1);
    Check.matrix("knowledge", knowledge, -1, tokens.getNumCols());
    return coefficients(Gram.of(tokens, knowledge)).mult(Stacked.of(tokens, knowledge));
  }
}
