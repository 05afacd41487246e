package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

/** The layer of strings against the same network token by token, and against differences. */
class SymbolStringLayerTest {

  private static final int SIZE = 5;
  private static final int LENGTH = 9;

  /** float32 rounding, 6e-8, through some hundred operations on numbers of order one. */
  private static final double ROUNDING = 2e-5;

  /** Of a parameter's gradient, relative Frobenius error; both sides are float32. */
  private static final double TOLERANCE = 1e-4;

  /** Errors below this share of the largest gradient are rounding of terms of its size. */
  private static final double FLOOR = 2e-6;

  private static SymbolStringLayer layer(int symbols) {
    BlockShape block = BlockShape.of(8, 2).withHidden(7).withPreNorm();
    return SymbolStringLayer.of(symbols, LENGTH + 2, 2, block);
  }

  /** Parameters near a draw, with biases that are not zero, but for those that get no gradient. */
  private static Parameters parameters(
      SymbolStringLayer layer, double spread, RandomGenerator rng) {
    Parameters parameters = layer.initial(rng);
    for (ParameterShape shape : layer.shapes()) {
      boolean fixed =
          shape.name().equals("embedding.bias") || shape.name().equals("query.embedding.map");
      int at = parameters.offset(shape.name());
      for (int i = 0; i < shape.size() && !fixed; i++) {
        if (!shape.name().equals("embedding.map") || i % shape.columns() > 0) {
          parameters.data()[at + i] += (float) (spread * Normal.draw(rng));
        }
      }
    }
    return parameters;
  }

  private static Batch strings(SymbolStringLayer layer, RandomGenerator rng) {
    Batch batch = Batch.zeros(layer.widths(), SIZE, LENGTH);
    for (int i = 0; i < SIZE * LENGTH; i++) {
      batch.values(rng.nextInt(layer.widths().value()))[i] = 1f;
    }
    return batch;
  }

  private static Workspace forward(Layer layer, Parameters parameters, Batch batch) {
    Workspace workspace = layer.workspace(SIZE, LENGTH + 1);
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    return workspace;
  }

  private static Parameters gradient(
      Layer layer, Parameters parameters, Batch batch, RandomGenerator rng) {
    Workspace workspace = forward(layer, parameters, batch);
    Samples.fill(workspace.outputGradient(), rng);
    Parameters gradient = parameters.zeros();
    layer.backward(parameters, batch, 0, SIZE, workspace, gradient);
    return gradient;
  }

  @Test
  void outputsAndGradientsAreThoseTokenByToken() {
    for (int symbols : new int[] {1, 2, 5}) {
      SymbolStringLayer layer = layer(symbols);
      RandomGenerator rng = Seed.of(symbols).generator();
      Parameters parameters = parameters(layer, 0.3, rng);
      Batch batch = strings(layer, rng);
      assertArrayEquals(
          forward(layer.tokenByToken(), parameters, batch).output(),
          forward(layer, parameters, batch).output(),
          (float) ROUNDING);
      Seed outer = Seed.of(99);
      Parameters expected = gradient(layer.tokenByToken(), parameters, batch, outer.generator());
      Parameters got = gradient(layer, parameters, batch, outer.generator());
      double largest = 0;
      for (ParameterShape shape : layer.shapes()) {
        largest = Math.max(largest, expected.matrix(shape.name()).normF());
      }
      for (ParameterShape shape : layer.shapes()) {
        String name = shape.name();
        if (name.equals("embedding.bias")) {
          assertEquals(0, got.matrix(name).normF(), "no gradient for what is there already");
          continue;
        }
        double error = got.matrix(name).minus(expected.matrix(name)).normF();
        double bound = Math.max(TOLERANCE * expected.matrix(name).normF(), FLOOR * largest);
        assertTrue(error <= bound, name + ": error " + error + " above " + bound);
      }
    }
  }

  @Test
  void outputsAreThoseOfTheReference() {
    SymbolStringLayer layer = layer(2);
    RandomGenerator rng = Seed.of(4).generator();
    Parameters parameters = parameters(layer, 0.3, rng);
    Batch batch = strings(layer, rng);
    float[] output = forward(layer, parameters, batch).output();
    for (int b = 0; b < SIZE; b++) {
      var expected =
          layer.toAttention(parameters).attend(Samples.query(batch, b), Samples.context(batch, b));
      assertEquals(expected.get(0, 0), output[2 * b], ROUNDING);
      assertEquals(expected.get(0, 1), output[2 * b + 1], ROUNDING);
    }
  }

  /** Scores of thousands, and strings without the token that has the largest. */
  @Test
  void extremeScoresGiveFiniteOutputsAndGradients() {
    SymbolStringLayer layer = layer(2);
    RandomGenerator rng = Seed.of(5).generator();
    Parameters parameters = parameters(layer, 0.3, rng);
    parameters =
        parameters.with("block.0.key.map", parameters.matrix("block.0.key.map").scale(1e4));
    Batch batch = strings(layer, rng);
    for (float output : forward(layer, parameters, batch).output()) {
      assertTrue(Float.isFinite(output));
    }
    assertTrue(gradient(layer, parameters, batch, rng).isFinite());
  }

  @Test
  void weightsAreThoseOfSoftmax() {
    SymbolStringLayer layer = layer(2);
    RandomGenerator rng = Seed.of(6).generator();
    Parameters parameters = parameters(layer, 0.3, rng);
    Workspace workspace = forward(layer, parameters, strings(layer, rng));
    for (float[] head : layer.weights(workspace, 3)) {
      assertEquals(LENGTH + 1, head.length);
      double sum = 0;
      for (float weight : head) {
        assertTrue(weight > 0);
        sum += weight;
      }
      assertEquals(1, sum, ROUNDING);
    }
  }

  @Test
  void initialWeightsHaveTheSpreadAskedFor() {
    SymbolStringLayer layer =
        SymbolStringLayer.of(2, 100, 1, BlockShape.of(64, 4).withPreNorm()).withSpread(0.1);
    var positions = layer.initial(Seed.of(7).generator()).matrix("positions");
    // 6,400 draws: the standard deviation's own is 0.9 %, so ± 4 % fails once in 1e5 seeds.
    assertEquals(0.1, Math.sqrt(positions.elementPower(2).elementSum() / 6400), 0.004);
    assertEquals(0, layer.initial(Seed.of(7).generator()).matrix("embedding.bias").normF());
  }

  @Test
  void whatItCannotDoIsRefused() {
    BlockShape block = BlockShape.of(8, 2);
    for (BlockShape other :
        new BlockShape[] {
          block,
          block.withPreNorm().withCausalMask(),
          block.withPreNorm().withNullToken(),
          block.withPreNorm().withRmsNorm()
        }) {
      assertThrows(IllegalArgumentException.class, () -> SymbolStringLayer.of(2, LENGTH, 1, other));
    }
    SymbolStringLayer layer = layer(2);
    Batch ragged = strings(layer, Seed.of(1).generator());
    ragged.setLength(1, LENGTH - 1);
    Parameters parameters = layer.initial(Seed.of(1).generator());
    assertThrows(IllegalArgumentException.class, () -> forward(layer, parameters, ragged));
    assertThrows(IllegalArgumentException.class, () -> layer.workspace(1, LENGTH + 3));
  }
}
