package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class MultiHeadAttentionTest implements AttentionContract {

  private static final SimpleMatrix QUERY_MAP = normal("query", 2, 3);
  private static final SimpleMatrix KEY_MAP = normal("key", 2, 3);
  private static final SimpleMatrix VALUE_MAP = normal("value", 4, 2);
  private static final SimpleMatrix OUTPUT_MAP = normal("output", 5, 4);

  private static SimpleMatrix normal(String name, int rows, int columns) {
    RandomGenerator rng = Seed.of(31).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static Head mapped() {
    return Head.of(SoftmaxAttention.of(0.8))
        .withQueryMap(QUERY_MAP)
        .withKeyMap(KEY_MAP)
        .withValueMap(VALUE_MAP)
        .withOutputMap(OUTPUT_MAP);
  }

  @Override
  public Attention attention() {
    Head second = Head.of(SoftmaxAttention.of(2)).withOutputMap(normal("second", 5, 2));
    return MultiHeadAttention.of(mapped(), second);
  }

  @Test
  void aHeadAppliesItsMaps() {
    Context context = context("maps", 7);
    SimpleMatrix queries = queries(3);
    Context inside =
        new Context(
            context.keys().mult(KEY_MAP.transpose()),
            context.values().mult(VALUE_MAP.transpose()),
            context.logBiases());
    SimpleMatrix expected =
        SoftmaxAttention.of(0.8)
            .attend(queries.mult(QUERY_MAP.transpose()), inside)
            .mult(OUTPUT_MAP.transpose());
    assertTrue(expected.isIdentical(mapped().attend(queries, context), 1e-13));
  }

  /** What is even in the query cancels: a constant added to every value changes nothing. */
  @Test
  void oppositeHeadsIgnoreAConstant() {
    Attention opposite = MultiHeadAttention.opposite(SoftmaxAttention.of(0.5), 3, 2);
    Context context = context("opposite", 8);
    Context shifted = new Context(context.keys(), context.values().plus(10), context.logBiases());
    SimpleMatrix queries = queries(2);
    SimpleMatrix out = opposite.attend(queries, context);
    assertTrue(out.isIdentical(opposite.attend(queries, shifted), 1e-13));
    assertTrue(out.isIdentical(opposite.attend(queries.scale(-1), context).scale(-1), 1e-14));
  }

  @Test
  void mapsThatDoNotFitAreRefusedByName() {
    Head wrong = Head.of(SoftmaxAttention.of(1)).withValueMap(normal("wrong", 2, 3));
    Exception error =
        assertThrows(
            ShapeMismatchException.class, () -> wrong.attend(queries(1), context("fit", 3)));
    assertEquals("valueMap: expected width 2 (as the rows it maps), got 3", error.getMessage());
    MultiHeadAttention uneven = MultiHeadAttention.of(Head.of(SoftmaxAttention.of(1)), mapped());
    assertThrows(ShapeMismatchException.class, () -> uneven.attend(queries(1), context("fit", 3)));
    assertThrows(IllegalArgumentException.class, MultiHeadAttention::of);
  }
}
