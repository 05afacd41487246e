package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.kernel.RbfKernel;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class CausalAttentionTest {

  private static final double ROUNDING = 1e-12;
  private static final NullToken PRIOR =
      NullToken.ofCount(2.5, new SimpleMatrix(1, 2, true, 0.3, -1));
  private static final Attention SOFTMAX = SoftmaxAttention.of(0.7).withNullToken(PRIOR);

  /** Row by row: what comes after position i cannot change output i. */
  @Test
  void theFutureIsNotSeen() {
    Context context = context(9);
    SimpleMatrix queries = normal("queries", 9, 3);
    for (CausalAttention causal :
        new CausalAttention[] {
          CausalAttention.past(SOFTMAX),
          CausalAttention.pastAndSelf(SoftmaxAttention.of(0.7)),
          CausalAttention.past(KernelRidgeAttention.of(new RbfKernel(0.5), 0.3))
        }) {
      SimpleMatrix all = causal.attend(queries, context);
      for (int i = 0; i < 9; i++) {
        int seen = causal.seesSelf() ? i + 1 : i;
        SimpleMatrix alone = causal.inner().attend(queries.rows(i, i + 1), context.prefix(seen));
        assertTrue(alone.isIdentical(all.rows(i, i + 1), 0), "position " + i);
      }
      SimpleMatrix few = causal.attend(queries.rows(0, 4), context);
      assertTrue(few.isIdentical(all.rows(0, 4), 0));
    }
  }

  @Test
  void nullHeadByRunningSumsIsTheMaskedHead() {
    Attention flat = SoftmaxAttention.of(1).withNullToken(PRIOR);
    CausalNullHead head = new CausalNullHead(PRIOR);
    for (int length : new int[] {0, 1, 8, 65}) {
      Context context = context(length);
      SimpleMatrix zeros = new SimpleMatrix(length + 1, 3);
      SimpleMatrix masked = CausalAttention.past(flat).attend(zeros, context);
      assertTrue(masked.isIdentical(head.prefixes(context), ROUNDING));
      assertTrue(masked.rows(0, 1).isIdentical(PRIOR.value(), 1e-15));
      for (int i = 0; i <= length; i++) {
        SimpleMatrix weight =
            SoftmaxAttention.of(1)
                .withNullToken(PRIOR)
                .nullWeight(zeros.rows(0, 1), context.prefix(i));
        assertEquals(weight.get(0, 0), head.nullWeights(context).get(i, 0), ROUNDING);
      }
    }
  }

  /** Alternating huge values: a plain running sum loses the small ones. */
  @Test
  void runningSumsLoseNothing() {
    int length = 2000;
    double[] values = new double[length];
    for (int l = 0; l < length; l++) {
      values[l] = l % 2 == 0 ? 1e16 : l % 4 == 1 ? -1e16 + 2 : -1e16;
    }
    Context context =
        Context.of(new SimpleMatrix(length, 0), new SimpleMatrix(length, 1, true, values));
    NullToken zero = NullToken.ofCount(1, new SimpleMatrix(1, 1));
    double last = new CausalNullHead(zero).prefixes(context).get(length, 0);
    assertEquals(2.0 * length / 4 / (length + 1), last, ROUNDING);
  }

  @Test
  void isThePosteriorMeanAtEveryPrefix() {
    GaussianMean gaussian = GaussianMean.of(2, 0.4, 1.3);
    Tokens tokens = gaussian.sample(40, Seed.of(4).generator()).tokens();
    SimpleMatrix out = CausalNullHead.of(gaussian).prefixes(Context.of(gaussian, tokens));
    for (int t = 0; t <= 40; t++) {
      for (int j = 0; j < 2; j++) { // precision-weighted average, written out
        double sum = 0;
        for (int l = 0; l < t; l++) {
          sum += tokens.at(l, j);
        }
        assertEquals(sum / 1.3 / (1 / 0.4 + t / 1.3), out.get(t, j), ROUNDING);
      }
    }
    DirichletCategorical dirichlet = DirichletCategorical.of(0.5, 2);
    Tokens ones = Tokens.ofRows(dirichlet.tokenSpace(), new double[] {1, 1, 1});
    SimpleMatrix rows = CausalNullHead.of(dirichlet).prefixes(Context.of(dirichlet, ones));
    assertEquals(5 / 5.5, rows.get(3, 1), 1e-15);
  }

  /** One layer cannot tell the order of the past at its last position; two layers can. */
  @Test
  void oneLayerForgetsTheOrderOfThePastAndTwoDoNot() {
    Attention head =
        Head.of(SOFTMAX)
            .withQueryMap(normal("query map", 2, 2))
            .withKeyMap(normal("key map", 2, 2));
    SimpleMatrix rows = normal("rows", 6, 2);
    SimpleMatrix reordered = reorder(rows, 3, 1, 4, 0, 2, 5);
    for (CausalStack one :
        new CausalStack[] {CausalStack.of(head), CausalStack.of(head).withResidual()}) {
      assertTrue(last(one, rows).isIdentical(last(one, reordered), ROUNDING));
    }
    for (CausalStack two :
        new CausalStack[] {CausalStack.of(head, head), CausalStack.of(head, head).withResidual()}) {
      assertTrue(last(two, rows).minus(last(two, reordered)).normF() > 1e-3);
    }
    // The exception that tests the rule: an order among equal tokens is none.
    CausalStack two = CausalStack.of(head, head);
    SimpleMatrix equal = reorder(rows, 0, 0, 0, 0, 0, 5);
    assertTrue(last(two, equal).isIdentical(last(two, reorder(equal, 1, 0, 3, 2, 4, 5)), 0));
  }

  private static SimpleMatrix last(CausalStack stack, SimpleMatrix rows) {
    SimpleMatrix out = stack.transform(rows);
    return out.rows(out.getNumRows() - 1, out.getNumRows());
  }

  private static SimpleMatrix reorder(SimpleMatrix rows, int... order) {
    double[] numbers = new double[order.length * rows.getNumCols()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = rows.get(order[i / rows.getNumCols()], i % rows.getNumCols());
    }
    return new SimpleMatrix(order.length, rows.getNumCols(), true, numbers);
  }

  @Test
  void refusesMoreQueriesThanPositions() {
    Context context = context(3);
    for (Attention causal :
        new Attention[] {
          CausalAttention.past(SOFTMAX), new CausalNullHead(PRIOR),
        }) {
      assertEquals(4, causal.attend(new SimpleMatrix(4, 3), context).getNumRows());
      ShapeMismatchException refusal =
          assertThrows(
              ShapeMismatchException.class, () -> causal.attend(new SimpleMatrix(5, 3), context));
      assertEquals("queries: expected at most 4 rows, one a position, got 5", refusal.getMessage());
    }
    assertThrows(
        ShapeMismatchException.class,
        () -> CausalAttention.pastAndSelf(SOFTMAX).attend(new SimpleMatrix(4, 3), context));
    assertThrows(
        IllegalArgumentException.class,
        () -> CausalAttention.past(SoftmaxAttention.of(1)).attend(new SimpleMatrix(1, 3), context));
    assertThrows(IllegalArgumentException.class, CausalStack::of);
    NullToken wide = NullToken.ofCount(1, new SimpleMatrix(1, 3));
    assertThrows(ShapeMismatchException.class, () -> new CausalNullHead(wide).prefixes(context));
  }

  private static Context context(int length) {
    return new Context(
        normal("keys", length, 3),
        normal("values", length, 2),
        normal("biases", length, 1).scale(0.2));
  }

  private static SimpleMatrix normal(String name, int rows, int columns) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, Seed.of(6).child(name).child(rows).generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
