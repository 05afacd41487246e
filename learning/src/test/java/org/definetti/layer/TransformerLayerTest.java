package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockKernels;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Kernels;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class TransformerLayerTest {

  private static final Widths WIDTHS = new Widths(2, 3, 1);
  private static final int LENGTH = 11;

  /** Another order of summation in float32, through two blocks. */
  private static final float ROUNDING = 1e-5f;

  private static final BlockShape BLOCK = BlockShape.of(8, 2).withHidden(5);

  private static List<BlockKernels> kernels() {
    return List.of(BlockKernels.plain(), Kernels.inUse().blocks());
  }

  private static Batch batch(int rows) {
    RandomGenerator rng = Seed.of(3).generator();
    Batch batch = Batch.zeros(WIDTHS, 2, LENGTH, rows);
    for (float[][] coordinates : List.of(batch.keys(), batch.values())) {
      for (float[] coordinate : coordinates) {
        fill(coordinate, rng);
      }
    }
    fill(batch.queries(), rng);
    return batch;
  }

  private static void fill(float[] out, RandomGenerator rng) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Normal.draw(rng);
    }
  }

  private static float[] output(TransformerLayer layer, Batch batch) {
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Workspace workspace = layer.workspace(2, LENGTH);
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, 2, workspace);
    return workspace.output().clone();
  }

  @Test
  void causalRowsIgnoreLaterTokensExactly() {
    for (BlockKernels kernels : kernels()) {
      TransformerLayer layer =
          TransformerLayer.of(WIDTHS)
              .withBlock(BLOCK.withCausalMask())
              .atEveryPosition()
              .withKernels(kernels);
      float[] before = output(layer, batch(LENGTH));
      Batch changed = batch(LENGTH);
      changed.values(1)[6] = 100f; // token 6 of sample 0
      float[] after = output(layer, changed);
      assertArrayEquals(Arrays.copyOf(before, 6), Arrays.copyOf(after, 6));
      assertNotEquals(before[6], after[6]);
      // The control: without a mask the change shows in the first row.
      TransformerLayer open = layer.withBlock(BLOCK);
      assertNotEquals(output(open, batch(LENGTH))[0], output(open, changed)[0]);
    }
  }

  @Test
  void paddingHasNoInfluenceAtAll() {
    for (BlockKernels kernels : kernels()) {
      TransformerLayer layer = TransformerLayer.of(WIDTHS).withBlock(BLOCK).withKernels(kernels);
      Batch batch = batch(1);
      float[] full = output(layer, batch);
      batch.setLength(0, 7);
      float[] padded = output(layer, batch);
      assertNotEquals(full[0], padded[0]);
      assertEquals(full[1], padded[1]);
      for (int l = 7; l < LENGTH; l++) {
        batch.keys(0)[l] = Float.NaN;
        batch.values(2)[l] = 1e30f;
      }
      assertArrayEquals(padded, output(layer, batch));
    }
  }

  @Test
  void orderOfTokensCarriesNoMeaningWithoutPositions() {
    for (BlockKernels kernels : kernels()) {
      TransformerLayer layer = TransformerLayer.of(WIDTHS).withBlock(BLOCK).withKernels(kernels);
      assertArrayEquals(output(layer, batch(1)), output(layer, reversed(batch(1))), ROUNDING);
      float[] rows = output(layer.atEveryPosition(), batch(LENGTH));
      float[] turned = output(layer.atEveryPosition(), reversed(batch(LENGTH)));
      for (int l = 0; l < LENGTH; l++) {
        assertEquals(rows[l], turned[LENGTH - 1 - l], ROUNDING);
      }
      for (TransformerLayer placed :
          List.of(layer.withSinusoidalPositions(), layer.withLearnedPositions(LENGTH))) {
        float[] one = output(placed, batch(1));
        float[] other = output(placed, reversed(batch(1)));
        assertTrue(Math.abs(one[0] - other[0]) > 10 * ROUNDING, placed.toString());
      }
    }
  }

  private static Batch reversed(Batch batch) {
    for (float[][] coordinates : List.of(batch.keys(), batch.values())) {
      for (float[] coordinate : coordinates) {
        float[] copy = coordinate.clone();
        for (int b = 0; b < 2; b++) {
          for (int l = 0; l < LENGTH; l++) {
            coordinate[b * LENGTH + l] = copy[b * LENGTH + LENGTH - 1 - l];
          }
        }
      }
    }
    return batch;
  }

  @Test
  void gradientOfPaddingAndOfSamplesInAnyTilesIsTheSame() {
    TransformerLayer layer = TransformerLayer.of(WIDTHS).withBlock(BLOCK.withNullToken());
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Batch batch = batch(1);
    Workspace workspace = layer.workspace(2, LENGTH);
    layer.prepare(parameters, workspace);
    Parameters together = parameters.zeros();
    layer.forward(parameters, batch, 0, 2, workspace);
    Arrays.fill(workspace.outputGradient(), 1f);
    layer.backward(parameters, batch, 0, 2, workspace, together);
    Parameters oneByOne = parameters.zeros();
    for (int b = 1; b >= 0; b--) {
      layer.forward(parameters, batch, b, b + 1, workspace);
      layer.backward(parameters, batch, b, b + 1, workspace, oneByOne);
    }
    assertEquals(together, oneByOne);
  }

  @Test
  void memoryIsLinearInLengthAndFreeOfTheBatch() {
    TransformerLayer layer = TransformerLayer.of(WIDTHS).withBlock(BLOCK);
    long[] memory = new long[3];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = memory(layer, 1, 512 << i);
    }
    assertEquals(2 * (memory[1] - memory[0]), memory[2] - memory[1]);
    assertEquals(memory[0], memory(layer, 64, 512));
  }

  private static long memory(TransformerLayer layer, int size, int length) {
    return ((TransformerPass) layer.workspace(size, length)).memory();
  }

  @Test
  void namesFollowTheOptions() {
    TransformerLayer layer = TransformerLayer.of(new Widths(2, 8, 8)).withBlock(BLOCK).withDepth(1);
    List<String> block = BLOCK.parameters("block.0.").stream().map(ParameterShape::name).toList();
    assertEquals(
        block, names(layer.withIdentityEmbedding().withIdentityReadout().atEveryPosition()));
    assertEquals("embedding.map", names(layer).get(0));
    assertEquals("readout.bias", names(layer).get(names(layer).size() - 1));
    assertTrue(names(layer.withLearnedPositions(5)).contains("positions"));
    assertTrue(names(layer.withBlock(BLOCK.withPreNorm())).contains("final.norm.bias"));
  }

  private static List<String> names(Layer layer) {
    return layer.shapes().stream().map(ParameterShape::name).toList();
  }

  @Test
  void equalByOptionsAndToldApartByText() {
    TransformerLayer layer = TransformerLayer.of(new Widths(2, 8, 8)).withBlock(BLOCK);
    List<TransformerLayer> others =
        List.of(
            layer.withDepth(3),
            layer.withBlock(BLOCK.withRmsNorm()),
            layer.withBlock(BLOCK.withCausalMask()),
            layer.withBlock(BLOCK.withHidden(6)),
            layer.withSinusoidalPositions(),
            layer.withLearnedPositions(4),
            layer.withLearnedPositions(5),
            layer.withIdentityEmbedding(),
            layer.withIdentityReadout(),
            layer.atEveryPosition());
    assertEquals(layer, TransformerLayer.of(new Widths(2, 8, 8)).withBlock(BLOCK));
    assertEquals(
        layer.hashCode(), TransformerLayer.of(new Widths(2, 8, 8)).withBlock(BLOCK).hashCode());
    for (TransformerLayer other : others) {
      assertNotEquals(layer, other);
      assertNotEquals(layer.toString(), other.toString());
    }
    assertEquals(
        "transformer, depth 2, width 8, 2 heads at temperature √4, post-norm", layer.label());
  }

  @Test
  void refusesWhatDoesNotFit() {
    TransformerLayer layer = TransformerLayer.of(WIDTHS).withBlock(BLOCK);
    Parameters parameters = layer.initial(Seed.of(1).generator());
    Workspace workspace = layer.workspace(2, LENGTH);
    Batch batch = batch(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> layer.forward(parameters, batch, 0, 2, workspace),
        "never prepared");
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, 2, workspace);
    assertThrows(
        IllegalArgumentException.class,
        () -> layer.withDepth(1).forward(parameters, batch, 0, 2, workspace));
    assertThrows(
        IllegalArgumentException.class,
        () -> layer.forward(parameters, Batch.zeros(WIDTHS, 3, 4), 0, 3, workspace));
    assertThrows(
        ShapeMismatchException.class,
        () -> layer.forward(parameters, Batch.zeros(new Widths(1, 3, 1), 2, 4), 0, 2, workspace));
    assertThrows(ShapeMismatchException.class, layer::withIdentityEmbedding);
    assertThrows(ShapeMismatchException.class, layer::withIdentityReadout);
    assertThrows(
        IllegalArgumentException.class, () -> layer.withLearnedPositions(5).workspace(1, 6));
    assertThrows(IllegalArgumentException.class, () -> layer.withDepth(0));
  }
}
