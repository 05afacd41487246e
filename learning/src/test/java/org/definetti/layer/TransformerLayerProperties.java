package org.definetti.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.attention.Context;
import org.definetti.attention.Transformer;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockKernels;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Kernels;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** The float32 transformer against its double-precision reference form, on random shapes. */
class TransformerLayerProperties {

  /** float32 rounding (6e-8) through some hundred operations on numbers of order one, twice. */
  private static final double OUTPUT_TOLERANCE = 5e-5;

  /** Largest relative Frobenius error of one parameter's gradient. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /** Errors below this share of the largest gradient are rounding of terms of its size. */
  private static final double FLOOR = 1e-6;

  /** Of central differences in double precision: error about step² and 1e-16 / step. */
  private static final double STEP = 1e-5;

  private static final int SAMPLES = 2;

  @Property(tries = 10, seed = "20261128")
  void outputAndGradientAgreeWithTheReference(
      @ForAll @IntRange(min = 1, max = 2) int depth,
      @ForAll @IntRange(min = 0, max = 5) int length,
      @ForAll @IntRange(min = 0, max = 3) int positions,
      @ForAll @IntRange(min = 0, max = 127) int options,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    TransformerLayer layer = layer(depth, positions, options, rng);
    Parameters parameters = layer.initial(rng);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.data()[i] += (float) (0.2 * Normal.draw(rng));
    }
    Batch batch = batch(layer, length, rng);
    for (BlockKernels kernels : List.of(BlockKernels.plain(), Kernels.inUse().blocks())) {
      check(layer.withKernels(kernels), parameters, batch, rng);
    }
  }

  private static TransformerLayer layer(
      int depth, int positions, int options, RandomGenerator rng) {
    int width = positions == 3 ? 4 + 4 * rng.nextInt(2) : 4 + 2 * rng.nextInt(2);
    BlockShape block = BlockShape.of(width, 2).withHidden(1 + rng.nextInt(4));
    block = (options & 1) == 0 ? block : block.withPreNorm();
    block = (options & 2) == 0 ? block : block.withCausalMask();
    block = (options & 4) == 0 ? block : block.withNullToken();
    block = (options & 8) == 0 ? block : block.withRmsNorm();
    int value = (options & 16) == 0 ? 2 : width;
    int target = (options & 32) == 0 ? 3 : width;
    TransformerLayer layer =
        TransformerLayer.of(new Widths(1 + rng.nextInt(3), value, target))
            .withBlock(block)
            .withDepth(depth);
    layer = (options & 16) == 0 ? layer : layer.withIdentityEmbedding();
    layer = (options & 32) == 0 ? layer : layer.withIdentityReadout();
    layer = (options & 64) == 0 ? layer : layer.atEveryPosition();
    return switch (positions) {
      case 0 -> layer;
      case 1 -> layer.withSinusoidalPositions();
      case 3 -> layer.withRotaryPositions();
      default -> layer.withLearnedPositions(9);
    };
  }

  private static Batch batch(TransformerLayer layer, int length, RandomGenerator rng) {
    Batch batch = Batch.zeros(layer.widths(), SAMPLES, length, Math.max(1, layer.outputs(length)));
    for (float[] coordinate : batch.keys()) {
      fill(coordinate, rng);
    }
    for (float[] coordinate : batch.values()) {
      fill(coordinate, rng);
    }
    fill(batch.queries(), rng);
    batch.setLength(1, rng.nextInt(length + 1));
    return batch;
  }

  private static void fill(float[] out, RandomGenerator rng) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Normal.draw(rng);
    }
  }

  private static void check(
      TransformerLayer layer, Parameters parameters, Batch batch, RandomGenerator rng) {
    Workspace workspace = layer.workspace(SAMPLES + 1, Math.min(9, batch.length() + 1));
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, SAMPLES, workspace);
    int p = layer.widths().target();
    Map<String, SimpleMatrix> matrices = parameters.matrices();
    Transformer transformer = layer.toAttention(parameters);
    for (int b = 0; b < SAMPLES; b++) {
      SimpleMatrix expected = attend(layer, transformer, batch, b);
      int at = b * layer.outputs(batch.length()) * p;
      for (int i = 0; i < expected.getNumElements(); i++) {
        double value = expected.getDDRM().data[i];
        double scale = Math.max(1, Math.abs(value));
        assertEquals(value, workspace.output()[at + i], scale * OUTPUT_TOLERANCE, layer.toString());
      }
    }
    fill(workspace.outputGradient(), rng);
    Parameters gradient = parameters.zeros();
    // All samples at once, then one by one: gradients add up, activations are made again.
    layer.backward(parameters, batch, 0, SAMPLES, workspace, gradient);
    for (int b = 0; b < SAMPLES; b++) {
      layer.forward(parameters, batch, b, b + 1, workspace);
      layer.backward(parameters, batch, b, b + 1, workspace, gradient);
    }
    for (int i = 0; i < gradient.size(); i++) {
      gradient.data()[i] /= 2;
    }
    checkGradient(layer, matrices, batch, workspace, gradient);
  }

  private static void checkGradient(
      TransformerLayer layer,
      Map<String, SimpleMatrix> matrices,
      Batch batch,
      Workspace workspace,
      Parameters gradient) {
    Map<String, SimpleMatrix> differences = new LinkedHashMap<>();
    for (ParameterShape shape : layer.shapes()) {
      SimpleMatrix difference = new SimpleMatrix(shape.rows(), shape.columns());
      for (int i = 0; i < shape.size(); i++) {
        double up = objective(layer, moved(matrices, shape.name(), i, STEP), batch, workspace);
        double down = objective(layer, moved(matrices, shape.name(), i, -STEP), batch, workspace);
        difference.getDDRM().data[i] = (up - down) / (2 * STEP);
      }
      differences.put(shape.name(), difference);
    }
    double largest =
        differences.values().stream().mapToDouble(SimpleMatrix::normF).max().orElseThrow();
    differences.forEach(
        (name, expected) -> {
          double error = gradient.matrix(name).minus(expected).normF();
          double bound = Math.max(GRADIENT_TOLERANCE * expected.normF(), FLOOR * largest);
          assertTrue(error <= bound, () -> name + ": " + error + " above " + bound + " " + layer);
        });
  }

  private static Map<String, SimpleMatrix> moved(
      Map<String, SimpleMatrix> matrices, String name, int index, double step) {
    Map<String, SimpleMatrix> moved = new LinkedHashMap<>(matrices);
    SimpleMatrix matrix = requireNonNull(matrices.get(name)).copy();
    matrix.getDDRM().data[index] += step;
    moved.put(name, matrix);
    return moved;
  }

  /** Σ_b outputGradient_b · out_b over the rows that count. */
  private static double objective(
      TransformerLayer layer,
      Map<String, SimpleMatrix> matrices,
      Batch batch,
      Workspace workspace) {
    Transformer transformer = layer.toAttention(matrices);
    double sum = 0.0;
    for (int b = 0; b < batch.size(); b++) {
      SimpleMatrix out = attend(layer, transformer, batch, b);
      int at = b * layer.outputs(batch.length()) * layer.widths().target();
      for (int i = 0; i < out.getNumElements(); i++) {
        sum += workspace.outputGradient()[at + i] * out.getDDRM().data[i];
      }
    }
    return sum;
  }

  private static SimpleMatrix attend(
      TransformerLayer layer, Transformer transformer, Batch batch, int b) {
    int tokens = batch.length(b);
    Context context =
        Context.of(rows(batch, batch.keys(), tokens, b), rows(batch, batch.values(), tokens, b));
    int dk = batch.widths().key();
    SimpleMatrix queries = new SimpleMatrix(layer.outputs(tokens), dk);
    if (layer.outputs(2) == 1) {
      for (int j = 0; j < dk; j++) {
        queries.getDDRM().data[j] = batch.queries()[b * dk + j];
      }
    }
    return transformer.attend(queries, context);
  }

  private static SimpleMatrix rows(Batch batch, float[][] coordinates, int tokens, int b) {
    SimpleMatrix rows = new SimpleMatrix(tokens, coordinates.length);
    for (int l = 0; l < tokens; l++) {
      for (int j = 0; j < coordinates.length; j++) {
        rows.getDDRM().data[l * coordinates.length + j] = coordinates[j][b * batch.length() + l];
      }
    }
    return rows;
  }
}
