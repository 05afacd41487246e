package org.definetti.attention;

import java.util.Objects;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * An attention that gives every token a log bias by its key: what the prior says of such tokens,
 * whatever is asked.
 *
 * <pre>{@code  out = inner(q, K, V) with bias_l + r·k_l  }</pre>
 *
 * <ul>
 *   <li>A token counts as exp(r·k_l) copies of itself. For one-hot keys r holds a learned log
 *       weight for each category.
 *   <li>Shapes: r (1, dk); otherwise those of the inner attention.
 *   <li>Cost: that of the inner attention plus O(n dk).
 *   <li>Source: [derived].
 * </ul>
 *
 * @param map r, finite
 * @param inner the attention
 */
public record KeyBiasAttention(SimpleMatrix map, Attention inner) implements Attention {

  /**
   * Checks and copies the map.
   *
   * @throws org.definetti.latent.ShapeMismatchException if it is not one row
   * @throws IllegalArgumentException if a number is not finite
   */
  public KeyBiasAttention {
    map = Check.matrix("map", map, 1, -1).copy();
    Objects.requireNonNull(inner, "inner");
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    Shapes.sameWidth("keys", context.keys(), map.getNumCols(), "the bias map");
    SimpleMatrix biases = context.logBiases().plus(context.keys().mult(map.transpose()));
    return inner.attend(queries, new Context(context.keys(), context.values(), biases));
  }
}
