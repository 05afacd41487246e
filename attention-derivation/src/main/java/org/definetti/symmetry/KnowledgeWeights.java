package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** Weight matrices as quadratic forms of the knowledge. */
public final class KnowledgeWeights {

  private KnowledgeWeights() {}

  /**
   * Returns M with {@code Zᵀ M Z = W}, the one of least norm.
   *
   * <pre>{@code  M = (Z⁺)ᵀ W Z⁺  }</pre>
   *
   * <ul>
   *   <li>Shapes: knowledge Z (k, d) of rank d, weight W (d, d); result (k, k).
   *   <li>So any softmax layer, with {@code W = W_Q W_Kᵀ} for M and {@code W = W_V} for N, is
   *       {@link GramAttention#weighted} at a frozen knowledge of full rank (statement ES7).
   *   <li>Accuracy: relative error about cond(Z)² · 1e-16.
   *   <li>Source: [derived].
   * </ul>
   *
   * @throws ShapeMismatchException if W is not (d, d)
   * @throws IllegalArgumentException if the knowledge has a rank below d, or a number is not finite
   */
  public static SimpleMatrix form(SimpleMatrix knowledge, SimpleMatrix weight) {
    int d = Check.matrix("knowledge", knowledge, -1, -1).getNumCols();
    Check.matrix("weight", weight, d, d);
    PseudoInverse inverse = PseudoInverse.of(knowledge);
    if (inverse.rank() < d) {
      throw new IllegalArgumentException(
          "knowledge: expected rank " + d + " (its width), got " + inverse.rank());
    }
    return inverse.matrix().transpose().mult(weight).mult(inverse.matrix());
  }
}
