package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Linear maps that commute with every permutation of the rows, with a nonlinearity behind each: the
 * equivariant deep sets.
 *
 * <pre>{@code
 * y_i = σ( Λ x_i + Γ (1/n) Σ_j x_j + b )   [ + x_i with residuals ]   one layer
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code layer.0.map} (d, 2 d), Λ and Γ side by side, {@code layer.0.bias} (1,
 *       d), and so on for each layer.
 *   <li>Shapes: rows (n, d) to (n, d), any n; stateless.
 *   <li>Cost: O(n d²) a layer.
 *   <li>Source: linear maps that commute with S_n are span(I, 11ᵀ) [recalled: Zaheer 2017].
 * </ul>
 */
public final class SetStack {

  private final Map<String, SimpleMatrix> parameters;
  private final int depth;
  private final Activation activation;
  private final boolean residual;
  private final int width;

  private SetStack(
      Map<String, SimpleMatrix> parameters, int depth, Activation activation, boolean residual) {
    this.parameters = Map.copyOf(parameters);
    this.depth = Check.atLeast("depth", 1, depth);
    this.activation = Objects.requireNonNull(activation, "activation");
    this.residual = residual;
    this.width = need(0, "map").getNumRows();
    for (int r = 0; r < depth; r++) {
      Check.matrix("layer." + r + ".map", need(r, "map"), width, 2 * width);
      Check.matrix("layer." + r + ".bias", need(r, "bias"), 1, width);
    }
  }

  /**
   * Returns the stack with these parameters; others are not read.
   *
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static SetStack of(
      Map<String, SimpleMatrix> parameters, int depth, Activation activation, boolean residual) {
    return new SetStack(parameters, depth, activation, residual);
  }

  private SimpleMatrix need(int layer, String name) {
    return SoftmaxHead.need(parameters, "layer." + layer + "." + name);
  }

  /**
   * Returns what the network makes of rows, shape (n, d) as the rows it is given.
   *
   * @throws org.definetti.latent.ShapeMismatchException if the rows have another width
   */
  public SimpleMatrix transform(SimpleMatrix rows) {
    SimpleMatrix current = Check.matrix("rows", rows, -1, width);
    int n = rows.getNumRows();
    for (int r = 0; n > 0 && r < depth; r++) {
      SimpleMatrix means = SimpleMatrix.filled(n, n, 1.0 / n).mult(current);
      SimpleMatrix both = current.concatColumns(means);
      SimpleMatrix next = Rows.affine(both, need(r, "map"), need(r, "bias"), activation::value);
      current = residual ? next.plus(current) : next;
    }
    return current;
  }

  @Override
  public String toString() {
    return "SetStack[" + depth + " layers, " + activation + (residual ? ", residual]" : "]");
  }
}
