package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Activation;
import org.definetti.attention.ConvolutionShape;
import org.definetti.attention.Recurrence;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** What tells the architectures apart: reach, order, turning along, and cost. */
class ArchitectureLayersTest {

  private static final Widths WIDTHS = new Widths(2, 3, 1);
  private static final int LENGTH = 40;

  private static float[] output(Layer layer, Batch batch) {
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Workspace workspace = layer.workspace(batch.size(), batch.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, batch.size(), workspace);
    return workspace.output().clone();
  }

  private static boolean sees(Layer layer, int token) {
    Batch batch = Samples.batch(layer, 1, LENGTH, Seed.of(2).generator());
    float[] before = output(layer, batch);
    batch.values(0)[token] += 2f;
    return !Arrays.equals(before, output(layer, batch));
  }

  /** The query stands behind the last token, which is one place back. */
  @Test
  void aCausalConvolutionSeesItsReachAndNotOneTokenMore() {
    for (ConvolutionLayer layer :
        List.of(
            ConvolutionLayer.of(WIDTHS).withActivation(Activation.GELU), // ReLU can hide a path
            ConvolutionLayer.temporal(WIDTHS, 3, 4).withActivation(Activation.GELU))) {
      int back = layer.shape().back();
      assertTrue(sees(layer, LENGTH - back), layer.label());
      assertFalse(sees(layer, LENGTH - back - 1), layer.label());
      assertFalse(sees(layer, 0), layer.label());
    }
    // A state sees everything before it, but a fresh one fades below rounding in some 40 steps.
    assertTrue(sees(RecurrentLayer.of(WIDTHS, Recurrence.GRU), LENGTH - 8));
    assertTrue(sees(SetLayer.of(WIDTHS), 0));
  }

  /** Keys, values and queries turned by Q: the answer turns along, to float32 rounding. */
  @Test
  void equivariantAttentionTurnsAlong() {
    int d = 5;
    Widths widths = new Widths(d, d, d);
    assertTrue(turningError(EquivariantAttentionLayer.of(widths), true) < 1e-5);
    Widths marked = new Widths(2, d, d);
    assertTrue(turningError(EquivariantAttentionLayer.withMarks(marked), false) < 1e-5);
    // The control: a transformer has weights that know a basis.
    assertTrue(turningError(TransformerLayer.of(widths), true) > 0.1);
  }

  /** Returns the largest relative error over Haar matrices of both determinants. */
  private static double turningError(Layer layer, boolean keys) {
    double worst = 0;
    for (int trial = 0; trial < 10; trial++) {
      Seed seed = Seed.of(7).child(trial);
      RandomGenerator rng = seed.generator();
      SimpleMatrix turn = turn(layer.widths().value(), trial, rng);
      Batch batch = Samples.batch(layer, 1, 9, rng);
      float[] expected = turned(output(layer, batch), turn);
      turnTokens(batch.values(), turn);
      if (keys) {
        turnTokens(batch.keys(), turn);
        System.arraycopy(turned(batch.queries(), turn), 0, batch.queries(), 0, turn.getNumRows());
      }
      float[] found = output(layer, batch);
      double error = 0;
      double size = 0;
      for (int j = 0; j < expected.length; j++) {
        error = Math.max(error, Math.abs(expected[j] - found[j]));
        size = Math.max(size, Math.abs(expected[j]));
      }
      worst = Math.max(worst, error / size);
    }
    return worst;
  }

  private static SimpleMatrix turn(int d, int trial, RandomGenerator rng) {
    return trial % 2 == 0 ? Haar.rotation(d, rng) : Haar.reflection(d, rng);
  }

  private static float[] turned(float[] row, SimpleMatrix turn) {
    float[] out = new float[row.length];
    for (int j = 0; j < row.length; j++) {
      double sum = 0;
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * turn.get(i, j);
      }
      out[j] = (float) sum;
    }
    return out;
  }

  private static void turnTokens(float[][] coordinates, SimpleMatrix turn) {
    for (int l = 0; l < coordinates[0].length; l++) {
      float[] row = new float[coordinates.length];
      for (int j = 0; j < row.length; j++) {
        row[j] = coordinates[j][l];
      }
      float[] turned = turned(row, turn);
      for (int j = 0; j < row.length; j++) {
        coordinates[j][l] = turned[j];
      }
    }
  }

  @Test
  void costsAreThoseOfTheTable() {
    // Multiply-adds of one layer of width 32 at 16 rows, without embedding and readout.
    assertEquals(4 * 32 * 32, perRow(ConvolutionLayer.of(WIDTHS).withShape(kernel(4))));
    assertEquals(2 * 32 * 32, perRow(RecurrentLayer.of(WIDTHS, Recurrence.ELMAN)));
    assertEquals(6 * 32 * 32, perRow(RecurrentLayer.of(WIDTHS, Recurrence.GRU)));
    assertEquals(8 * 32 * 32, perRow(RecurrentLayer.of(WIDTHS, Recurrence.LSTM)));
    assertEquals(2 * 32 * 32, perRow(SetLayer.of(WIDTHS).withDepth(1)));
    assertEquals(16, RecurrentLayer.of(WIDTHS, Recurrence.GRU).cost(15).sequentialSteps());
    assertEquals(2, TransformerLayer.of(WIDTHS).cost(15).sequentialSteps());
    for (String name : Layers.names()) {
      Widths widths = new Widths(3, 3, 3);
      Layer layer = Layers.of(name, widths);
      LayerCost cost = layer.cost(15);
      assertEquals(layer.initial(Seed.of(1).generator()).size(), cost.parameters(), name);
      assertTrue(cost.multiplyAdds() > 0 && cost.multiplyAddsPerToken() > 0, name);
    }
  }

  private static ConvolutionShape kernel(int kernel) {
    return ConvolutionShape.causal(kernel, List.of(1));
  }

  /** The difference of two lengths leaves what one more token costs, without its embedding. */
  private static long perRow(Layer layer) {
    long embedding = 32 * (2 + 3);
    return layer.cost(16).multiplyAdds() - layer.cost(15).multiplyAdds() - embedding;
  }

  /** Of a transformer: 12 d² a row and layer, 2 n d for attention. */
  @Test
  void aTransformerCountsItsProducts() {
    TransformerLayer layer = TransformerLayer.of(WIDTHS).withDepth(1).atEveryPosition();
    long d = 32;
    long n = 10;
    long products = n * (12 * d * d + 2 * n * d) + n * d * 5 + n * d;
    assertEquals(products, layer.cost(10).multiplyAdds());
  }

  @Test
  void initialForgetGatesRemember() {
    RecurrentLayer layer = RecurrentLayer.of(WIDTHS, Recurrence.LSTM).withWidth(3);
    SimpleMatrix bias = layer.initial(Seed.of(1).generator()).matrix("input.bias");
    double[] expected = {0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0};
    assertArrayEquals(expected, bias.getDDRM().data);
  }
}
