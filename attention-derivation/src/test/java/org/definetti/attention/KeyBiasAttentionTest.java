package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class KeyBiasAttentionTest implements AttentionContract {

  /** Sums of a handful of numbers of order one. */
  private static final double ROUNDING = 1e-13;

  private static final SimpleMatrix MAP = new SimpleMatrix(1, 3, true, 0.4, -1, 0.2);

  @Override
  public Attention attention() {
    return new KeyBiasAttention(MAP, SoftmaxAttention.of(1));
  }

  /** At temperature one the bias is the same as asking with q + r. */
  @Test
  void isAnOffsetOfTheQuery() {
    Context context = context("offset", 7);
    SimpleMatrix queries = queries(3);
    SimpleMatrix moved = queries.plus(SimpleMatrix.ones(3, 1).mult(MAP));
    assertTrue(
        attention()
            .attend(queries, context)
            .isIdentical(SoftmaxAttention.of(1).attend(moved, context), ROUNDING));
  }

  /** One-hot keys with r = log c: every category counts c times. */
  @Test
  void weighsCategories() {
    SimpleMatrix keys = new SimpleMatrix(3, 2, true, 1.0, 0, 0, 1, 0, 1);
    SimpleMatrix values = new SimpleMatrix(3, 1, true, 6.0, 1, 3);
    Attention weighed =
        new KeyBiasAttention(new SimpleMatrix(1, 2, true, Math.log(2), 0), SoftmaxAttention.of(1));
    SimpleMatrix out = weighed.attend(new SimpleMatrix(1, 2), Context.of(keys, values));
    assertTrue(out.isIdentical(new SimpleMatrix(1, 1, true, 4.0), ROUNDING));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Attention wide = new KeyBiasAttention(new SimpleMatrix(1, 4), SoftmaxAttention.of(1));
    assertThrows(ShapeMismatchException.class, () -> wide.attend(queries(1), context("fit", 3)));
  }
}
