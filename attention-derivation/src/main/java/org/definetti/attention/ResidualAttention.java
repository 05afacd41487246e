package org.definetti.attention;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.ejml.simple.SimpleMatrix;

/**
 * Attention to what a known function of the keys leaves unexplained, plus that function at the
 * query.
 *
 * <pre>{@code  out = m(q) + inner(q, K, V − m(K))  }</pre>
 *
 * <ul>
 *   <li>Where: m the prior mean of the values at a key. Kernel ridge inside makes it the posterior
 *       mean of a Gaussian function with prior mean m (check B1, model M5).
 *   <li>Shapes: m maps (n, dk) to (n, dv); otherwise those of {@code inner}.
 *   <li>Edge cases: n = 0 gives m(q) where {@code inner} gives zero.
 *   <li>Cost: that of {@code inner} and of m at n + m keys.
 *   <li>Source: [derived].
 * </ul>
 *
 * @param mean m; must not modify its argument
 * @param inner the attention to the residuals
 */
public record ResidualAttention(UnaryOperator<SimpleMatrix> mean, Attention inner)
    implements Attention {

  /** Refuses null. */
  public ResidualAttention {
    Objects.requireNonNull(mean, "mean");
    Objects.requireNonNull(inner, "inner");
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    SimpleMatrix residuals = context.values().minus(mean.apply(context.keys()));
    Context left = new Context(context.keys(), residuals, context.logBiases());
    return mean.apply(queries).plus(inner.attend(queries, left));
  }
}
