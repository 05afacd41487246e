package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ReadoutAttentionTest implements AttentionContract {

  /** A handful of products and sums of numbers of order one. */
  private static final double ROUNDING = 1e-13;

  private static final SimpleMatrix MAP = new SimpleMatrix(3, 2, true, 1, 2, -1, 0.5, 0, 3);
  private static final SimpleMatrix BIAS = new SimpleMatrix(1, 3, true, 0.1, -4, 2);

  @Override
  public Attention attention() {
    return new ReadoutAttention(MAP, BIAS, SoftmaxAttention.of(0.7));
  }

  @Test
  void mapsTheOutput() {
    Context context = context("maps", 5);
    SimpleMatrix queries = queries(2);
    SimpleMatrix inner = SoftmaxAttention.of(0.7).attend(queries, context);
    SimpleMatrix out = attention().attend(queries, context);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        double expected =
            MAP.get(j, 0) * inner.get(i, 0) + MAP.get(j, 1) * inner.get(i, 1) + BIAS.get(j);
        assertEquals(expected, out.get(i, j), ROUNDING);
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThrows(
        ShapeMismatchException.class,
        () -> new ReadoutAttention(MAP, new SimpleMatrix(1, 2), new MeanPooling()));
    Attention narrow = new ReadoutAttention(BIAS, new SimpleMatrix(1, 1), new MeanPooling());
    Exception error =
        assertThrows(
            ShapeMismatchException.class, () -> narrow.attend(queries(1), context("fit", 3)));
    assertTrue(String.valueOf(error.getMessage()).contains("expected width 3"));
  }
}
