package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A recurrent network over rows: one state, passed from row to row. The reference form of the
 * trained one.
 *
 * <pre>{@code  y_i = h_i = step(W_I x_i + b_I, W_S h_(i-1) + b_S),   h_(-1) = 0  }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code input.map} W_I (G w, d), {@code input.bias} b_I (1, G w), {@code
 *       state.map} W_S (G w, w), {@code state.bias} b_S (1, G w); G the gates of the {@link
 *       Recurrence}.
 *   <li>Shapes: rows (n, d) to states (n, w), any n; stateless.
 *   <li>Cost: O(n G w (d + w)), in n steps one after another.
 *   <li>Source: see {@link Recurrence}.
 * </ul>
 */
public final class RecurrentStack {

  private final Recurrence recurrence;
  private final SimpleMatrix inputMap;
  private final SimpleMatrix inputBias;
  private final SimpleMatrix stateMap;
  private final SimpleMatrix stateBias;

  private RecurrentStack(Map<String, SimpleMatrix> parameters, Recurrence recurrence) {
    this.recurrence = Objects.requireNonNull(recurrence, "recurrence");
    this.inputMap = SoftmaxHead.need(parameters, "input.map");
    this.inputBias = SoftmaxHead.need(parameters, "input.bias");
    this.stateMap = SoftmaxHead.need(parameters, "state.map");
    this.stateBias = SoftmaxHead.need(parameters, "state.bias");
    int width = stateMap.getNumCols();
    Check.matrix("state.map", stateMap, recurrence.gates() * width, width);
    Check.matrix("state.bias", stateBias, 1, recurrence.gates() * width);
    Check.matrix("input.map", inputMap, recurrence.gates() * width, -1);
    Check.matrix("input.bias", inputBias, 1, recurrence.gates() * width);
  }

  /**
   * Returns the network with these parameters; others are not read.
   *
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static RecurrentStack of(Map<String, SimpleMatrix> parameters, Recurrence recurrence) {
    return new RecurrentStack(parameters, recurrence);
  }

  /**
   * Returns what the network makes of rows, shape (n, state width): the state after each row.
   *
   * @throws org.definetti.latent.ShapeMismatchException if the rows have another width
   */
  public SimpleMatrix transform(SimpleMatrix rows) {
    Check.matrix("rows", rows, -1, inputMap.getNumCols());
    int width = stateMap.getNumCols();
    SimpleMatrix driven = Rows.affine(rows, inputMap, inputBias, x -> x);
    double[] out = new double[rows.getNumRows() * width];
    double[] h = new double[width];
    double[] memory = new double[width];
    for (int i = 0; i < rows.getNumRows(); i++) {
      SimpleMatrix last = new SimpleMatrix(1, width, true, h);
      SimpleMatrix asked = Rows.affine(last, stateMap, stateBias, x -> x);
      recurrence.step(driven.rows(i, i + 1).getDDRM().data, asked.getDDRM().data, h, memory);
      System.arraycopy(h, 0, out, i * width, width);
    }
    return new SimpleMatrix(rows.getNumRows(), width, true, out);
  }

  @Override
  public String toString() {
    return "RecurrentStack[" + recurrence + ", width " + stateMap.getNumCols() + "]";
  }
}
