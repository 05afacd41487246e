package org.definetti.attention;

import java.util.Arrays;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention at a fixed temperature, with or without a null token.
 *
 * <pre>{@code
 * e_l = exp(q·k_l / γ + b_l),   e_0 = exp(logit of the null token), or 0 without one
 * w_l = e_l / (e_0 + Σ_j e_j),  w_0 = e_0 / (e_0 + Σ_j e_j)
 * out = Σ_l w_l v_l + w_0 v_0
 * }</pre>
 *
 * <ul>
 *   <li>Where: q query, k_l key, v_l value, b_l log bias of token l, γ temperature, v_0 value of
 *       the null token. A log bias of log c makes a token count as c copies of itself.
 *   <li>Shapes: queries (m, dk); context of n tokens, keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives the null token's value, and is refused without a null token. Logits
 *       up to the largest double are safe (the largest is subtracted first); a product q·k / γ that
 *       is itself beyond it is refused.
 *   <li>Cost: O(m n (dk + dv)) time, O(n) memory for {@link #attend}; stateless.
 *   <li>Accuracy: relative error of a weight about 1e-16 · max(1, |logit|); sums are compensated,
 *       so their error does not grow with n.
 *   <li>Source: softmax(Kq / γ) [source: Zhang-2023]; the null token [derived] (check B2).
 * </ul>
 *
 * <p>Unit keys at γ = 1 and the scaling 1/√dk are two different temperatures.
 */
public final class SoftmaxAttention implements WeightedAttention {

  private final double temperature;
  private final @Nullable NullToken nullToken;

  private SoftmaxAttention(double temperature, @Nullable NullToken nullToken) {
    this.temperature = temperature;
    this.nullToken = nullToken;
  }

  /**
   * Returns softmax attention at temperature γ without a null token.
   *
   * @throws IllegalArgumentException unless the temperature is finite and above zero
   */
  public static SoftmaxAttention of(double temperature) {
    return new SoftmaxAttention(Check.positive("temperature", temperature), null);
  }

  /** Returns this attention with this null token in place of any it had. */
  public SoftmaxAttention withNullToken(NullToken token) {
    return new SoftmaxAttention(temperature, token);
  }

  /** Returns γ. */
  public double temperature() {
    return temperature;
  }

  /** Returns the null token, or null where there is none. */
  public @Nullable NullToken nullToken() {
    return nullToken;
  }

  /**
   * Returns {@code Σ_l w_l v_l + w_0 v_0} for each query.
   *
   * @throws ShapeMismatchException if queries and keys, or null value and values, differ in width
   * @throws IllegalArgumentException if a number is not finite, or the context is empty and there
   *     is no null token
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    check(queries, context);
    int n = context.length();
    int width = context.values().getNumCols();
    double[] values = context.values().getDDRM().data;
    double[] weights = new double[n];
    double[] lost = new double[width];
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), width);
    double[] out = result.getDDRM().data;
    for (int i = 0; i < queries.getNumRows(); i++) {
      double nullWeight = fillWeights(queries, i, context, weights, 0);
      Arrays.fill(lost, 0);
      for (int l = 0; l < n; l++) {
        addScaled(weights[l], values, l * width, out, i * width, lost);
      }
      if (nullToken != null) {
        addScaled(nullWeight, nullToken.value().getDDRM().data, 0, out, i * width, lost);
      }
    }
    return result;
  }

  @Override
  public SimpleMatrix weights(SimpleMatrix queries, Context context) {
    check(queries, context);
    int n = context.length();
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), n);
    for (int i = 0; i < queries.getNumRows(); i++) {
      fillWeights(queries, i, context, result.getDDRM().data, i * n);
    }
    return result;
  }

  @Override
  public SimpleMatrix nullWeight(SimpleMatrix queries, Context context) {
    check(queries, context);
    double[] weights = new double[context.length()];
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), 1);
    for (int i = 0; i < queries.getNumRows(); i++) {
      result.getDDRM().data[i] = fillWeights(queries, i, context, weights, 0);
    }
    return result;
  }

  private void check(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    if (nullToken == null) {
      Shapes.notEmpty("softmax attention", context);
    } else {
      int width = context.values().getNumCols();
      Shapes.sameWidth("null token's value", nullToken.value(), width, "values");
    }
  }

  /**
   * Writes the weights of one query and returns the null token's.
   *
   * @param weights receives n numbers from {@code offset}. Modified.
   */
  private double fillWeights(
      SimpleMatrix queries, int row, Context context, double[] weights, int offset) {
    int n = context.length();
    double largest = nullToken == null ? Double.NEGATIVE_INFINITY : nullToken.logit();
    for (int l = 0; l < n; l++) {
      weights[offset + l] = logit(queries, row, context, l);
      largest = Math.max(largest, weights[offset + l]);
    }
    // Subtracting the largest logit leaves every exponent at most 0 and one of them 0.
    double nullWeight = nullToken == null ? 0 : Math.exp(nullToken.logit() - largest);
    double total = nullWeight;
    double lost = 0; // Kahan's compensation, as in addScaled
    for (int l = 0; l < n; l++) {
      weights[offset + l] = Math.exp(weights[offset + l] - largest);
      double term = weights[offset + l] - lost;
      double sum = total + term;
      lost = (sum - total) - term;
      total = sum;
    }
    for (int l = 0; l < n; l++) {
      weights[offset + l] /= total;
    }
    return nullWeight / total;
  }

  private double logit(SimpleMatrix queries, int row, Context context, int token) {
    int width = queries.getNumCols();
    double[] q = queries.getDDRM().data;
    double[] k = context.keys().getDDRM().data;
    double product = 0;
    for (int j = 0; j < width; j++) {
      product += q[row * width + j] * k[token * width + j];
    }
    double logit = product / temperature + context.logBiases().getDDRM().data[token];
    if (!Double.isFinite(logit)) {
      throw new IllegalArgumentException(
          "queries: expected finite logits, got " + logit + " for query " + row + ", key " + token);
    }
    return logit;
  }

  /**
   * Adds a scaled row to an output row with Kahan's compensation: equal weights round the same way
   * every time, so that plain sums over thousands of tokens would drift.
   *
   * @param lost what rounding took from each sum so far. Modified.
   */
  private static void addScaled(
      double factor, double[] row, int offset, double[] out, int outOffset, double[] lost) {
    for (int j = 0; j < lost.length; j++) {
      double term = factor * row[offset + j] - lost[j];
      double sum = out[outOffset + j] + term;
      lost[j] = (sum - out[outOffset + j]) - term;
      out[outOffset + j] = sum;
    }
  }

  @Override
  public String toString() {
    return "SoftmaxAttention[temperature " + temperature + ", null token " + nullToken + "]";
  }
}
