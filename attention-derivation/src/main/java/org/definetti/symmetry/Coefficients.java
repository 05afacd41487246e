package org.definetti.symmetry;

import org.ejml.simple.SimpleMatrix;

/**
 * A matrix-valued function of the joint Gram matrix: what an equivariant function is free to
 * choose.
 */
@FunctionalInterface
public interface Coefficients {

  /**
   * Returns the coefficients at a Gram matrix.
   *
   * @return shape (n', c): one row per output row, one column per row that is summed
   */
  SimpleMatrix at(Gram gram);
}
