package org.definetti.lab.claims;

import org.definetti.latent.sequence.HiddenMarkov;

/**
 * The best prediction of the next token of a hidden Markov model with two categories that sees how
 * many ones came before, but not when.
 *
 * <pre>{@code
 * f_0(0, s) = π_s,   f_{l+1}(c + x, s') = Σ_s f_l(c, s) P(x | s) A(s, s')
 * P(x^{l+1} = 1 | c ones in l tokens) = Σ_s f_l(c, s) P(1 | s) / Σ_s f_l(c, s)
 * }</pre>
 *
 * <p>f_l(c, s) is the probability of c ones and of state s next. It is {@link BlindPredictor} where
 * sequences are too many to list. Cost: O(l² K²). Source: [derived].
 */
final class CountFilter {

  private final double[][] transition;
  private final double[][] emission;
  private double[][] weights; // (l + 1, K)

  CountFilter(HiddenMarkov model) {
    int states = model.states();
    this.weights = new double[][] {Laws.row(model.initial(), 0)};
    this.transition = new double[states][];
    this.emission = new double[states][];
    for (int s = 0; s < states; s++) {
      transition[s] = Laws.row(model.transition(), s);
      emission[s] = model.emission(s).mean().getDDRM().data;
    }
  }

  /** Goes on to one token more. */
  void step() {
    int states = transition.length;
    double[][] next = new double[weights.length + 1][states];
    for (int c = 0; c < weights.length; c++) {
      for (int s = 0; s < states; s++) {
        for (int x = 0; x < 2; x++) {
          double weight = weights[c][s] * emission[s][x];
          for (int t = 0; t < states; t++) {
            next[c + x][t] += weight * transition[s][t];
          }
        }
      }
    }
    weights = next;
  }

  /** Returns the probability of a one after these tokens, {@code ones} of which were one. */
  double probability(int ones) {
    double one = 0;
    double all = 0;
    for (int s = 0; s < transition.length; s++) {
      one += weights[ones][s] * emission[s][1];
      all += weights[ones][s];
    }
    return one / all;
  }
}
