package org.definetti.attention;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Layers of causal attention on top of each other: the rows of one layer are tokens of the next.
 *
 * <pre>{@code
 * X_0 = tokens,   X_(h+1) row i = [X_h row i] + layer_h(X_h row i, X_h rows 0..i)
 * }</pre>
 *
 * <ul>
 *   <li>The term in brackets is the residual connection, left out unless {@link #residual}.
 *   <li>Shapes: rows (n, d); result (n, p), p = d with a residual connection.
 *   <li>What the last row knows of the order of the past: with <em>one</em> layer nothing, if its
 *       queries do not see positions, because attention to a set is a function of the set. With
 *       <em>two</em> layers, in general, everything: row j of X_1 depends on which tokens came
 *       before j, and the second layer mixes those rows. An order-blind predictor therefore needs
 *       depth one, or layers without a causal mask.
 *   <li>Cost: that of {@link CausalAttention} a layer.
 *   <li>Source: residual layers [source: Zhang-2023]; the invariance and its loss [derived] (check
 *       X1).
 * </ul>
 *
 * @param layers the attention of each layer, first to last; at least one. Maps of queries, keys and
 *     values come as {@link Head}s
 * @param residual whether each layer adds to its input
 */
public record CausalStack(List<Attention> layers, boolean residual) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no layer
   */
  public CausalStack {
    layers = List.copyOf(layers);
    Check.atLeast("layers", 1, layers.size());
  }

  /** Returns the stack of these layers without residual connections. */
  public static CausalStack of(Attention... layers) {
    return new CausalStack(List.of(layers), false);
  }

  /** Returns this stack with residual connections. */
  public CausalStack withResidual() {
    return new CausalStack(layers, true);
  }

  /**
   * Returns the rows of the last layer, one a position.
   *
   * @param rows tokens in order, shape (n, d)
   * @throws ShapeMismatchException if a layer's output is not as wide as its input and there is a
   *     residual connection
   */
  public SimpleMatrix transform(SimpleMatrix rows) {
    SimpleMatrix current = Check.matrix("rows", rows, -1, -1);
    for (Attention layer : layers) {
      SimpleMatrix out =
          CausalAttention.pastAndSelf(layer).attend(current, Context.of(current, current));
      if (residual) {
        Shapes.sameWidth("output of a layer", out, current.getNumCols(), "its input");
      }
      current = residual ? current.plus(out) : out;
    }
    return current;
  }
}
