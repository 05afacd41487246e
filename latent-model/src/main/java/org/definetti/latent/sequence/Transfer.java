package org.definetti.latent.sequence;

import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;

/**
 * The evidence of a segment of tokens as a K × K matrix of weights, a monoid under the product.
 *
 * <pre>{@code
 * M(i, j) = P(tokens of the segment, state after it = j | state at its first token = i)
 * }</pre>
 *
 * <p>Row i is stored as logs, with its own scale taken out and summed with compensation. An
 * immutable value.
 */
final class Transfer {

  private final int states;
  private final double count;
  private final double[] logs; // (K, K), row i without its scale
  private final double[] scale; // (K)
  private final double[] lost; // (K) rounding errors of the sums in scale

  private Transfer(int states, double count, double[] logs, double[] scale, double[] lost) {
    this.states = states;
    this.count = count;
    this.logs = logs;
    this.scale = scale;
    this.lost = lost;
  }

  /** The evidence of no tokens: the identity matrix. */
  static Transfer none(int states) {
    double[] logs = new double[states * states];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = i % (states + 1) == 0 ? 0 : Double.NEGATIVE_INFINITY;
    }
    return new Transfer(states, 0, logs, new double[states], new double[states]);
  }

  double count() {
    return count;
  }

  Transfer plus(Tokens tokens, Emission emission, Recursion recursion) {
    double[] newLogs = logs.clone();
    double[] newScale = scale.clone();
    double[] newLost = lost.clone();
    double[] likelihoods = new double[states];
    double[] scratch = new double[2 * states];
    for (int l = 0; l < tokens.length(); l++) {
      emission.logLikelihoods(tokens, l, likelihoods);
      for (int i = 0; i < states; i++) {
        double factor = recursion.forward(newLogs, i * states, likelihoods, scratch);
        add(newScale, newLost, i, factor);
      }
    }
    return new Transfer(states, count + tokens.length(), newLogs, newScale, newLost);
  }

  /** Returns the evidence of this segment followed by another: the product of the matrices. */
  Transfer times(Transfer after) {
    int top = after.largestRow();
    double[] newLogs = new double[states * states];
    double[] newScale = scale.clone();
    double[] newLost = lost.clone();
    double[] terms = new double[states];
    for (int i = 0; i < states; i++) {
      for (int k = 0; k < states; k++) {
        for (int j = 0; j < states; j++) {
          terms[j] =
              logs[i * states + j] + after.relativeScale(j, top) + after.logs[j * states + k];
        }
        newLogs[i * states + k] = LogSumExp.of(terms);
      }
      add(newScale, newLost, i, after.scale[top]);
      add(newScale, newLost, i, after.lost[top]);
    }
    return new Transfer(states, count + after.count, newLogs, newScale, newLost);
  }

  /**
   * Writes the log weights of the state after the segment, up to a factor.
   *
   * @param logFirst log weights of the state at its first token. Not modified.
   * @param out receives K log weights. Modified.
   * @return the log of the factor
   */
  double weights(double[] logFirst, double[] out) {
    int top = largestRow();
    double[] terms = new double[states];
    for (int j = 0; j < states; j++) {
      for (int i = 0; i < states; i++) {
        terms[i] = logFirst[i] + relativeScale(i, top) + logs[i * states + j];
      }
      out[j] = LogSumExp.of(terms);
    }
    return scale[top] + lost[top];
  }

  private int largestRow() {
    int top = 0;
    for (int i = 1; i < states; i++) {
      top = scale[i] > scale[top] ? i : top;
    }
    return top;
  }

  // Scales of a million tokens are large and close: their difference is taken before their sum.
  private double relativeScale(int i, int top) {
    if (scale[i] == Double.NEGATIVE_INFINITY) {
      return scale[i];
    }
    return (scale[i] - scale[top]) + (lost[i] - lost[top]);
  }

  private static void add(double[] sum, double[] lost, int i, double term) {
    double old = sum[i];
    double next = old + term;
    if (next != Double.NEGATIVE_INFINITY) {
      lost[i] += Math.abs(old) >= Math.abs(term) ? (old - next) + term : (term - next) + old;
    }
    sum[i] = next;
  }
}
