package org.definetti.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxHead;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** The float32 layer against the double-precision reference head, on random shapes. */
class SoftmaxHeadGradientProperties {

  /** float32 rounding (6e-8) through some hundred operations on numbers of order one. */
  private static final double OUTPUT_TOLERANCE = 2e-5;

  /** Largest relative Frobenius error of one parameter's gradient. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /**
   * A gradient smaller than this share of the largest one counts as zero: it is a difference of
   * terms of the largest one's size, so float32 cannot give it to more relative digits.
   */
  private static final double FLOOR = 1e-2;

  /** Of central differences in double precision: error about step² and 1e-16 / step. */
  private static final double STEP = 1e-5;

  @Property(tries = 60, seed = "20261121")
  void outputAndGradientAgreeWithTheReference(
      @ForAll @IntRange(min = 1, max = 9) int keyWidth,
      @ForAll @IntRange(min = 1, max = 5) int valueWidth,
      @ForAll @IntRange(min = 1, max = 5) int headWidth,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll boolean nullToken,
      @ForAll boolean identityValues,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    int target = identityValues ? valueWidth : 1 + seed % 3;
    SoftmaxHeadLayer layer =
        SoftmaxHeadLayer.of(new Widths(keyWidth, valueWidth, target)).withHeadWidth(headWidth);
    layer = identityValues ? layer.withIdentityValues() : layer.withMapWidth(1 + seed % 4);
    layer = nullToken ? layer.withNullToken() : layer;

    Parameters parameters = Parameters.zeros(layer.shapes());
    fill(parameters.data(), rng);
    Batch batch = Batch.zeros(layer.widths(), 3, length);
    for (float[] coordinate : batch.keys()) {
      fill(coordinate, rng);
    }
    for (float[] coordinate : batch.values()) {
      fill(coordinate, rng);
    }
    fill(batch.queries(), rng);
    Workspace workspace = layer.workspace(4, length + 1);
    layer.forward(parameters, batch, 0, 3, workspace);
    fill(workspace.outputGradient(), rng);
    Parameters gradient = parameters.zeros();
    // In two chunks: gradients add up.
    layer.backward(parameters, batch, 0, 1, workspace, gradient);
    layer.backward(parameters, batch, 1, 3, workspace, gradient);

    Map<String, SimpleMatrix> matrices = parameters.matrices();
    SoftmaxHead head = layer.toAttention(parameters);
    for (int b = 0; b < 3; b++) {
      SimpleMatrix expected = head.attend(query(batch, b), context(batch, b));
      for (int j = 0; j < target; j++) {
        double scale = Math.max(1.0, Math.abs(expected.get(0, j)));
        assertEquals(
            expected.get(0, j), workspace.output()[b * target + j], scale * OUTPUT_TOLERANCE);
      }
    }
    Map<String, SimpleMatrix> differences = new LinkedHashMap<>();
    double largest = 0.0;
    for (ParameterShape shape : layer.shapes()) {
      SimpleMatrix difference = centralDifference(matrices, shape, batch, workspace);
      differences.put(shape.name(), difference);
      largest = Math.max(largest, difference.normF());
    }
    for (ParameterShape shape : layer.shapes()) {
      SimpleMatrix expected = requireNonNull(differences.get(shape.name()));
      double error = gradient.matrix(shape.name()).minus(expected).normF();
      double bound = GRADIENT_TOLERANCE * Math.max(expected.normF(), FLOOR * largest);
      assertTrue(
          error <= bound, shape.name() + ": error " + error + " above " + bound + " in " + layer);
    }
  }

  private static SimpleMatrix centralDifference(
      Map<String, SimpleMatrix> matrices, ParameterShape shape, Batch batch, Workspace workspace) {
    SimpleMatrix difference = new SimpleMatrix(shape.rows(), shape.columns());
    for (int i = 0; i < shape.size(); i++) {
      double up = objective(matrices, shape.name(), i, STEP, batch, workspace);
      double down = objective(matrices, shape.name(), i, -STEP, batch, workspace);
      difference.getDDRM().data[i] = (up - down) / (2 * STEP);
    }
    return difference;
  }

  /** Σ_b outputGradient_b · out_b with one number of one parameter moved. */
  private static double objective(
      Map<String, SimpleMatrix> matrices,
      String name,
      int index,
      double step,
      Batch batch,
      Workspace workspace) {
    Map<String, SimpleMatrix> moved = new LinkedHashMap<>(matrices);
    SimpleMatrix matrix = requireNonNull(matrices.get(name)).copy();
    matrix.getDDRM().data[index] += step;
    moved.put(name, matrix);
    SoftmaxHead head = SoftmaxHead.of(moved);
    double sum = 0.0;
    int p = batch.widths().target();
    for (int b = 0; b < batch.size(); b++) {
      SimpleMatrix out = head.attend(query(batch, b), context(batch, b));
      for (int j = 0; j < p; j++) {
        sum += workspace.outputGradient()[b * p + j] * out.get(0, j);
      }
    }
    return sum;
  }

  private static SimpleMatrix query(Batch batch, int b) {
    int dk = batch.widths().key();
    SimpleMatrix query = new SimpleMatrix(1, dk);
    for (int j = 0; j < dk; j++) {
      query.getDDRM().data[j] = batch.queries()[b * dk + j];
    }
    return query;
  }

  private static Context context(Batch batch, int b) {
    return Context.of(
        rows(batch.keys(), batch.length(), b), rows(batch.values(), batch.length(), b));
  }

  private static SimpleMatrix rows(float[][] coordinates, int length, int b) {
    SimpleMatrix rows = new SimpleMatrix(length, coordinates.length);
    for (int l = 0; l < length; l++) {
      for (int j = 0; j < coordinates.length; j++) {
        rows.getDDRM().data[l * coordinates.length + j] = coordinates[j][b * length + l];
      }
    }
    return rows;
  }

  private static void fill(float[] out, RandomGenerator rng) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Normal.draw(rng);
    }
  }
}
