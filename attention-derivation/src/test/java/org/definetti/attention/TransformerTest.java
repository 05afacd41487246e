package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class TransformerTest implements AttentionContract {

  private static final int D = 4;

  private static TransformerBlock block(int seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    Map<String, SimpleMatrix> all = new LinkedHashMap<>();
    for (String name : new String[] {"query", "key", "value", "output", "expand", "contract"}) {
      all.put(name + ".map", normal(D, D, rng));
      all.put(name + ".bias", normal(1, D, rng));
    }
    for (String norm : new String[] {"attention.norm", "mlp.norm"}) {
      all.put(norm + ".gain", normal(1, D, rng));
      all.put(norm + ".bias", normal(1, D, rng));
    }
    return TransformerBlock.of(all, 2);
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers).scale(0.5);
  }

  @Override
  public Transformer attention() {
    RandomGenerator rng = Seed.of(31).generator();
    return Transformer.of(List.of(block(32), block(33)))
        .withEmbedding(normal(D, keyWidth() + valueWidth(), rng), normal(1, D, rng))
        .withQueryEmbedding(normal(D, keyWidth(), rng), normal(1, D, rng))
        .withFinalNorm(normal(1, D, rng), normal(1, D, rng))
        .withReadout(normal(3, D, rng), normal(1, 3, rng));
  }

  @Test
  void anEmptyContextLeavesTheQueryAlone() {
    SimpleMatrix out = attention().attend(queries(2), context("empty", 0));
    assertEquals(2, out.getNumRows());
    assertEquals(3, out.getNumCols());
    assertTrue(!out.rows(0, 1).isIdentical(out.rows(1, 2), 1e-6), "queries differ");
  }

  @Test
  void isTheBlocksWhereNothingElseIsSet() {
    SimpleMatrix values = normal(5, D, Seed.of(34).generator());
    Context context = Context.of(values, values);
    Transformer every = Transformer.of(List.of(block(32), block(33))).atEveryPosition();
    SimpleMatrix biases = context.logBiases();
    SimpleMatrix expected = block(33).transform(block(32).transform(values, biases), biases);
    assertTrue(expected.isIdentical(every.attend(new SimpleMatrix(5, D), context), 0));
    SimpleMatrix two = every.attend(new SimpleMatrix(2, D), context);
    assertTrue(expected.rows(0, 2).isIdentical(two, 0));
    assertThrows(ShapeMismatchException.class, () -> every.attend(new SimpleMatrix(6, D), context));
  }

  @Test
  void positionsTellOrdersApart() {
    Context context = context("positions", 6);
    SimpleMatrix keys = turned(context.keys());
    Context other = new Context(keys, turned(context.values()), turned(context.logBiases()));
    Transformer placed = attention().withPositions(n -> Transformer.sinusoids(n, D));
    SimpleMatrix out = placed.attend(queries(1), context);
    assertTrue(!out.isIdentical(placed.attend(queries(1), other), 1e-4));
    assertThrows(
        ShapeMismatchException.class,
        () ->
            attention()
                .withPositions(n -> Transformer.sinusoids(n + 1, D))
                .attend(queries(1), context));
  }

  private static SimpleMatrix turned(SimpleMatrix rows) {
    SimpleMatrix out = rows.rows(5, 6);
    for (int i = 4; i >= 0; i--) {
      out = out.concatRows(rows.rows(i, i + 1));
    }
    return out;
  }

  @Test
  void sinusoidsTurnAtTheirFrequencies() {
    SimpleMatrix rows = Transformer.sinusoids(8, 4);
    assertEquals(0, rows.get(0, 0));
    assertEquals(1, rows.get(0, 3));
    assertEquals(Math.sin(7), rows.get(7, 0), 1e-15);
    assertEquals(Math.cos(0.07), rows.get(7, 3), 1e-15);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> Transformer.of(List.of()));
    Transformer bare = Transformer.of(List.of(block(32)));
    assertThrows(ShapeMismatchException.class, () -> bare.attend(queries(1), context("bare", 2)));
    assertEquals(
        "Transformer[1 × TransformerBlock[width 4, heads 2, hidden 4, post-norm]]",
        bare.toString());
  }
}
