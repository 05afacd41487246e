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

/**
 * What every attention whose row order carries no meaning must satisfy; implement it in the test of
 * an attention, an own one included.
 */
public interface AttentionContract {

  /** Sums of at most a few dozen terms in another order: rounding times a modest condition. */
  double TOLERANCE = 1e-11;

  /** Returns the attention under test. */
  Attention attention();

  /** Returns the width of its keys and queries; 3 unless overridden. */
  default int keyWidth() {
    return 3;
  }

  /** Returns the width of its values; 2 unless overridden. */
  default int valueWidth() {
    return 2;
  }

  /** Returns whether a token with log bias log c counts as c copies of itself; true unless not. */
  default boolean biasesAreCopies() {
    return true;
  }

  /** The order of tokens carries no meaning. */
  @Test
  default void isInvariantToTheOrderOfTokens() {
    for (int length : new int[] {5, 12}) {
      Context context = context("order", length);
      int[] order = new int[length];
      for (int l = 0; l < length; l++) {
        order[l] = (7 * l + 3) % length; // 7 has no factor in common with 5 or 12
      }
      SimpleMatrix queries = queries(4);
      assertClose(
          attention().attend(queries, context), attention().attend(queries, rows(context, order)));
    }
  }

  /** A batch of queries gives what one query at a time gives, to the last bit. */
  @Test
  default void answersEveryQueryOfABatchAsIfAlone() {
    Context context = context("batch", 9);
    SimpleMatrix queries = queries(4);
    SimpleMatrix batch = attention().attend(queries, context);
    assertEquals(4, batch.getNumRows());
    for (int i = 0; i < 4; i++) {
      SimpleMatrix alone = attention().attend(queries.rows(i, i + 1), context);
      assertTrue(alone.isIdentical(batch.rows(i, i + 1), TOLERANCE), "query " + i);
    }
  }

  /** A token with log bias log 2 is the same as the token twice. */
  @Test
  default void countsALogBiasAsCopies() {
    if (!biasesAreCopies()) {
      return;
    }
    for (int length : new int[] {2, 9}) { // below and above the width: dual and primal
      Context context = context("copies", length);
      int[] twice = new int[length + 1];
      SimpleMatrix biases = context.logBiases().copy();
      for (int l = 0; l < length; l++) {
        twice[l] = l;
      }
      twice[length] = 1;
      biases.set(1, 0, biases.get(1, 0) + Math.log(2));
      Context biased = new Context(context.keys(), context.values(), biases);
      SimpleMatrix queries = queries(3);
      assertClose(
          attention().attend(queries, rows(context, twice)), attention().attend(queries, biased));
    }
  }

  /** Arguments are left as they were, and a second call gives the same bits. */
  @Test
  default void leavesItsArgumentsAlone() {
    Context context = context("untouched", 6);
    SimpleMatrix queries = queries(2);
    SimpleMatrix first = attention().attend(queries, context);
    assertTrue(first.isIdentical(attention().attend(queries, context), 0));
    assertTrue(queries.isIdentical(queries(2), 0));
    assertTrue(context.values().isIdentical(context("untouched", 6).values(), 0));
    assertTrue(context.keys().isIdentical(context("untouched", 6).keys(), 0));
  }

  /** Queries of another width are refused by name. */
  @Test
  default void refusesQueriesOfAnotherWidth() {
    SimpleMatrix wide = new SimpleMatrix(1, keyWidth() + 1);
    ShapeMismatchException refusal =
        assertThrows(
            ShapeMismatchException.class, () -> attention().attend(wide, context("wide", 4)));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith("queries: expected width"));
  }

  /** A query that is not finite is refused by name. */
  @Test
  default void refusesQueriesThatAreNotFinite() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      SimpleMatrix queries = queries(2);
      queries.set(1, 0, bad);
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> attention().attend(queries, context("bad", 4)));
      assertTrue(String.valueOf(refusal.getMessage()).startsWith("queries: expected finite"));
    }
  }

  /** Returns a context of standard normal keys and values with small log biases. */
  default Context context(String name, int length) {
    RandomGenerator rng = Seed.of(11).child(name).child(length).generator();
    return new Context(
        normal(length, keyWidth(), rng),
        normal(length, valueWidth(), rng),
        normal(length, 1, rng).scale(0.1));
  }

  /** Returns standard normal queries. */
  default SimpleMatrix queries(int count) {
    return normal(count, keyWidth(), Seed.of(12).child(count).generator());
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static Context rows(Context context, int[] order) {
    return new Context(
        pick(context.keys(), order),
        pick(context.values(), order),
        pick(context.logBiases(), order));
  }

  private static SimpleMatrix pick(SimpleMatrix matrix, int[] order) {
    SimpleMatrix picked = new SimpleMatrix(order.length, matrix.getNumCols());
    for (int i = 0; i < order.length; i++) {
      for (int j = 0; j < matrix.getNumCols(); j++) {
        picked.set(i, j, matrix.get(order[i], j));
      }
    }
    return picked;
  }

  private static void assertClose(SimpleMatrix expected, SimpleMatrix actual) {
    double scale = Math.max(1, expected.elementMaxAbs());
    assertTrue(
        expected.isIdentical(actual, TOLERANCE * scale),
        () -> "expected " + expected + " got " + actual);
  }
}
