package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Convolutions over rows, one after another: local, and the same at every place. The reference form
 * of the trained ones.
 *
 * <pre>{@code
 * y_i = σ( b + Σ_t W_t x_(source of tap t at i) )   [ + x_i with residuals ]   one layer
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code layer.0.map} (d, T d), the W_t side by side, {@code layer.0.bias} (1,
 *       d), and so on for each layer; T the {@link ConvolutionShape#taps}.
 *   <li>Shapes: rows (n, d) to (n, d), any n; stateless.
 *   <li>Cost: O(n T d²) a layer.
 *   <li>Source: [recalled: temporal convolutional network], without its normalisation.
 * </ul>
 */
public final class ConvolutionStack {

  private final Map<String, SimpleMatrix> parameters;
  private final ConvolutionShape shape;
  private final Activation activation;
  private final boolean residual;
  private final int width;

  private ConvolutionStack(
      Map<String, SimpleMatrix> parameters,
      ConvolutionShape shape,
      Activation activation,
      boolean residual) {
    this.parameters = Map.copyOf(parameters);
    this.shape = Objects.requireNonNull(shape, "shape");
    this.activation = Objects.requireNonNull(activation, "activation");
    this.residual = residual;
    this.width = map(0).getNumRows();
    for (int r = 0; r < shape.depth(); r++) {
      Check.matrix("layer." + r + ".map", map(r), width, shape.taps() * width);
      Check.matrix("layer." + r + ".bias", bias(r), 1, width);
    }
  }

  /**
   * Returns the stack with these parameters; others are not read.
   *
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static ConvolutionStack of(
      Map<String, SimpleMatrix> parameters,
      ConvolutionShape shape,
      Activation activation,
      boolean residual) {
    return new ConvolutionStack(parameters, shape, activation, residual);
  }

  private SimpleMatrix map(int layer) {
    return SoftmaxHead.need(parameters, "layer." + layer + ".map");
  }

  private SimpleMatrix bias(int layer) {
    return SoftmaxHead.need(parameters, "layer." + layer + ".bias");
  }

  /**
   * Returns what the network makes of rows, shape (n, d) as the rows it is given.
   *
   * @throws org.definetti.latent.ShapeMismatchException if the rows have another width
   */
  public SimpleMatrix transform(SimpleMatrix rows) {
    SimpleMatrix current = Check.matrix("rows", rows, -1, width);
    for (int r = 0; r < shape.depth(); r++) {
      SimpleMatrix next = Rows.affine(seen(current, r), map(r), bias(r), activation::value);
      current = residual ? next.plus(current) : next;
    }
    return current;
  }

  /** Returns for each place what its taps see, side by side. */
  private SimpleMatrix seen(SimpleMatrix rows, int layer) {
    int n = rows.getNumRows();
    int columns = shape.taps() * width;
    double[] out = new double[n * columns];
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < shape.taps(); t++) {
        int from = shape.source(layer, t, i, n);
        if (from >= 0) {
          int at = i * columns + t * width;
          System.arraycopy(rows.getDDRM().data, from * width, out, at, width);
        }
      }
    }
    return new SimpleMatrix(n, columns, true, out);
  }

  @Override
  public String toString() {
    return "ConvolutionStack[" + shape + ", " + activation + (residual ? ", residual]" : "]");
  }
}
