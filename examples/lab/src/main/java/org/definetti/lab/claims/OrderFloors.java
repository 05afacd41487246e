package org.definetti.lab.claims;

import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * What predictors that see less than the order of a hidden Markov coin must lose to the forward
 * filter, exactly, over the tokens 1..L+1 together.
 *
 * <pre>{@code
 * P(n, w, s)      law of ones so far, last symbol, next state     by dynamic programming, O(L² K²)
 * order-blind     Σ_t H(x^(t+1) | n) - H(x^(t+1) | x^1..x^t)      the best function of the counts
 * counts and last Σ_t H(x^(t+1) | n, x^t) - H(x^(t+1) | x^1..x^t)
 * null head       min over ν, v of Σ_t E loss(((n_w + ν v_w) / (t + ν))_w) - H(x^(t+1) | …)
 * }</pre>
 *
 * <p>The filter's entropies are sums over all 2^t pasts. Source: [derived: conditional entropy is
 * the least log loss of a function of what is conditioned on].
 */
final class OrderFloors {

  private static final int NONE = 2; // no last symbol yet

  private final double[][] transition;
  private final double[][] emission;
  private final int length;
  private final double[][][][] joint; // (t)(ones)(last symbol)(next state)
  private final double[] filter; // (t): H(x^(t+1) | x^1..x^t)

  /**
   * Computes the laws.
   *
   * @param initial (K)
   * @param transition (K, K)
   * @param emission (K, 2)
   * @param length L, at most 20 or so: all pasts are listed
   */
  OrderFloors(double[] initial, double[][] transition, double[][] emission, int length) {
    this.transition = transition;
    this.emission = emission;
    this.length = length;
    this.joint = new double[length + 1][][][];
    this.filter = new double[length + 1];
    joint[0] = new double[1][NONE + 1][];
    joint[0][0][NONE] = initial;
    for (int t = 0; t < length; t++) {
      joint[t + 1] = next(joint[t]);
    }
    list(initial, 0);
  }

  private double[][][] next(double[][][] now) {
    double[][][] next = new double[now.length + 1][NONE + 1][];
    for (int n = 0; n < now.length; n++) {
      for (double[] states : now[n]) {
        for (int x = 0; x < 2 && states != null; x++) {
          double[] moved = move(states, x);
          if (next[n + x][x] == null) {
            next[n + x][x] = moved;
          } else {
            add(next[n + x][x], moved);
          }
        }
      }
    }
    return next;
  }

  private static void add(double[] sum, double[] more) {
    for (int s = 0; s < sum.length; s++) {
      sum[s] += more[s];
    }
  }

  /** Returns the weights of the next state after a symbol. */
  private double[] move(double[] states, int symbol) {
    double[] moved = new double[states.length];
    for (int s = 0; s < states.length; s++) {
      for (int to = 0; to < states.length; to++) {
        moved[to] += states[s] * emission[s][symbol] * transition[s][to];
      }
    }
    return moved;
  }

  private void list(double[] states, int t) {
    filter[t] += weightedEntropy(weight(states, 0), weight(states, 1));
    if (t < length) {
      list(move(states, 0), t + 1);
      list(move(states, 1), t + 1);
    }
  }

  private double weight(double[] states, int symbol) {
    double sum = 0;
    for (int s = 0; s < states.length; s++) {
      sum += states[s] * emission[s][symbol];
    }
    return sum;
  }

  /** Returns {@code (a + b) H(a / (a + b))}. */
  private static double weightedEntropy(double a, double b) {
    return term(a, a + b) + term(b, a + b);
  }

  private static double term(double weight, double total) {
    return weight > 0 ? -weight * Math.log(weight / total) : 0;
  }

  /** Returns what the best function of the counts loses. */
  double orderBlind() {
    double sum = 0;
    for (int t = 0; t <= length; t++) {
      for (double[][] lasts : joint[t]) {
        double[] weights = new double[2];
        for (double[] states : lasts) {
          for (int x = 0; x < 2 && states != null; x++) {
            weights[x] += weight(states, x);
          }
        }
        sum += weightedEntropy(weights[0], weights[1]);
      }
      sum -= filter[t];
    }
    return sum;
  }

  /** Returns what the best function of the counts and the last symbol loses. */
  double countsAndLast() {
    double sum = 0;
    for (int t = 0; t <= length; t++) {
      for (double[][] lasts : joint[t]) {
        for (double[] states : lasts) {
          sum += states == null ? 0 : weightedEntropy(weight(states, 0), weight(states, 1));
        }
      }
      sum -= filter[t];
    }
    return sum;
  }

  /** Returns what the best null head with equal logits loses. */
  double nullHead() {
    double[] guess = {0, Math.log(0.5), Math.log(0.5)};
    return new SimplexOptimizer(1e-12, 1e-12)
        .optimize(
            new MaxEval(20_000),
            new ObjectiveFunction(this::nullHead),
            GoalType.MINIMIZE,
            new InitialGuess(guess),
            new NelderMeadSimplex(3, 0.5))
        .getValue();
  }

  /**
   * Returns what a null head loses, judged as it is trained: outputs need not add up to one.
   *
   * @param logs of ν and of the two null values
   */
  private double nullHead(double[] logs) {
    double nu = Math.exp(logs[0]);
    double sum = 0;
    for (int t = 0; t <= length; t++) {
      for (int n = 0; n <= t; n++) {
        double[] out = {
          (t - n + nu * Math.exp(logs[1])) / (t + nu), (n + nu * Math.exp(logs[2])) / (t + nu)
        };
        for (double[] states : joint[t][n]) {
          for (int x = 0; x < 2 && states != null; x++) {
            sum += weight(states, x) * (out[0] + out[1] - 1 - Math.log(out[x]));
          }
        }
      }
      sum -= filter[t];
    }
    return sum;
  }
}
