package org.definetti.symmetry;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/** Functions for the tests: what is not equivariant, written without the forms. */
final class SampleFunctions {

  /** ReLU of every coordinate of every token. */
  static final SequenceFunction RELU = (x, z) -> relu(x);

  /** LayerNorm without gain: subtracts the mean of the coordinates. */
  static final SequenceFunction LAYER_NORM = (x, z) -> normalised(x, true);

  /** RMSNorm without gain. */
  static final SequenceFunction RMS_NORM = (x, z) -> normalised(x, false);

  private SampleFunctions() {}

  private static SimpleMatrix relu(SimpleMatrix x) {
    double[] out = Arrays.stream(x.getDDRM().data).map(value -> Math.max(0, value)).toArray();
    return new SimpleMatrix(x.getNumRows(), x.getNumCols(), true, out);
  }

  private static SimpleMatrix normalised(SimpleMatrix x, boolean centred) {
    double[] out = x.getDDRM().data.clone();
    int d = x.getNumCols();
    for (int start = 0; start < out.length; start += d) {
      double mean = 0;
      for (int j = 0; j < d; j++) {
        mean += centred ? out[start + j] / d : 0;
      }
      double square = 0;
      for (int j = 0; j < d; j++) {
        out[start + j] -= mean;
        square += out[start + j] * out[start + j] / d;
      }
      for (int j = 0; j < d; j++) {
        out[start + j] /= Math.sqrt(square);
      }
    }
    return new SimpleMatrix(x.getNumRows(), d, true, out);
  }

  static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  /** Softmax attention with generic weights. */
  static SequenceFunction generic(int d, RandomGenerator rng) {
    SimpleMatrix scores = normal(d, d, rng);
    SimpleMatrix values = normal(d, d, rng);
    return (x, z) ->
        GramAttention.rowSoftmax(x.mult(scores).mult(x.transpose())).mult(x).mult(values);
  }

  /** The cross product of the first two tokens of R³: commutes with rotations only. */
  static final SequenceFunction CROSS_PRODUCT =
      (x, z) ->
          new SimpleMatrix(
              1,
              3,
              true,
              x.get(0, 1) * x.get(1, 2) - x.get(0, 2) * x.get(1, 1),
              x.get(0, 2) * x.get(1, 0) - x.get(0, 0) * x.get(1, 2),
              x.get(0, 0) * x.get(1, 1) - x.get(0, 1) * x.get(1, 0));
}
