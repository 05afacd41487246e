package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SoftmaxAttentionTest {

  private static final double ROUNDING = 1e-14; // sums of a few terms of order 1

  @Nested
  class Plain implements AttentionContract {
    @Override
    public Attention attention() {
      return SoftmaxAttention.of(0.7);
    }
  }

  @Nested
  class WithNullToken implements AttentionContract {
    @Override
    public Attention attention() {
      return SoftmaxAttention.of(0.7).withNullToken(new NullToken(0.3, row(1, -1)));
    }
  }

  @Nested
  class Mean implements AttentionContract {
    @Override
    public Attention attention() {
      return new MeanPooling();
    }
  }

  @Nested
  class Scaled implements AttentionContract {
    @Override
    public Attention attention() {
      return new ScaledAttention(-2.5, SoftmaxAttention.of(0.7));
    }
  }

  @Nested
  class Linear implements AttentionContract {
    @Override
    public Attention attention() {
      return new LinearAttention(0.4);
    }
  }

  @Test
  void weighsTwoTokensAndTheNullTokenAsWrittenOut() {
    Context context =
        new Context(column(1, 2), new SimpleMatrix(2, 1, true, 10.0, 20.0), column(0, Math.log(3)));
    SoftmaxAttention attention = SoftmaxAttention.of(2).withNullToken(new NullToken(0.5, row(-4)));
    SimpleMatrix query = row(3);
    double a = Math.exp(1.5);
    double b = 3 * Math.exp(3);
    double c = Math.exp(0.5);
    double total = a + b + c;
    assertEquals(a / total, attention.weights(query, context).get(0, 0), ROUNDING);
    assertEquals(b / total, attention.weights(query, context).get(0, 1), ROUNDING);
    assertEquals(c / total, attention.nullWeight(query, context).get(0, 0), ROUNDING);
    double out = (10 * a + 20 * b - 4 * c) / total;
    assertEquals(out, attention.attend(query, context).get(0, 0), 100 * ROUNDING);
    assertEquals(2, attention.temperature());
    assertTrue(attention.toString().contains("temperature 2.0"));
  }

  @Test
  void isInvariantToAShiftOfAllLogBiases() {
    Context context = new Plain().context("shift", 6);
    Context shifted =
        new Context(context.keys(), context.values(), context.logBiases().plus(123.25));
    SimpleMatrix queries = new Plain().queries(3);
    SimpleMatrix weights = SoftmaxAttention.of(0.7).weights(queries, context);
    // A shift by 123 leaves log biases with an error of 123 ulps.
    assertTrue(weights.isIdentical(SoftmaxAttention.of(0.7).weights(queries, shifted), 1e-13));
    SoftmaxAttention withNull = SoftmaxAttention.of(0.7).withNullToken(new NullToken(0, row(0, 0)));
    SimpleMatrix before = withNull.nullWeight(queries, context);
    assertTrue(
        withNull.nullWeight(queries, shifted).elementMaxAbs() < 1e-40 * before.elementMaxAbs());
  }

  @Test
  void survivesHugeLogits() {
    Context context = new Context(column(1e150, -1e150), column(3, 5), column(0, 0));
    assertEquals(3, SoftmaxAttention.of(1).attend(row(1e150), context).get(0, 0));
    assertEquals(5, SoftmaxAttention.of(1).attend(row(-1e150), context).get(0, 0));
    Context tied = new Context(column(1e150, 1e150), column(3, 5), column(0, 0));
    assertEquals(4, SoftmaxAttention.of(1).attend(row(1e150), tied).get(0, 0));
    Context biased = new Context(column(0, 0), column(3, 5), column(-1.7e308, 1.7e308));
    assertEquals(5, SoftmaxAttention.of(1).attend(row(0), biased).get(0, 0));
  }

  @Test
  void refusesLogitsBeyondTheLargestDouble() {
    Context context = new Context(column(1e200, -1e200), column(3, 5), column(0, 0));
    String message = message(() -> SoftmaxAttention.of(1).attend(row(1e200), context));
    assertEquals("queries: expected finite logits, got Infinity for query 0, key 0", message);
  }

  @Test
  void givesTheNullValueForNoTokens() {
    Context none = Context.of(new SimpleMatrix(0, 3), new SimpleMatrix(0, 2));
    SoftmaxAttention attention = SoftmaxAttention.of(1).withNullToken(new NullToken(9, row(7, 8)));
    assertTrue(row(7, 8).isIdentical(attention.attend(row(1, 2, 3), none), 0));
    assertEquals(1, attention.nullWeight(row(1, 2, 3), none).get(0, 0));
    assertEquals(0, attention.weights(row(1, 2, 3), none).getNumCols());
  }

  @Test
  void refusesNoTokensWithoutANullToken() {
    Context none = Context.of(new SimpleMatrix(0, 3), new SimpleMatrix(0, 2));
    for (Attention attention : new Attention[] {SoftmaxAttention.of(1), new MeanPooling()}) {
      String message = message(() -> attention.attend(row(1, 2, 3), none));
      assertTrue(message.startsWith("context: expected at least 1 token"), message);
    }
  }

  @Test
  void refusesBadParametersByName() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertTrue(message(() -> SoftmaxAttention.of(bad)).startsWith("temperature: expected"));
      assertTrue(message(() -> NullToken.ofCount(bad, row(1))).startsWith("count: expected"));
    }
    assertTrue(message(() -> new NullToken(Double.NaN, row(1))).startsWith("logit: expected"));
    assertTrue(
        message(() -> new ScaledAttention(Double.NaN, new MeanPooling())).startsWith("fact"));
    assertTrue(message(() -> new LinearAttention(Double.NaN)).startsWith("scale: expected"));
    assertThrows(ShapeMismatchException.class, () -> new NullToken(0, column(1, 2)));
    SoftmaxAttention narrow = SoftmaxAttention.of(1).withNullToken(new NullToken(0, row(1)));
    Context context = new Plain().context("narrow", 4);
    String message = message(() -> narrow.attend(new Plain().queries(1), context));
    assertEquals("null token's value: expected width 2 (as values), got 1", message);
  }

  @Test
  void averagesWithMeanPooling() {
    Context context = Context.of(new SimpleMatrix(4, 1), column(1, 2, 3, 6));
    assertEquals(3, new MeanPooling().attend(column(5, 6), context).get(1, 0), ROUNDING);
    assertEquals(0.25, new MeanPooling().weights(column(5, 6), context).get(1, 3), ROUNDING);
    assertEquals(0, new MeanPooling().nullWeight(column(5, 6), context).get(1, 0));
  }

  @Test
  void sumsWithLinearAttention() {
    Context context = Context.of(column(1, -2), column(3, 5));
    assertEquals(0.5 * 7 * (3 - 10), new LinearAttention(0.5).attend(row(7), context).get(0, 0));
    Context none = Context.of(new SimpleMatrix(0, 1), new SimpleMatrix(0, 1));
    assertEquals(0, new LinearAttention(0.5).attend(row(7), none).get(0, 0));
    Context huge = new Context(column(1), column(1), column(1e3));
    String message = message(() -> new LinearAttention(0.5).attend(row(7), huge));
    assertTrue(message.startsWith("logBiases: expected a finite number of copies"), message);
  }

  private static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  private static SimpleMatrix column(double... numbers) {
    return new SimpleMatrix(numbers.length, 1, true, numbers);
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
