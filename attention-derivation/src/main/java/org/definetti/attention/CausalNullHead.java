package org.definetti.attention;

import java.util.Arrays;
import java.util.Objects;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * The null head at every prefix of a sequence in one pass: all logits 0, one null token for all
 * positions.
 *
 * <pre>{@code
 * out_i = (Σ_{l < i} c_l v_l + ν v_0) / (Σ_{l < i} c_l + ν),   w0_i = ν / (Σ_{l < i} c_l + ν)
 * }</pre>
 *
 * <ul>
 *   <li>Where: v_0 value and log ν logit of the null token, c_l = exp(log bias of row l), 1 without
 *       biases. With ν and v_0 = χ0 of a conjugate model out_i is the exact predictive mean of
 *       token i, at every position with the same parameters: prefix-exact.
 *   <li>The same as {@link CausalAttention#past} of softmax attention with this null token and zero
 *       queries, by running sums.
 *   <li>Shapes: queries (m, dk), m ≤ n + 1, used for their number only; values (n, dv); result (m,
 *       dv). Row order matters.
 *   <li>Cost: O(n dv) for all positions; stateless. Accuracy: compensated sums, a few ulps of the
 *       largest partial sum at any length; ν itself is exp(logit).
 *   <li>Source: [derived] (checks B2, X1).
 * </ul>
 *
 * @param nullToken the prior as a token
 */
public record CausalNullHead(NullToken nullToken) implements Attention {

  /** Checks that it is there. */
  public CausalNullHead {
    Objects.requireNonNull(nullToken, "nullToken");
  }

  /** Returns the head that is exact for a conjugate model at every prefix. */
  public static CausalNullHead of(ConjugateModel<?> model) {
    return new CausalNullHead(NullToken.ofCount(model.priorCount(), model.priorMean()));
  }

  /**
   * Returns the outputs at all n + 1 prefixes, the empty one first, shape (n + 1, dv).
   *
   * @throws org.definetti.latent.ShapeMismatchException if null value and values differ in width
   */
  public SimpleMatrix prefixes(Context context) {
    return attend(new SimpleMatrix(context.length() + 1, context.keys().getNumCols()), context);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    int count = queries.getNumRows();
    Shapes.positions(count, context.length() + 1);
    int width = context.values().getNumCols();
    Shapes.sameWidth("null token's value", nullToken.value(), width, "values");
    double nu = Math.exp(nullToken.logit());
    double[] prior = nullToken.value().getDDRM().data;
    double[] values = context.values().getDDRM().data;
    double[] weights = copies(context);
    double[] sum = new double[width];
    double[] lost = new double[width]; // Neumaier: what rounding took from each sum
    double total = 0;
    DMatrixRMaj out = new DMatrixRMaj(count, width);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        total += weights[i - 1];
        add(weights[i - 1], values, (i - 1) * width, sum, lost);
      }
      for (int j = 0; j < width; j++) {
        out.data[i * width + j] = (sum[j] + lost[j] + nu * prior[j]) / (total + nu);
      }
    }
    return SimpleMatrix.wrap(out);
  }

  /**
   * Returns the weight w0 of the null token at all n + 1 prefixes, shape (n + 1, 1).
   *
   * <p>With {@link #prefixes} it determines count and sum of the prefix, hence its posterior.
   */
  public SimpleMatrix nullWeights(Context context) {
    double nu = Math.exp(nullToken.logit());
    double[] weights = copies(context);
    double[] out = new double[weights.length + 1];
    double total = 0;
    for (int i = 0; i < out.length; i++) {
      total += i == 0 ? 0 : weights[i - 1];
      out[i] = nu / (total + nu);
    }
    return new SimpleMatrix(out.length, 1, true, out);
  }

  private static double[] copies(Context context) {
    double[] copies = new double[context.length()];
    Arrays.setAll(copies, l -> Math.exp(context.logBiases().get(l, 0)));
    Check.finite("logBiases as numbers of copies", copies, 0, copies.length);
    return copies;
  }

  private static void add(double factor, double[] rows, int offset, double[] sum, double[] lost) {
    for (int j = 0; j < sum.length; j++) {
      double term = factor * rows[offset + j];
      double next = sum[j] + term;
      lost[j] +=
          Math.abs(sum[j]) >= Math.abs(term) ? (sum[j] - next) + term : (term - next) + sum[j];
      sum[j] = next;
    }
  }
}
