package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Embedding and readout around maps of rows, and the recurrences and sets between them. */
class SequenceNetworkTest {

  private static final double TOLERANCE = 1e-13;

  private static SimpleMatrix normal(int rows, int columns, int seed) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, Seed.of(seed).generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static Context context(int n) {
    return Context.of(normal(n, 2, 1), normal(n, 3, 2));
  }

  private static Map<String, SimpleMatrix> parameters(int width) {
    Map<String, SimpleMatrix> all = new LinkedHashMap<>();
    all.put("embedding.map", normal(4, 5, 3));
    all.put("embedding.bias", normal(1, 4, 4));
    all.put("query.embedding.map", normal(4, 2, 5));
    all.put("query.embedding.bias", normal(1, 4, 6));
    all.put("readout.map", normal(2, width, 7));
    all.put("readout.bias", normal(1, 2, 8));
    return all;
  }

  private static SimpleMatrix get(Map<String, SimpleMatrix> all, String name) {
    SimpleMatrix matrix = all.get(name);
    assertTrue(matrix != null, name);
    return matrix;
  }

  /** With rows unchanged the answer is two affine maps of the query, of a token, or of the mean. */
  @Test
  void answersAreReadWhereTheyShould() {
    Map<String, SimpleMatrix> all = parameters(4);
    SimpleMatrix queries = normal(2, 2, 9);
    Context context = context(5);
    SimpleMatrix tokens = context.keys().concatColumns(context.values());
    UnaryOperator<SimpleMatrix> same = rows -> rows;
    for (AnswerPlace place : AnswerPlace.values()) {
      SimpleMatrix found = SequenceNetwork.of(all, place, same).attend(queries, context);
      for (int i = 0; i < 2; i++) {
        SimpleMatrix row =
            switch (place) {
              case QUERY -> embed(all, "query.embedding", queries.rows(i, i + 1));
              case EVERY_TOKEN -> embed(all, "embedding", tokens.rows(i, i + 1));
              case MEAN -> {
                SimpleMatrix sum = embed(all, "embedding", tokens.rows(0, 1));
                for (int l = 1; l < 5; l++) {
                  sum = sum.plus(embed(all, "embedding", tokens.rows(l, l + 1)));
                }
                yield sum.divide(5);
              }
            };
        SimpleMatrix expected = embed(all, "readout", row);
        assertTrue(expected.isIdentical(found.rows(i, i + 1), TOLERANCE), place.toString());
      }
    }
  }

  private static SimpleMatrix embed(Map<String, SimpleMatrix> all, String name, SimpleMatrix x) {
    return x.mult(get(all, name + ".map").transpose()).plus(get(all, name + ".bias"));
  }

  @Test
  void eachQueryIsAskedAlone() {
    SequenceNetwork network =
        SequenceNetwork.of(parameters(4), AnswerPlace.QUERY, rows -> cumulative(rows));
    SimpleMatrix queries = normal(3, 2, 10);
    SimpleMatrix together = network.attend(queries, context(4));
    for (int i = 0; i < 3; i++) {
      SimpleMatrix alone = network.attend(queries.rows(i, i + 1), context(4));
      assertTrue(alone.isIdentical(together.rows(i, i + 1), 0));
    }
  }

  private static SimpleMatrix cumulative(SimpleMatrix rows) {
    double[] out = rows.getDDRM().data.clone();
    for (int i = rows.getNumCols(); i < out.length; i++) {
      out[i] += out[i - rows.getNumCols()];
    }
    return new SimpleMatrix(rows.getNumRows(), rows.getNumCols(), true, out);
  }

  /** Each step written out by hand, of width 1: gates in the order of the class. */
  @Test
  void recurrencesTakeTheStepsOfTheirFormulas() {
    RandomGenerator rng = Seed.of(11).generator();
    double[] x = new double[6];
    Normal.fill(x, 0, x.length, rng);
    for (Recurrence recurrence : Recurrence.values()) {
      int g = recurrence.gates();
      double[] a = new double[g];
      double[] b = new double[g];
      double[] s = new double[g];
      double[] t = new double[g];
      for (double[] numbers : new double[][] {a, b, s, t}) {
        Normal.fill(numbers, 0, g, rng);
      }
      Map<String, SimpleMatrix> all = new LinkedHashMap<>();
      all.put("input.map", new SimpleMatrix(g, 1, true, a));
      all.put("input.bias", new SimpleMatrix(1, g, true, b));
      all.put("state.map", new SimpleMatrix(g, 1, true, s));
      all.put("state.bias", new SimpleMatrix(1, g, true, t));
      SimpleMatrix found =
          RecurrentStack.of(all, recurrence).transform(new SimpleMatrix(6, 1, true, x));
      double h = 0;
      double c = 0;
      for (int i = 0; i < 6; i++) {
        double[] in = new double[g];
        double[] last = new double[g];
        for (int k = 0; k < g; k++) {
          in[k] = a[k] * x[i] + b[k];
          last[k] = s[k] * h + t[k];
        }
        switch (recurrence) {
          case ELMAN -> h = Math.tanh(in[0] + last[0]);
          case GRU -> {
            double r = sigmoid(in[0] + last[0]);
            double z = sigmoid(in[1] + last[1]);
            h = z * h + (1 - z) * Math.tanh(in[2] + r * last[2]);
          }
          case LSTM -> {
            c =
                sigmoid(in[1] + last[1]) * c
                    + sigmoid(in[0] + last[0]) * Math.tanh(in[2] + last[2]);
            h = sigmoid(in[3] + last[3]) * Math.tanh(c);
          }
        }
        assertEquals(h, found.get(i, 0), TOLERANCE, recurrence + " at " + i);
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Equivariant to the order of rows; a mean over other rows makes each output depend on all. */
  @Test
  void setsCommuteWithPermutationsAndLookAtAll() {
    Map<String, SimpleMatrix> all = new LinkedHashMap<>();
    for (int r = 0; r < 2; r++) {
      all.put("layer." + r + ".map", normal(3, 6, 20 + r));
      all.put("layer." + r + ".bias", normal(1, 3, 30 + r));
    }
    SetStack stack = SetStack.of(all, 2, Activation.GELU, true);
    SimpleMatrix rows = normal(5, 3, 40);
    SimpleMatrix turned = rows.rows(2, 5).concatRows(rows.rows(0, 2));
    SimpleMatrix out = stack.transform(rows);
    SimpleMatrix expected = out.rows(2, 5).concatRows(out.rows(0, 2));
    assertTrue(expected.isIdentical(stack.transform(turned), TOLERANCE));
    SimpleMatrix other = rows.rows(0, 4).concatRows(normal(1, 3, 41));
    for (int i = 0; i < 4; i++) {
      assertTrue(out.rows(i, i + 1).minus(stack.transform(other).rows(i, i + 1)).normF() > 1e-3);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    SequenceNetwork mean = SequenceNetwork.of(parameters(4), AnswerPlace.MEAN, rows -> rows);
    assertThrows(IllegalArgumentException.class, () -> mean.attend(normal(1, 2, 1), context(0)));
    Context biased = new Context(normal(2, 2, 1), normal(2, 3, 2), normal(2, 1, 3));
    assertThrows(IllegalArgumentException.class, () -> mean.attend(normal(1, 2, 1), biased));
    SequenceNetwork every =
        SequenceNetwork.of(parameters(4), AnswerPlace.EVERY_TOKEN, rows -> rows);
    assertThrows(ShapeMismatchException.class, () -> every.attend(normal(3, 2, 1), context(2)));
    SequenceNetwork narrow = SequenceNetwork.of(parameters(3), AnswerPlace.QUERY, rows -> rows);
    assertThrows(ShapeMismatchException.class, () -> narrow.attend(normal(1, 2, 1), context(2)));
  }
}
