package org.definetti.attention;

import org.ejml.simple.SimpleMatrix;

/** An attention whose output is a weighted sum of context values (and of a null token's value). */
public interface WeightedAttention extends Attention {

  /**
   * Returns the weight of every context row for every query.
   *
   * @return shape (m, n); rows sum to one minus the {@link #nullWeight}
   */
  SimpleMatrix weights(SimpleMatrix queries, Context context);

  /**
   * Returns the weight w0 of the null token for every query: zero where there is none.
   *
   * @return shape (m, 1)
   */
  default SimpleMatrix nullWeight(SimpleMatrix queries, Context context) {
    return new SimpleMatrix(queries.getNumRows(), 1);
  }
}
