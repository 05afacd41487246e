package org.definetti.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.ejml.simple.SimpleMatrix;

/** A float32 layer against its double-precision reference form. */
final class GradientCheck {

  /** float32 rounding (6e-8) through some hundred operations on numbers of order one. */
  private static final double OUTPUT_TOLERANCE = 2e-5;

  /** Largest relative Frobenius error of one parameter's gradient. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /** The same for gradients that are small beside the largest one, relative to that. */
  private static final double FLOOR = 1e-6;

  /** Of central differences in double precision: error about step² and 1e-16 / step. */
  private static final double STEP = 1e-5;

  private static final int SIZE = 3;

  private GradientCheck() {}

  /**
   * Checks outputs and gradients at normal parameters and samples of unequal lengths.
   *
   * @param scale of the parameters
   * @param shortest the least length of a sample, at most {@code length}
   * @param reference the reference form from parameters by name
   */
  static void check(
      Layer layer,
      int shortest,
      int length,
      double scale,
      Function<Map<String, SimpleMatrix>, Attention> reference,
      RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(layer.shapes());
    Samples.fill(parameters.data(), rng);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.data()[i] *= (float) scale;
    }
    Batch batch = Samples.batch(layer, SIZE, length, rng);
    int rows = layer.outputs(length);
    batch.setLength(0, shortest);
    batch.setLength(1, (shortest + length + 1) / 2);
    Workspace workspace = layer.workspace(SIZE + 1, length + 1);
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    Samples.fill(workspace.outputGradient(), rng);
    Parameters sums = Parameters.zeros(layer.sums());
    layer.backward(parameters, batch, 0, SIZE, workspace, sums);
    Parameters gradient = parameters.zeros();
    layer.finish(parameters, sums, gradient);

    Map<String, SimpleMatrix> matrices = parameters.matrices();
    Attention attention = reference.apply(matrices);
    int p = layer.widths().target();
    for (int b = 0; b < SIZE; b++) {
      SimpleMatrix expected = attend(layer, attention, batch, b);
      double size = expected.getNumElements() == 0 ? 1 : Math.max(1.0, expected.elementMaxAbs());
      for (int i = 0; i < expected.getNumElements(); i++) {
        assertEquals(
            expected.getDDRM().data[i],
            workspace.output()[b * rows * p + i],
            size * OUTPUT_TOLERANCE,
            "output of " + layer);
      }
    }
    Map<String, SimpleMatrix> differences = new LinkedHashMap<>();
    double largest = 0.0;
    for (ParameterShape shape : layer.shapes()) {
      SimpleMatrix difference =
          centralDifference(layer, matrices, shape, batch, workspace, reference);
      differences.put(shape.name(), difference);
      largest = Math.max(largest, difference.normF());
    }
    for (ParameterShape shape : layer.shapes()) {
      SimpleMatrix expected = requireNonNull(differences.get(shape.name()));
      double error = gradient.matrix(shape.name()).minus(expected).normF();
      double bound = Math.max(GRADIENT_TOLERANCE * expected.normF(), FLOOR * largest);
      assertTrue(
          error <= bound,
          shape.name()
              + ": error "
              + error
              + " above "
              + bound
              + ", norm "
              + expected.normF()
              + ", largest "
              + largest
              + " in "
              + layer);
    }
  }

  private static SimpleMatrix centralDifference(
      Layer layer,
      Map<String, SimpleMatrix> matrices,
      ParameterShape shape,
      Batch batch,
      Workspace workspace,
      Function<Map<String, SimpleMatrix>, Attention> reference) {
    SimpleMatrix difference = new SimpleMatrix(shape.rows(), shape.columns());
    for (int i = 0; i < shape.size(); i++) {
      double up =
          objective(layer, moved(matrices, shape.name(), i, STEP), batch, workspace, reference);
      double down =
          objective(layer, moved(matrices, shape.name(), i, -STEP), batch, workspace, reference);
      difference.getDDRM().data[i] = (up - down) / (2 * STEP);
    }
    return difference;
  }

  private static Map<String, SimpleMatrix> moved(
      Map<String, SimpleMatrix> matrices, String name, int index, double step) {
    Map<String, SimpleMatrix> moved = new LinkedHashMap<>(matrices);
    SimpleMatrix matrix = requireNonNull(matrices.get(name)).copy();
    matrix.getDDRM().data[index] += step;
    moved.put(name, matrix);
    return moved;
  }

  /** Σ outputGradient · out over the answers of all samples. */
  private static double objective(
      Layer layer,
      Map<String, SimpleMatrix> matrices,
      Batch batch,
      Workspace workspace,
      Function<Map<String, SimpleMatrix>, Attention> reference) {
    Attention attention = reference.apply(matrices);
    double sum = 0.0;
    for (int b = 0; b < batch.size(); b++) {
      SimpleMatrix out = attend(layer, attention, batch, b);
      int at = b * layer.outputs(batch.length()) * batch.widths().target();
      for (int i = 0; i < out.getNumElements(); i++) {
        sum += workspace.outputGradient()[at + i] * out.getDDRM().data[i];
      }
    }
    return sum;
  }

  /** Returns the answers of a sample; at every token, queries say by their number for which. */
  private static SimpleMatrix attend(Layer layer, Attention attention, Batch batch, int b) {
    SimpleMatrix queries =
        layer.outputs(2) == 1
            ? Samples.query(batch, b)
            : new SimpleMatrix(batch.length(b), batch.widths().key());
    return attention.attend(queries, Samples.context(batch, b));
  }
}
