package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Softmax attention read as kernel regression: the weight of a token falls with its distance.
 *
 * <pre>{@code
 * w_l ∝ exp(−‖q − k_l‖² / (2γ) + b_l),   out = Σ_l w_l v_l
 *     = softmax attention at temperature γ with log biases b_l − ‖k_l‖² / (2γ)
 * }</pre>
 *
 * <ul>
 *   <li>Where: γ squared bandwidth ({@code bandwidth}), b_l log bias. It equals {@link
 *       SoftmaxAttention} at temperature γ exactly if all keys have one norm, because ‖q‖² and
 *       ‖k_l‖² then cancel.
 *   <li>It is the posterior mean of v_i if token i, drawn with probability ∝ exp(b_i), made the
 *       query as k_i + N(0, γ I) (check B4).
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 is refused. Distances are taken before squaring, so keys far from zero
 *       lose no digits.
 *   <li>Cost: O(m n (dk + dv)) time, O(n) memory a query; stateless.
 *   <li>Source: kernel exp(a·b / γ) [source: Zhang-2023]; the reading as a posterior [derived; cf.
 *       source: Singh-2023, abstract]; the smoother [recalled: Nadaraya, Watson].
 * </ul>
 *
 * @param bandwidth γ, finite and above zero
 */
public record NadarayaWatsonAttention(double bandwidth) implements WeightedAttention {

  private static final SoftmaxAttention BIASES_ONLY = SoftmaxAttention.of(1);

  /**
   * Checks the bandwidth.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public NadarayaWatsonAttention {
    Check.positive("bandwidth", bandwidth);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException if queries and keys differ in width
   * @throws IllegalArgumentException if the context is empty, or so far from a query that a squared
   *     distance is not finite
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    check(queries, context);
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), context.values().getNumCols());
    for (int i = 0; i < queries.getNumRows(); i++) {
      Rows.write(BIASES_ONLY.attend(noQuery(context), seenFrom(queries, i, context)), result, i);
    }
    return result;
  }

  @Override
  public SimpleMatrix weights(SimpleMatrix queries, Context context) {
    check(queries, context);
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), context.length());
    for (int i = 0; i < queries.getNumRows(); i++) {
      Rows.write(BIASES_ONLY.weights(noQuery(context), seenFrom(queries, i, context)), result, i);
    }
    return result;
  }

  private static void check(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    Shapes.notEmpty("Nadaraya-Watson attention", context);
  }

  private static SimpleMatrix noQuery(Context context) {
    return new SimpleMatrix(1, context.keys().getNumCols());
  }

  /** Returns the context with log biases that say how far each key is from a query. */
  private Context seenFrom(SimpleMatrix queries, int row, Context context) {
    int width = queries.getNumCols();
    double[] q = queries.getDDRM().data;
    double[] k = context.keys().getDDRM().data;
    double[] biases = new double[context.length()];
    for (int l = 0; l < biases.length; l++) {
      double distance = 0;
      for (int j = 0; j < width; j++) {
        double step = q[row * width + j] - k[l * width + j];
        distance += step * step;
      }
      biases[l] = context.logBiases().get(l) - distance / (2 * bandwidth);
    }
    return new Context(
        context.keys(), context.values(), new SimpleMatrix(biases.length, 1, true, biases));
  }
}
