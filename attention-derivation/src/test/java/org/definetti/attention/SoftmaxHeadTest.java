package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SoftmaxHeadTest {

  private static final double TOLERANCE = 1e-13; // a few dozen terms of order 1

  @Nested
  class Full implements AttentionContract {
    @Override
    public Attention attention() {
      return SoftmaxHead.of(parameters(true, true));
    }
  }

  @Nested
  class IdentityValuesWithoutNullToken implements AttentionContract {
    @Override
    public Attention attention() {
      return SoftmaxHead.of(parameters(false, false));
    }
  }

  @Test
  void equalsTheFormulaWrittenOut() {
    Map<String, SimpleMatrix> p = parameters(true, true);
    SoftmaxHead head = SoftmaxHead.of(p);
    Context context = new Full().context("brute force", 7);
    SimpleMatrix queries = new Full().queries(3);
    for (int i = 0; i < 3; i++) {
      double[] weights = bruteForceWeights(p, queries, i, context);
      double[] expected = bruteForceOutput(p, weights, context);
      for (int j = 0; j < 2; j++) {
        assertEquals(expected[j], head.attend(queries, context).get(i, j), TOLERANCE);
      }
      for (int l = 0; l < 7; l++) {
        assertEquals(weights[l], head.weights(queries, context).get(i, l), TOLERANCE);
      }
      assertEquals(weights[7], head.nullWeight(queries, context).get(i, 0), TOLERANCE);
    }
  }

  private static double[] bruteForceWeights(
      Map<String, SimpleMatrix> p, SimpleMatrix queries, int i, Context context) {
    double[] weights = new double[8];
    double total = 0;
    for (int l = 0; l < 8; l++) {
      double logit = l < 7 ? context.logBiases().get(l, 0) : get(p, "null.logit", 0, 0);
      for (int a = 0; l < 7 && a < 4; a++) {
        double query = get(p, "query.bias", 0, a);
        double key = 0;
        for (int b = 0; b < 3; b++) {
          query += get(p, "query.map", a, b) * queries.get(i, b);
          key += get(p, "key.map", a, b) * context.keys().get(l, b);
        }
        logit += query * key / 2; // √h = 2
      }
      weights[l] = Math.exp(logit);
      total += weights[l];
    }
    for (int l = 0; l < 8; l++) {
      weights[l] /= total;
    }
    return weights;
  }

  private static double[] bruteForceOutput(
      Map<String, SimpleMatrix> p, double[] weights, Context context) {
    double[] out = new double[2];
    for (int j = 0; j < 2; j++) {
      out[j] = get(p, "readout.bias", 0, j);
      for (int a = 0; a < 5; a++) {
        double mixed = weights[7] * get(p, "null.value", 0, a);
        for (int l = 0; l < 7; l++) {
          for (int b = 0; b < 2; b++) {
            mixed += weights[l] * get(p, "value.map", a, b) * context.values().get(l, b);
          }
        }
        out[j] += get(p, "readout.map", j, a) * mixed;
      }
    }
    return out;
  }

  private static double get(Map<String, SimpleMatrix> p, String name, int i, int j) {
    SimpleMatrix matrix = p.get(name);
    assertNotNull(matrix);
    return matrix.get(i, j);
  }

  @Test
  void isTheNullTokenHeadForZeroMaps() {
    Map<String, SimpleMatrix> p = parameters(true, false);
    for (String name : List.of("query.map", "query.bias", "key.map")) {
      p.computeIfPresent(name, (ignored, matrix) -> matrix.scale(0));
    }
    SimpleMatrix prior = new SimpleMatrix(1, 2, true, 5.0, -6.0);
    p.put("null.logit", new SimpleMatrix(1, 1, true, Math.log(3)));
    p.put("null.value", prior);
    Context context = new Full().context("zero maps", 7);
    SimpleMatrix plain =
        SoftmaxAttention.of(1)
            .withNullToken(NullToken.ofCount(3, prior))
            .attend(new SimpleMatrix(1, 3), context);
    assertTrue(SoftmaxHead.of(p).attend(new SimpleMatrix(1, 3), context).isIdentical(plain, 1e-15));
  }

  @Test
  void keepsItsParameters() {
    Map<String, SimpleMatrix> p = parameters(true, true);
    SoftmaxHead head = SoftmaxHead.of(p);
    assertEquals(List.copyOf(p.keySet()), head.parameterNames());
    assertEquals(4, head.headWidth());
    assertNotNull(head.nullToken());
    assertNull(SoftmaxHead.of(parameters(false, true)).nullToken());
    for (Map.Entry<String, SimpleMatrix> entry : p.entrySet()) {
      assertTrue(head.parameter(entry.getKey()).isIdentical(entry.getValue(), 0));
    }
    assertTrue(head.toString().contains("null.logit"));
  }

  @Test
  void refusesBadParametersByName() {
    assertRefused("query.map", new SimpleMatrix(4, 9), "key.map: expected shape (4, 9)");
    assertRefused("query.bias", new SimpleMatrix(1, 3), "query.bias: expected shape (1, 4)");
    assertRefused("readout.map", new SimpleMatrix(2, 3), "readout.map: expected shape (any, 5)");
    assertRefused("readout.bias", new SimpleMatrix(1, 3), "readout.bias: expected shape (1, 2)");
    assertRefused("null.value", new SimpleMatrix(1, 3), "null.value: expected shape (1, 5)");
    assertRefused("value.mop", new SimpleMatrix(1, 1), "parameters: expected names of");
    for (String name : List.of("query.map", "null.logit", "value.map", "readout.bias")) {
      Map<String, SimpleMatrix> p = parameters(true, true);
      p.remove(name);
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> SoftmaxHead.of(p)).getMessage());
      assertTrue(message.startsWith("parameters: expected " + name), message);
    }
  }

  private static void assertRefused(String name, SimpleMatrix value, String expected) {
    Map<String, SimpleMatrix> p = parameters(true, true);
    p.put(name, value);
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> SoftmaxHead.of(p)).getMessage());
    assertTrue(message.startsWith(expected), message);
  }

  private static Map<String, SimpleMatrix> parameters(boolean nullToken, boolean maps) {
    Map<String, SimpleMatrix> p = new LinkedHashMap<>();
    p.put("query.map", normal("query.map", 4, 3));
    p.put("query.bias", normal("query.bias", 1, 4));
    p.put("key.map", normal("key.map", 4, 3));
    if (maps) {
      p.put("value.map", normal("value.map", 5, 2));
    }
    if (nullToken) {
      p.put("null.logit", normal("null.logit", 1, 1));
      p.put("null.value", normal("null.value", 1, maps ? 5 : 2));
    }
    if (maps) {
      p.put("readout.map", normal("readout.map", 2, 5));
      p.put("readout.bias", normal("readout.bias", 1, 2));
    }
    return p;
  }

  private static SimpleMatrix normal(String name, int rows, int columns) {
    RandomGenerator rng = Seed.of(5).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
