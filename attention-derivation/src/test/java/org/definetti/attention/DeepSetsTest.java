package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DeepSetsTest {

  /** A handful of products and sums of numbers of order one. */
  private static final double ROUNDING = 1e-13;

  private static Map<String, SimpleMatrix> parameters() {
    Map<String, SimpleMatrix> parameters = new HashMap<>();
    put(parameters, "token.first", 4, 5);
    put(parameters, "token.second", 4, 4);
    put(parameters, "set.first", 4, 7);
    put(parameters, "set.second", 2, 4);
    return parameters;
  }

  private static void put(
      Map<String, SimpleMatrix> parameters, String name, int rows, int columns) {
    parameters.put(name + ".map", normal(name, rows, columns));
    parameters.put(name + ".bias", normal(name, 1, rows));
  }

  private static SimpleMatrix normal(String name, int rows, int columns) {
    RandomGenerator rng = Seed.of(41).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  @Nested
  class Mean implements AttentionContract {
    @Override
    public Attention attention() {
      return DeepSets.of(parameters(), Activation.GELU, Pooling.MEAN);
    }

    /** It forgets how many tokens it saw (A7): every token twice changes nothing. */
    @Test
    void forgetsTheLength() {
      Context once = context("once", 4);
      Context twice =
          new Context(
              once.keys().concatRows(once.keys()),
              once.values().concatRows(once.values()),
              once.logBiases().concatRows(once.logBiases()));
      SimpleMatrix queries = queries(2);
      assertTrue(
          attention()
              .attend(queries, once)
              .isIdentical(attention().attend(queries, twice), ROUNDING));
    }

    @Test
    void emptyContextIsRefused() {
      assertThrows(
          IllegalArgumentException.class,
          () -> attention().attend(queries(1), context("empty", 0)));
    }
  }

  @Nested
  class Sum implements AttentionContract {
    @Override
    public Attention attention() {
      return DeepSets.of(parameters(), Activation.RELU, Pooling.SUM);
    }

    @Test
    void emptyContextIsAPoolOfZero() {
      assertEquals(2, attention().attend(queries(3), context("empty", 0)).getNumCols());
    }
  }

  /** Built by hand: x = relu(x) - relu(-x) passes both networks, so the mean comes out. */
  @Test
  void reproducesMeanPooling() {
    SimpleMatrix both = new SimpleMatrix(2, 1, true, 1.0, -1.0);
    SimpleMatrix back = new SimpleMatrix(1, 2, true, 1.0, -1.0);
    Map<String, SimpleMatrix> byHand = new HashMap<>();
    byHand.put("token.first.map", new SimpleMatrix(2, 1).concatColumns(both));
    byHand.put("token.first.bias", new SimpleMatrix(1, 2));
    byHand.put("token.second.map", SimpleMatrix.identity(2));
    byHand.put("token.second.bias", new SimpleMatrix(1, 2));
    byHand.put("set.first.map", SimpleMatrix.identity(2).concatColumns(new SimpleMatrix(2, 1)));
    byHand.put("set.first.bias", new SimpleMatrix(1, 2));
    byHand.put("set.second.map", back);
    byHand.put("set.second.bias", new SimpleMatrix(1, 1));
    Context context = Context.of(normal("keys", 6, 1), normal("values", 6, 1));
    SimpleMatrix queries = normal("queries", 3, 1);
    assertTrue(
        DeepSets.of(byHand, Activation.RELU, Pooling.MEAN)
            .attend(queries, context)
            .isIdentical(new MeanPooling().attend(queries, context), ROUNDING));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Map<String, SimpleMatrix> wrong = parameters();
    wrong.put("token.second.map", new SimpleMatrix(4, 3));
    Exception error =
        assertThrows(
            ShapeMismatchException.class, () -> DeepSets.of(wrong, Activation.RELU, Pooling.MEAN));
    assertTrue(String.valueOf(error.getMessage()).startsWith("token.second.map: expected"));
    assertThrows(
        IllegalArgumentException.class, () -> DeepSets.of(Map.of(), Activation.RELU, Pooling.MEAN));
  }
}
