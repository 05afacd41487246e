package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinearHeadTest {

  /** A handful of products and sums of numbers of order one. */
  private static final double ROUNDING = 1e-13;

  private static final SimpleMatrix IDENTITY = SimpleMatrix.identity(3);

  private static Map<String, SimpleMatrix> maps() {
    return Map.of(
        "query.map", new SimpleMatrix(2, 3, true, 0.5, -1, 0.3, 0.2, 0.8, -0.4),
        "query.bias", new SimpleMatrix(1, 2, true, 0.1, -0.2),
        "key.map", new SimpleMatrix(2, 3, true, -0.7, 0.4, 0.9, 1.1, -0.3, 0.6),
        "key.bias", new SimpleMatrix(1, 2, true, 0.3, 0.4));
  }

  private static Map<String, SimpleMatrix> none() {
    SimpleMatrix zero = new SimpleMatrix(1, 3);
    return Map.of("query.map", IDENTITY, "query.bias", zero, "key.map", IDENTITY, "key.bias", zero);
  }

  @Nested
  class Sum implements AttentionContract {
    @Override
    public Attention attention() {
      return LinearHead.of(maps(), FeatureMap.IDENTITY, Divisor.NONE);
    }

    /** Without maps it is linear attention. */
    @Test
    void isLinearAttentionWithoutMaps() {
      Context context = context("plain", 6);
      SimpleMatrix queries = queries(2);
      SimpleMatrix out =
          LinearHead.of(none(), FeatureMap.IDENTITY, Divisor.NONE).attend(queries, context);
      assertTrue(out.isIdentical(new LinearAttention(1).attend(queries, context), ROUNDING));
    }
  }

  @Nested
  class ByLength implements AttentionContract {
    @Override
    public Attention attention() {
      return LinearHead.of(maps(), FeatureMap.ELU_PLUS_ONE, Divisor.LENGTH);
    }

    @Test
    void emptyContextGivesZero() {
      SimpleMatrix out = attention().attend(queries(1), context("empty", 0));
      assertEquals(0, out.normF());
    }
  }

  @Nested
  class ByWeights implements AttentionContract {
    @Override
    public Attention attention() {
      return LinearHead.of(maps(), FeatureMap.ELU_PLUS_ONE, Divisor.WEIGHTS);
    }

    /** One query against plain loops. */
    @Test
    void averagesTheValuesByFeatureProducts() {
      Context context = Context.of(context("loops", 4).keys(), context("loops", 4).values());
      SimpleMatrix q = queries(1);
      double total = 0;
      double[] sum = new double[2];
      for (int l = 0; l < 4; l++) {
        double weight = 0;
        for (int i = 0; i < 2; i++) {
          double asked = maps().get("query.bias").get(i);
          double seen = maps().get("key.bias").get(i);
          for (int j = 0; j < 3; j++) {
            asked += maps().get("query.map").get(i, j) * q.get(j);
            seen += maps().get("key.map").get(i, j) * context.keys().get(l, j);
          }
          weight += elu(asked) * elu(seen);
        }
        total += weight;
        for (int j = 0; j < 2; j++) {
          sum[j] += weight * context.values().get(l, j);
        }
      }
      SimpleMatrix out = attention().attend(q, context);
      for (int j = 0; j < 2; j++) {
        assertEquals(sum[j] / total, out.get(0, j), ROUNDING);
      }
    }

    private double elu(double x) {
      return x > 0 ? 1 + x : Math.exp(x);
    }

    @Test
    void emptyContextIsRefused() {
      assertThrows(
          IllegalArgumentException.class,
          () -> attention().attend(queries(1), context("empty", 0)));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearHead.of(maps(), FeatureMap.IDENTITY, Divisor.WEIGHTS));
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearHead.of(Map.of(), FeatureMap.IDENTITY, Divisor.NONE));
    Map<String, SimpleMatrix> wrong = new HashMap<>(maps());
    wrong.put("key.map", IDENTITY);
    assertThrows(
        ShapeMismatchException.class,
        () -> LinearHead.of(wrong, FeatureMap.IDENTITY, Divisor.NONE));
  }
}
