package org.definetti.symmetry;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * One element of a symmetry group: what it does to an input, what it does to an output, and how the
 * latter is undone.
 *
 * <p>A function has the symmetry if {@code f(input moved) = f(input) moved} for all elements. Moves
 * of outputs keep lengths, as turning and reordering rows do.
 *
 * @param input g on inputs
 * @param output g on outputs
 * @param back the inverse of {@code output}
 */
public record Move(
    UnaryOperator<AuditInput> input,
    UnaryOperator<SimpleMatrix> output,
    UnaryOperator<SimpleMatrix> back) {

  /** Checks that nothing is missing. */
  public Move {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(back, "back");
  }

  /** Returns the change of basis of tokens, knowledge and outputs by Q, (d, d) and orthogonal. */
  public static Move turn(SimpleMatrix q) {
    int d = q.getNumRows();
    SimpleMatrix own = Check.matrix("q", q, d, d).copy();
    SimpleMatrix inverse = own.transpose();
    return new Move(
        input -> input.times(own), output -> output.mult(own), output -> output.mult(inverse));
  }

  /**
   * Returns the reordering of tokens, and of outputs along with them where there is one a token;
   * where outputs belong to the set they stay.
   *
   * @param equivariant whether output rows move with their tokens
   */
  public static Move reorder(boolean equivariant, int... order) {
    int[] own = order.clone();
    int[] inverse = new int[own.length];
    for (int i = 0; i < own.length; i++) {
      inverse[own[i]] = i;
    }
    return new Move(
        input -> input.withTokenOrder(own),
        output -> equivariant ? Stacked.reordered(output, own) : output,
        output -> equivariant ? Stacked.reordered(output, inverse) : output);
  }
}
