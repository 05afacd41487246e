package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.definetti.kernel.LinearKernel;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

class AttentionProperties {

  @Property(tries = 1000, seed = "1")
  void softmaxWeightsSumToOneAndMakeTheOutput(
      @ForAll @IntRange(min = 0, max = 40) int length,
      @ForAll @DoubleRange(min = -200, max = 150) double logScale,
      @ForAll long seed) {
    Context context = context(length, seed);
    NullToken prior = new NullToken(0.5, normal(1, 2, seed, "prior"));
    WeightedAttention attention = SoftmaxAttention.of(0.4).withNullToken(prior);
    SimpleMatrix queries = normal(2, 3, seed, "queries").scale(Math.pow(10, logScale));
    SimpleMatrix weights = attention.weights(queries, context);
    SimpleMatrix nullWeight = attention.nullWeight(queries, context);
    SimpleMatrix out = attention.attend(queries, context);
    for (int i = 0; i < 2; i++) {
      double total = nullWeight.get(i, 0);
      double mixed = nullWeight.get(i, 0) * prior.value().get(0, 1);
      for (int l = 0; l < length; l++) {
        assertTrue(weights.get(i, l) >= 0 && weights.get(i, l) <= 1);
        total += weights.get(i, l);
        mixed += weights.get(i, l) * context.values().get(l, 1);
      }
      assertEquals(1, total, 1e-14 * (length + 1));
      assertEquals(mixed, out.get(i, 1), 1e-14 * (length + 1));
    }
  }

  @Property(tries = 200, seed = "2")
  void primalEqualsDual(
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @DoubleRange(min = 0.01, max = 100) double ridge,
      @ForAll long seed) {
    Context context = context(length, seed);
    SimpleMatrix queries = normal(2, 3, seed, "queries");
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), ridge);
    // The condition number is at most 1 + |K|² / ridge, here some 10^4.
    SimpleMatrix dual = attention.attendDual(queries, context);
    assertTrue(attention.attendPrimal(queries, context).isIdentical(dual, 1e-10));
    SimpleMatrix variance = attention.varianceDual(queries, context, ridge);
    assertTrue(attention.variancePrimal(queries, context, ridge).isIdentical(variance, 1e-10));
    assertTrue(variance.elementMin() >= ridge * (1 - 1e-10));
  }

  @Property(tries = 100, seed = "3")
  void aTokenMoreNeverRaisesTheVariance(
      @ForAll @IntRange(min = 0, max = 12) int length, @ForAll long seed) {
    Context longer = context(length + 1, seed);
    SimpleMatrix biases = new SimpleMatrix(length, 1);
    Context shorter =
        new Context(longer.keys().rows(0, length), longer.values().rows(0, length), biases);
    Context whole = Context.of(longer.keys(), longer.values());
    SimpleMatrix queries = normal(2, 3, seed, "queries");
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), 0.5);
    SimpleMatrix before = attention.predictiveVariance(queries, shorter, 0.5);
    SimpleMatrix after = attention.predictiveVariance(queries, whole, 0.5);
    assertTrue(before.minus(after).elementMin() > -1e-12 * before.elementMaxAbs());
  }

  /** Queries and keys scaled by s and the temperature by s² leave every weight. */
  @Property(tries = 200, seed = "4")
  void softmaxIsInvariantToJointRescaling(
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @DoubleRange(min = 0.01, max = 100) double scale,
      @ForAll long seed) {
    Context context = context(length, seed);
    Context scaled =
        new Context(context.keys().scale(scale), context.values(), context.logBiases());
    SimpleMatrix queries = normal(2, 3, seed, "queries");
    for (double temperature : new double[] {0.5, 3}) {
      double hot = temperature * scale * scale;
      SimpleMatrix expected = SoftmaxAttention.of(temperature).attend(queries, context);
      assertTrue(
          expected.isIdentical(
              SoftmaxAttention.of(hot).attend(queries.scale(scale), scaled), 1e-11));
      SimpleMatrix kernel = new NadarayaWatsonAttention(temperature).attend(queries, context);
      assertTrue(
          kernel.isIdentical(
              new NadarayaWatsonAttention(hot).attend(queries.scale(scale), scaled), 1e-10));
    }
    // Kernel ridge: keys scaled by s, ridge by s².
    SimpleMatrix ridge = KernelRidgeAttention.of(new LinearKernel(), 1).attend(queries, context);
    SimpleMatrix other =
        KernelRidgeAttention.of(new LinearKernel(), scale * scale)
            .attend(queries.scale(scale), scaled);
    assertTrue(ridge.isIdentical(other, 1e-9 * Math.max(1, ridge.elementMaxAbs())));
  }

  /** One number added to every log bias of softmax without a null token changes nothing. */
  @Property(tries = 200, seed = "5")
  void softmaxIsInvariantToAShiftOfLogits(
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @DoubleRange(min = -600, max = 600) double shift,
      @ForAll long seed) {
    Context context = context(length, seed);
    Context shifted =
        new Context(context.keys(), context.values(), context.logBiases().plus(shift));
    SimpleMatrix queries = normal(2, 3, seed, "queries");
    for (Attention form :
        new Attention[] {SoftmaxAttention.of(0.7), new NadarayaWatsonAttention(0.7)}) {
      // A logit near 600 has rounding 1e-13, which is then a relative error of a weight.
      assertTrue(form.attend(queries, context).isIdentical(form.attend(queries, shifted), 1e-10));
    }
  }

  /** Keys on one line, equal keys among them: the ridge keeps every system definite. */
  @Property(tries = 100, seed = "6")
  void collinearKeysAreNoObstacle(
      @ForAll @IntRange(min = 1, max = 20) int length, @ForAll long seed) {
    SimpleMatrix line = normal(1, 3, seed, "line");
    SimpleMatrix keys = normal(length, 1, seed, "positions").mult(line);
    for (int j = 0; j < 3; j++) {
      keys.set(length - 1, j, keys.get(0, j)); // a duplicate
    }
    Context context = Context.of(keys, normal(length, 2, seed, "values"));
    SimpleMatrix queries = normal(2, 3, seed, "queries");
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), 0.1);
    SimpleMatrix dual = attention.attendDual(queries, context);
    assertTrue(attention.attendPrimal(queries, context).isIdentical(dual, 1e-9));
    // A query across the line is at the prior: no token says anything about it.
    SimpleMatrix across =
        new SimpleMatrix(1, 3, true, line.get(1), -line.get(0), 0); // at right angles to it
    assertTrue(attention.attend(across, context).elementMaxAbs() < 1e-9);
  }

  private static Context context(int length, long seed) {
    return new Context(
        normal(length, 3, seed, "keys"),
        normal(length, 2, seed, "values"),
        normal(length, 1, seed, "biases"));
  }

  private static SimpleMatrix normal(int rows, int columns, long seed, String name) {
    RandomGenerator rng = Seed.of(seed).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
