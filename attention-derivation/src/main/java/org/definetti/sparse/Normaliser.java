package org.definetti.sparse;

import java.util.Arrays;
import org.definetti.latent.Check;

/**
 * How scores become attention weights, and how far weights move when scores do.
 *
 * <pre>
 * {@code  ‖Norm(a) - Norm(b)‖_1 <= C · ‖a - b‖_∞   for scores of N tokens with |a|, |b| <= B  }
 * </pre>
 *
 * <table>
 *   <caption>Normalisers</caption>
 *   <tr><th>name</th><th>weights</th><th>C</th></tr>
 *   <tr><td>softmax</td><td>{@code e^a_i / Σ_j e^a_j}</td><td>1, sharp</td></tr>
 *   <tr><td>sparsemax</td><td>the nearest point of the simplex</td>
 *       <td>N, or N - 1/N for odd N; sharp</td></tr>
 *   <tr><td>relu</td><td>{@code (1 + a_i)_+ / Σ_j (1 + a_j)_+}</td>
 *       <td>2 / (1 - B) for B &lt; 1</td></tr>
 *   <tr><td>none</td><td>{@code a_i}, a control</td><td>N</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Why, along the segment from b to a, with δ its direction and |δ| &lt;= 1. Softmax: {@code
 *       Σ_i p_i |δ_i - E_p δ|} is at most a standard deviation, at most 1. Sparsemax: on a support
 *       of k tokens it is {@code Σ_i |δ_i - mean δ|}, largest for half the signs up and half down.
 *       Relu: {@code Σ_i |δ_i - p_i Σ_j δ_j| <= 2N}, over a sum of at least N(1 - B).
 *   <li>So softmax and, for scores below one, relu have a constant without the number of tokens,
 *       and sparsemax has none, though its weights sum to one as well.
 *   <li>Source: [derived]; a constant 2 for softmax is [source: Edelman-2022, Corollary A.7, as
 *       quoted in a later paper].
 * </ul>
 */
public enum Normaliser {

  /** Exponentials over their sum. */
  SOFTMAX {
    @Override
    double[] normalise(double[] scores) {
      double largest = Arrays.stream(scores).max().orElseThrow();
      double[] weights = Arrays.stream(scores).map(score -> Math.exp(score - largest)).toArray();
      return divided(weights, Arrays.stream(weights).sum()); // a compensated sum
    }

    @Override
    public double lipschitz(int tokens, double largestScore) {
      check(tokens, largestScore);
      return 1;
    }
  },

  /** The Euclidean projection onto the simplex [recalled: Martins and Astudillo 2016]. */
  SPARSEMAX {
    @Override
    double[] normalise(double[] scores) {
      double[] ascending = scores.clone();
      Arrays.sort(ascending);
      double sum = 0;
      double threshold = 0;
      int size = 0;
      for (int i = ascending.length - 1; i >= 0; i--) {
        // The scores above the threshold (sum - 1)/size are the support.
        sum += ascending[i];
        size++;
        if (ascending[i] * size <= sum - 1) {
          break;
        }
        threshold = (sum - 1) / size;
      }
      double[] weights = new double[scores.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(0, scores[i] - threshold);
      }
      return weights;
    }

    @Override
    public double lipschitz(int tokens, double largestScore) {
      check(tokens, largestScore);
      return tokens % 2 == 0 ? tokens : tokens - 1.0 / tokens;
    }
  },

  /** Positive parts of one plus the score, over their sum; uniform where all are zero. */
  RELU {
    @Override
    double[] normalise(double[] scores) {
      double[] weights = new double[scores.length];
      double total = 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(0, 1 + scores[i]);
        total += weights[i];
      }
      if (total == 0) {
        Arrays.fill(weights, 1);
        total = weights.length;
      }
      return divided(weights, total);
    }

    @Override
    public double lipschitz(int tokens, double largestScore) {
      check(tokens, largestScore);
      return largestScore < 1 ? 2 / (1 - largestScore) : Double.POSITIVE_INFINITY;
    }
  },

  /** The scores themselves: a control, with weights of any sum. */
  NONE {
    @Override
    double[] normalise(double[] scores) {
      return scores.clone();
    }

    @Override
    public double lipschitz(int tokens, double largestScore) {
      check(tokens, largestScore);
      return tokens;
    }
  };

  abstract double[] normalise(double[] scores);

  /**
   * Returns the constant C of the table.
   *
   * @param tokens N, at least 1
   * @param largestScore B, at least 0; only {@link #RELU} looks at it
   * @return infinity where there is no constant
   */
  public abstract double lipschitz(int tokens, double largestScore);

  /**
   * Returns the weights of these scores.
   *
   * <ul>
   *   <li>Cost: O(N); sparsemax O(N log N).
   *   <li>Accuracy: softmax 1e-16 · max(1, |score|), its sum being compensated; others N · 1e-16.
   * </ul>
   *
   * @param scores at least one, finite. Not modified.
   * @throws IllegalArgumentException if there is no score or one is not finite
   */
  public double[] weights(double... scores) {
    Check.atLeast("scores", 1, scores.length);
    Check.finite("scores", scores, 0, scores.length);
    return normalise(scores);
  }

  private static void check(int tokens, double largestScore) {
    Check.atLeast("tokens", 1, tokens);
    Check.notNegative("largestScore", largestScore);
  }

  private static double[] divided(double[] weights, double total) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= total;
    }
    return weights;
  }
}
