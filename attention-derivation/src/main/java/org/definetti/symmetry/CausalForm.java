package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * The form of causal equivariant functions: each row sees a prefix of the tokens and the knowledge.
 *
 * <pre>{@code  f_i(X, Z) = last row of form(X_0..i, Z)  }</pre>
 *
 * <ul>
 *   <li>Equivariant and causal: A is lower triangular, and its row i a function of the Gram matrix
 *       of rows 0..i and the knowledge. Every causal equivariant function is of this form, row by
 *       row, by {@link EquivariantForm}.
 *   <li>The mask, not a position, is what tells tokens apart: one such layer's last row does not
 *       know the order of the others, two layers' does.
 *   <li>Cost: that of the form, once a prefix.
 *   <li>Source: [derived].
 * </ul>
 */
public final class CausalForm implements SequenceFunction {

  private final EquivariantForm form;

  private CausalForm(EquivariantForm form) {
    this.form = form;
  }

  /** Returns the causal version of a form with one output row a token. */
  public static CausalForm of(EquivariantForm form) {
    return new CausalForm(form);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the form does not return one row a token
   */
  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    int d = Check.matrix("tokens", tokens, -1, -1).getNumCols();
    SimpleMatrix rows = new SimpleMatrix(0, d);
    for (int i = 1; i <= tokens.getNumRows(); i++) {
      SimpleMatrix output = form.transform(Stacked.rows(tokens, 0, i), knowledge);
      Check.matrix("output of the form", output, i, d);
      rows = Stacked.of(rows, Stacked.rows(output, i - 1, i));
    }
    return rows;
  }
}
