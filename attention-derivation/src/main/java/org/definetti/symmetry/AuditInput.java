package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * One input of an audit.
 *
 * @param tokens X, shape (n, d)
 * @param knowledge Z, shape (k, d)
 * @param text what is special about it, in a few words, for example {@code scale 1000}
 */
public record AuditInput(SimpleMatrix tokens, SimpleMatrix knowledge, String text) {

  /**
   * Checks the shapes.
   *
   * @throws ShapeMismatchException if the two differ in width
   * @throws IllegalArgumentException if a number is not finite
   */
  public AuditInput {
    Check.matrix("tokens", tokens, -1, -1);
    Check.matrix("knowledge", knowledge, -1, tokens.getNumCols());
  }

  /** Returns V = [X; Z], shape (n + k, d). */
  public SimpleMatrix stacked() {
    return Stacked.of(tokens, knowledge);
  }

  /** Returns the input in another orthonormal basis: X Q and Z Q. */
  public AuditInput times(SimpleMatrix q) {
    return new AuditInput(tokens.mult(q), knowledge.mult(q), text);
  }

  /**
   * Returns the input with a step added to tokens and knowledge, each of the shape of what it is
   * added to.
   */
  public AuditInput plus(SimpleMatrix tokenStep, SimpleMatrix knowledgeStep) {
    return new AuditInput(tokens.plus(tokenStep), knowledge.plus(knowledgeStep), text);
  }

  /** Returns the input with its token rows in another order: row i is row {@code order[i]}. */
  public AuditInput withTokenOrder(int... order) {
    return new AuditInput(Stacked.reordered(tokens, order), knowledge, text);
  }

  /** Returns the input with its knowledge rows in another order. */
  public AuditInput withKnowledgeOrder(int... order) {
    return new AuditInput(tokens, Stacked.reordered(knowledge, order), text);
  }

  /** Returns the function's output here. */
  public SimpleMatrix outputOf(SequenceFunction function) {
    return function.transform(tokens, knowledge);
  }

  /** Checks that the output rows are vectors of the space of the tokens. */
  void needVectors(SimpleMatrix output) {
    if (output.getNumCols() != tokens.getNumCols()) {
      throw new ShapeMismatchException(
          "function: expected outputs of width "
              + tokens.getNumCols()
              + " (as tokens), got "
              + output.getNumCols());
    }
  }
}
