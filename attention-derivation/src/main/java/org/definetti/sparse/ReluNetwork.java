package org.definetti.sparse;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * One hidden layer of rectified units.
 *
 * <pre>{@code  out = c + Σ_j w_j relu(A_j · y + b_j)  }</pre>
 *
 * @param hidden A, shape (units, k)
 * @param biases b, shape (1, units)
 * @param output w, shape (1, units)
 * @param constant c
 */
public record ReluNetwork(
    SimpleMatrix hidden, SimpleMatrix biases, SimpleMatrix output, double constant) {

  /**
   * Checks the shapes.
   *
   * @throws org.definetti.latent.ShapeMismatchException if one does not fit the hidden map
   */
  public ReluNetwork {
    Check.matrix("hidden", hidden, -1, -1);
    Check.matrix("biases", biases, 1, hidden.getNumRows());
    Check.matrix("output", output, 1, hidden.getNumRows());
  }

  /**
   * Returns the network that takes a given value on each of several disjoint intervals.
   *
   * <pre>{@code
   * out = g_0 + Σ_i (g_i - g_(i-1)) [relu(y - high_(i-1)) - relu(y - low_i)] / (low_i - high_(i-1))
   * }</pre>
   *
   * <ul>
   *   <li>Exact in real arithmetic on the intervals, linear in between. Two units for every change
   *       of value, none where it stays.
   *   <li>Source: [derived] (checks V8, V9).
   * </ul>
   *
   * @param lows the lower ends, ascending. Not modified.
   * @param highs the upper ends, {@code lows[i] <= highs[i] < lows[i + 1]}. Not modified.
   * @param values g. Not modified.
   * @throws IllegalArgumentException if the intervals are not disjoint and ascending
   */
  public static ReluNetwork ramps(double[] lows, double[] highs, double[] values) {
    Check.atLeast("values", 1, values.length);
    Check.width("lows", values.length, lows);
    Check.width("highs", values.length, highs);
    double[] biases = new double[2 * values.length];
    double[] output = new double[2 * values.length];
    int units = 0;
    for (int i = 1; i < values.length; i++) {
      double ramp = lows[i] - highs[i - 1];
      if (!(ramp > 0) || !(highs[i] >= lows[i])) {
        throw new IllegalArgumentException(
            "lows: expected disjoint ascending intervals, got an end at "
                + highs[i - 1]
                + " and a start at "
                + lows[i]);
      }
      if (values[i] != values[i - 1]) {
        double slope = (values[i] - values[i - 1]) / ramp;
        biases[units] = -highs[i - 1];
        output[units++] = slope;
        biases[units] = -lows[i];
        output[units++] = -slope;
      }
    }
    return new ReluNetwork(
        SimpleMatrix.filled(units, 1, 1), row(biases, units), row(output, units), values[0]);
  }

  private static SimpleMatrix row(double[] numbers, int count) {
    return new SimpleMatrix(1, count, true, java.util.Arrays.copyOf(numbers, count));
  }

  /**
   * Returns the output at an input.
   *
   * @param input y, (k) numbers. Not modified.
   */
  public double value(double... input) {
    Check.width("input", hidden.getNumCols(), input);
    double[] a = hidden.getDDRM().data;
    double sum = constant;
    for (int j = 0; j < units(); j++) {
      double unit = biases.get(0, j);
      for (int i = 0; i < input.length; i++) {
        unit += a[j * input.length + i] * input[i];
      }
      sum += output.get(0, j) * Math.max(0, unit);
    }
    return sum;
  }

  /** Returns the number of hidden units. */
  public int units() {
    return hidden.getNumRows();
  }

  /** Returns the Euclidean norm of w. */
  public double outputNorm() {
    return output.normF();
  }

  /** Returns the Frobenius norm of A. */
  public double hiddenNorm() {
    return hidden.normF();
  }
}
