package org.definetti.architecture;

import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * The filter of a hidden Markov model as a gated recurrent network (claim X5).
 *
 * <pre>{@code
 * h_1 ∝ π ⊙ b(x^1),   h_l ∝ (h_{l-1} A) ⊙ b(x^l)      h_l = P(s_l | x^1..x^l)
 * out_l = h_l A E                                    = E[x^{l+1} | x^1..x^l]
 * }</pre>
 *
 * <ul>
 *   <li>Where: the state h is a row of K numbers, A the recurrent weights, {@code b(x)_k = P(x |
 *       k)} the gate, which multiplies each entry; ∝ divides by the sum, the only nonlinearity; E
 *       (K, W) the readout, row k the mean of a token from state k.
 *   <li>Exactness: exact at every length; the law of the next token is the model's own.
 *   <li>Depth: n, one step after another. {@link ParallelScan} does it in log2 n.
 *   <li>Cost: O(n K²) time; the state is K numbers whatever the length.
 *   <li>Source: forward recursion [recalled: Baum, Rabiner]; as a network [derived].
 * </ul>
 */
public final class GatedRecurrence implements Architecture {

  private final HiddenMarkov model;
  private final double[] initial; // log π
  private final double[][] transition; // log A
  private final SimpleMatrix readout; // E, (K, W)

  private GatedRecurrence(HiddenMarkov model) {
    this.model = model;
    this.initial = LogWeights.laws(model.initial())[0];
    this.transition = LogWeights.laws(model.transition());
    SimpleMatrix means = model.emission(0).mean();
    for (int k = 1; k < model.states(); k++) {
      means = means.concatRows(model.emission(k).mean());
    }
    this.readout = means;
  }

  /** Returns the network with the weights of this model. */
  public static GatedRecurrence of(HiddenMarkov model) {
    return new GatedRecurrence(model);
  }

  @Override
  public String name() {
    return "gated-recurrence";
  }

  @Override
  public String formula() {
    return "h_l ∝ (h_{l-1} A) ⊙ b(x^l) = P(s_l | x^1..x^l)";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return model.logLikelihoods(tokens);
  }

  /** {@inheritDoc} Row l is {@code P(s_l | x^1..x^l)}. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    int states = model.states();
    double[][] gates = LogWeights.evidence(evidence, -1, states);
    return LogWeights.probabilities(states(gates), states, "hidden-markov");
  }

  /** Returns h_1..h_n as logs for gates b. */
  double[][] states(double[][] gates) {
    double[][] h = new double[gates.length][];
    double[] ahead = initial;
    for (int l = 0; l < gates.length; l++) {
      h[l] = LogWeights.normalised(LogWeights.product(ahead, gates[l]));
      ahead = LogWeights.times(h[l], transition);
    }
    return h;
  }

  /**
   * Returns the law of the state that emits the token after each prefix: row l is {@code P(s_{l+1}
   * | x^1..x^l)}, row 0 is π; shape (n + 1, K).
   *
   * @param evidence shape (n, K)
   * @throws org.definetti.latent.ImpossibleTokensException if no states explain the evidence
   */
  public SimpleMatrix nextStates(SimpleMatrix evidence) {
    int states = model.states();
    double[][] h = states(LogWeights.evidence(evidence, -1, states));
    double[][] next = new double[h.length + 1][];
    next[0] = initial;
    for (int l = 0; l < h.length; l++) {
      next[l + 1] = LogWeights.times(h[l], transition);
    }
    return LogWeights.probabilities(next, states, "hidden-markov");
  }

  /**
   * Returns {@code E[x^{l+1} | x^1..x^l]} after each prefix, the probabilities where tokens are
   * categories; shape (n + 1, W).
   */
  public SimpleMatrix nextTokens(Tokens tokens) {
    SimpleMatrix next = nextStates(evidence(tokens));
    SimpleMatrix out = new SimpleMatrix(next.getNumRows(), readout.getNumCols());
    CommonOps_DDRM.mult(next.getDDRM(), readout.getDDRM(), out.getDDRM());
    return out;
  }

  /** {@inheritDoc} It is n. */
  @Override
  public int depth(int places) {
    return places;
  }

  @Override
  public String toString() {
    return name() + " of " + model;
  }
}
