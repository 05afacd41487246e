package org.definetti.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The modules against each other and against the library's own attention. */
class ModulesTest {

  private static final double ROUNDING = 1e-12;

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static TransformerHead head(RandomGenerator rng) {
    return TransformerHead.of(normal(7, 3, rng), normal(7, 3, rng), normal(7, 4, rng))
        .withOutputMap(normal(4, 2, rng))
        .withRelu();
  }

  @Test
  void theRowOfClsIsThatOfTheFullLayer() {
    RandomGenerator rng = Seed.of(81).generator();
    for (Normaliser normaliser : Normaliser.values()) {
      ScalarTransformer scalar =
          new ScalarTransformer(
              head(rng).withNormaliser(normaliser), normal(1, 7, rng), normal(2, 1, rng));
      for (int length : new int[] {0, 1, 12, 33}) {
        SimpleMatrix tokens = normal(length, 7, rng);
        double expected = scalar.throughLayer(tokens);
        assertEquals(expected, scalar.value(tokens), ROUNDING * Math.max(1, Math.abs(expected)));
      }
    }
  }

  @Test
  void aTableOfTokensIsTheFullLayer() {
    RandomGenerator rng = Seed.of(84).generator();
    for (double sharpness : new double[] {1, 1e3}) { // e^-1000 is zero, 0 / 0 is not a number
      InputMap map = AdditiveMap.orthonormal(4); // of width 7
      TransformerHead head = head(rng);
      TransformerHead sharp =
          TransformerHead.of(head.queryMap().scale(sharpness), head.keyMap(), head.valueMap());
      TokenTable table = TokenTable.of(sharp, map);
      assertEquals(9, table.size());
      for (long word = 0; word < 16; word++) {
        BitSet bits = BitSet.valueOf(new long[] {word});
        SimpleMatrix cls = new SimpleMatrix(1, 7, true, map.cls());
        SimpleMatrix rows = sharp.layer(map.tokens(bits).concatRows(cls));
        SimpleMatrix expected = rows.extractVector(true, 4);
        assertTrue(expected.isIdentical(table.attend(bits), 1e-10), word + " at " + sharpness);
      }
      BitSet outside = BitSet.valueOf(new long[] {16});
      assertThrows(IllegalArgumentException.class, () -> table.attend(outside));
    }
    TransformerHead hard = head(rng).withNormaliser(Normaliser.SPARSEMAX);
    assertThrows(
        IllegalArgumentException.class, () -> TokenTable.of(hard, AdditiveMap.orthonormal(4)));
  }

  /** Keys X W_K, queries z W_Q and values X W_V at temperature 1. */
  @Test
  void softmaxHeadsAreTheLibrarys() {
    RandomGenerator rng = Seed.of(82).generator();
    TransformerHead head =
        TransformerHead.of(normal(5, 2, rng), normal(5, 2, rng), normal(5, 3, rng));
    SimpleMatrix tokens = normal(9, 5, rng);
    SimpleMatrix query = normal(1, 5, rng);
    SimpleMatrix expected =
        SoftmaxAttention.of(1)
            .attend(
                query.mult(head.queryMap()),
                Context.of(tokens.mult(head.keyMap()), tokens.mult(head.valueMap())));
    assertTrue(expected.isIdentical(head.attend(tokens, query), ROUNDING));
  }

  /** Shared tokens are a short cut, not another function. */
  @Test
  void sparseNetworksAreHeadsOverTheirTokens() {
    RandomGenerator rng = Seed.of(83).generator();
    for (InputMap map :
        List.of(
            AdditiveMap.orthonormal(9),
            AdditiveMap.nearlyOrthogonal(9, 14, rng),
            new OneHotMap(9))) {
      int d = map.dimension();
      TransformerHead head =
          TransformerHead.of(normal(d, 2, rng), normal(d, 2, rng), normal(d, 3, rng));
      ReluNetwork readout =
          new ReluNetwork(normal(5, 3, rng), normal(1, 5, rng), normal(1, 5, rng), 0.3);
      SparseNetwork network = SparseNetwork.of(map, head, readout);
      SimpleMatrix cls = new SimpleMatrix(1, d, true, map.cls());
      for (long word : new long[] {0, 0b101100110, 0b111111111}) {
        BitSet bits = BitSet.valueOf(new long[] {word});
        SimpleMatrix out = head.attend(map.tokens(bits).concatRows(cls), cls);
        double expected = readout.value(out.getDDRM().data);
        assertEquals(expected, network.value(bits), 1e-11 * Math.max(1, Math.abs(expected)));
      }
    }
  }

  @Test
  void mapsAreWhatTheySay() {
    AdditiveMap exact = AdditiveMap.orthonormal(4);
    for (int t = 0; t < 4; t++) {
      for (boolean bit : new boolean[] {false, true}) {
        assertEquals(2, dot(exact.token(t, bit), exact.token(t, bit)), 0);
        assertEquals(0, dot(exact.token(t, bit), exact.cls()), 0);
        assertEquals(1, exact.dot(t, bit, exact.bit(bit)), 0);
        assertEquals(0, exact.dot(t, bit, exact.bit(!bit)), 0);
      }
    }
    double overlap = 0.5;
    int d = (int) AdditiveMap.dimensionFor(20, overlap, 0.01);
    AdditiveMap near = AdditiveMap.nearlyOrthogonal(20, d, Seed.of(84).generator());
    for (int t = 0; t < 20; t++) {
      assertEquals(1, dot(near.position(t), near.position(t)), 1e-12);
      assertEquals(0, dot(near.position(t), near.position((t + 1) % 20)), overlap);
      assertEquals(0, dot(near.position(t), near.bit(true)), overlap);
      assertEquals(dot(near.token(t, true), near.cls()), near.dot(t, true, near.cls()), 1e-12);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Sparsemax solves its optimality conditions; the others are their formulas. */
  @Test
  void normalisersAreWhatTheySay() {
    RandomGenerator rng = Seed.of(85).generator();
    for (int n : new int[] {1, 2, 5, 40}) {
      double[] scores = normal(1, n, rng).getDDRM().data;
      double[] sparse = Normaliser.SPARSEMAX.weights(scores);
      double threshold = Double.NaN;
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += sparse[i];
        threshold = sparse[i] > 0 ? scores[i] - sparse[i] : threshold;
      }
      assertEquals(1, sum, 1e-12);
      for (int i = 0; i < n; i++) { // the projection's multiplier is one number
        assertEquals(Math.max(0, scores[i] - threshold), sparse[i], 1e-12);
      }
    }
    double[] soft = Normaliser.SOFTMAX.weights(1e300, 1e300, 0);
    assertEquals(0.5, soft[0], 0);
    assertEquals(0, soft[2], 0);
    double[] relu = Normaliser.RELU.weights(0.5, -2, 1);
    assertEquals(1.5 / 3.5, relu[0], 1e-15);
    assertEquals(0, relu[1], 0);
    assertEquals(0.5, Normaliser.RELU.weights(-3, -3)[0], 0);
    assertEquals(Double.POSITIVE_INFINITY, Normaliser.RELU.lipschitz(3, 1));
    assertEquals(3 - 1.0 / 3, Normaliser.SPARSEMAX.lipschitz(3, 0), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> Normaliser.SOFTMAX.weights());
    assertThrows(IllegalArgumentException.class, () -> Normaliser.SOFTMAX.weights(Double.NaN));
  }

  @Test
  void wrongShapesAreNamed() {
    SimpleMatrix five = new SimpleMatrix(5, 2);
    SimpleMatrix four = new SimpleMatrix(4, 2);
    assertTrue(
        assertThrows(ShapeMismatchException.class, () -> TransformerHead.of(five, four, five))
            .getMessage()
            .startsWith("keyMap: "));
    TransformerHead head = TransformerHead.of(five, five, five);
    assertThrows(ShapeMismatchException.class, () -> head.layer(four));
    assertThrows(IllegalArgumentException.class, () -> head.layer(new SimpleMatrix(0, 5)));
    ReluNetwork readout = ReluNetwork.ramps(new double[1], new double[1], new double[1]);
    assertThrows(
        ShapeMismatchException.class,
        () -> SparseNetwork.of(AdditiveMap.orthonormal(9), head, readout));
  }
}
