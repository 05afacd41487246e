package org.definetti.latent.sequence;

import org.ejml.simple.SimpleMatrix;

/**
 * One step of the scaled forward and backward recursions of a hidden Markov model.
 *
 * <p>Log weights go in and out; in between, the K × K sums run over plain numbers scaled by the
 * largest. A sum that falls so low that terms may have underflowed is done again in logs, so a
 * state stays possible however unlikely it becomes: only true zeros are zeros.
 *
 * <p>Cost of a step: O(K²) products, 2 K exponentials and logarithms. Stateless but for {@code
 * scratch}, which belongs to one call chain.
 */
final class Recursion {

  // Terms below 1e-308 / 1e-290 of the largest may be lost: less than rounding if the sum is above.
  private static final double SAFE = 1e-290;

  private final int states;
  private final double[] transition; // (K, K)
  private final double[] logTransition; // (K, K)

  Recursion(SimpleMatrix transition) {
    this.states = transition.getNumRows();
    this.transition = new double[states * states];
    this.logTransition = new double[states * states];
    for (int i = 0; i < states; i++) {
      double sum = 0;
      for (int j = 0; j < states; j++) {
        sum += transition.get(i, j);
      }
      for (int j = 0; j < states; j++) {
        // A row may be off by 1e-9; over a million steps that would add up in the evidence.
        this.transition[i * states + j] = transition.get(i, j) / sum;
        logTransition[i * states + j] = Math.log(this.transition[i * states + j]);
      }
    }
  }

  int states() {
    return states;
  }

  double logTransition(int i, int j) {
    return logTransition[i * states + j];
  }

  /**
   * Multiplies weights of the state that emits a token by its likelihoods and moves to the next.
   *
   * @param weights K log weights from {@code offset}. Modified.
   * @param logs the K log-likelihoods of the token. Not modified.
   * @param scratch 2 K numbers. Modified.
   * @return the log of the factor taken out of the weights; minus infinity if all are zero
   */
  double forward(double[] weights, int offset, double[] logs, double[] scratch) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < states; i++) {
      weights[offset + i] += logs[i];
      largest = Math.max(largest, weights[offset + i]);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    for (int i = 0; i < states; i++) {
      scratch[states + i] = weights[offset + i] - largest;
      scratch[i] = Math.exp(scratch[states + i]);
    }
    for (int j = 0; j < states; j++) {
      double sum = 0;
      for (int i = 0; i < states; i++) {
        sum += scratch[i] * transition[i * states + j];
      }
      weights[offset + j] = sum > SAFE ? Math.log(sum) : logSum(scratch, j, states);
    }
    return largest;
  }

  /**
   * Moves weights from the state that emits a token to the one that emitted the token before.
   *
   * @param weights K log weights of the later tokens given the state of this one, without this
   *     one; on return with this one, given the state before. Modified.
   * @param logs the K log-likelihoods of this token. Not modified.
   * @param scratch 2 K numbers. Modified.
   */
  void backward(double[] weights, double[] logs, double[] scratch) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < states; j++) {
      weights[j] += logs[j];
      largest = Math.max(largest, weights[j]);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return;
    }
    for (int j = 0; j < states; j++) {
      scratch[states + j] = weights[j] - largest;
      scratch[j] = Math.exp(scratch[states + j]);
    }
    for (int i = 0; i < states; i++) {
      double sum = 0;
      for (int j = 0; j < states; j++) {
        sum += transition[i * states + j] * scratch[j];
      }
      weights[i] = sum > SAFE ? Math.log(sum) : logSum(scratch, i * states, 1);
    }
  }

  // log Σ_k exp(scratch[K + k] + logTransition[start + k · stride])
  private double logSum(double[] scratch, int start, int stride) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < states; k++) {
      largest = Math.max(largest, scratch[states + k] + logTransition[start + k * stride]);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    for (int k = 0; k < states; k++) {
      sum += Math.exp(scratch[states + k] + logTransition[start + k * stride] - largest);
    }
    return largest + Math.log(sum);
  }
}
