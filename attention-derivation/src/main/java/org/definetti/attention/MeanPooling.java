package org.definetti.attention;

import org.ejml.simple.SimpleMatrix;

/**
 * The plain average of the values: what is left of softmax attention without queries and without a
 * null token. A control.
 *
 * <pre>{@code  out = Σ_l c_l v_l / Σ_l c_l,   c_l = exp(b_l), 1 without log biases  }</pre>
 *
 * <ul>
 *   <li>It forgets how many tokens it saw, so it is not sufficient across lengths (check A7).
 *   <li>Shapes: queries (m, dk), used for their number only; values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 is refused.
 *   <li>Cost: O(n dv + m dv) per call; stateless.
 *   <li>Source: [source: audit of Wakayama-2025]; as a limit of softmax attention [derived].
 * </ul>
 */
public record MeanPooling() implements WeightedAttention {

  private static final SoftmaxAttention UNIFORM = SoftmaxAttention.of(1);

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    check(queries, context);
    return repeat(UNIFORM.attend(emptyQuery(context), context), queries.getNumRows());
  }

  @Override
  public SimpleMatrix weights(SimpleMatrix queries, Context context) {
    check(queries, context);
    return repeat(UNIFORM.weights(emptyQuery(context), context), queries.getNumRows());
  }

  private static void check(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    Shapes.notEmpty("mean pooling", context);
  }

  private static SimpleMatrix emptyQuery(Context context) {
    return new SimpleMatrix(1, context.keys().getNumCols());
  }

  private static SimpleMatrix repeat(SimpleMatrix row, int count) {
    int width = row.getNumCols();
    SimpleMatrix result = new SimpleMatrix(count, width);
    for (int i = 0; i < count; i++) {
      System.arraycopy(row.getDDRM().data, 0, result.getDDRM().data, i * width, width);
    }
    return result;
  }
}
