package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

class CausalAttentionProperties {

  // Sums of at most 40 terms of the values' magnitude in two orders.
  private static final double ROUNDING = 1e-12;

  /** One pass of running sums is the masked head, for any weight of the prior and any copies. */
  @Property(seed = "71", tries = 60)
  void runningSumsAreTheMask(
      @ForAll @IntRange(min = 0, max = 40) int length,
      @ForAll @DoubleRange(min = -12, max = 12) double logit,
      @ForAll @IntRange(max = 1000) int draw) {
    Context context = context(length, draw);
    NullToken prior = new NullToken(logit, normal(1, 2, Seed.of(draw).child("prior").generator()));
    SimpleMatrix masked =
        CausalAttention.past(SoftmaxAttention.of(1).withNullToken(prior))
            .attend(new SimpleMatrix(length + 1, 3), context);
    SimpleMatrix summed = new CausalNullHead(prior).prefixes(context);
    double scale = Math.max(1, masked.elementMaxAbs());
    assertTrue(masked.isIdentical(summed, ROUNDING * scale));
  }

  /** Rows to come change nothing, bit for bit, and what follows a prefix continues it. */
  @Property(seed = "72", tries = 60)
  void prefixesOfASequenceAreThoseOfItsPrefix(
      @ForAll @IntRange(min = 1, max = 40) int length, @ForAll @IntRange(max = 1000) int draw) {
    Context context = context(length, draw);
    NullToken prior = NullToken.ofCount(1.5, new SimpleMatrix(1, 2));
    CausalNullHead head = new CausalNullHead(prior);
    SimpleMatrix all = head.prefixes(context);
    int shorter = draw % length;
    SimpleMatrix first = head.prefixes(context.prefix(shorter));
    assertTrue(first.isIdentical(all.rows(0, shorter + 1), 0));
  }

  private static Context context(int length, int draw) {
    RandomGenerator rng = Seed.of(draw).child(length).generator();
    return new Context(
        normal(length, 3, rng), normal(length, 2, rng), normal(length, 1, rng).scale(2));
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
