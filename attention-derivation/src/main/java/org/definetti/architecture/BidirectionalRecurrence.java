package org.definetti.architecture;

import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.simple.SimpleMatrix;

/**
 * The smoother of a hidden Markov model as two recurrences that meet (claim X5).
 *
 * <pre>{@code
 * h_l ∝ (h_{l-1} A) ⊙ b(x^l)              from the left, GatedRecurrence
 * g_{l-1} ∝ A (b(x^l) ⊙ g_l),  g_n = 1     from the right
 * out_l ∝ h_l ⊙ g_l = P(s_l | x^1..x^n)
 * }</pre>
 *
 * <ul>
 *   <li>Exactness: exact at every length.
 *   <li>Depth: n; the two directions run side by side.
 *   <li>Cost: O(n K²) time, O(n K) memory.
 *   <li>Source: forward-backward recursion [recalled: Baum, Rabiner]; as a network [derived].
 * </ul>
 */
public final class BidirectionalRecurrence implements Architecture {

  private final GatedRecurrence forward;
  private final int states;
  private final double[][] backward; // log of the transpose of A

  private BidirectionalRecurrence(HiddenMarkov model) {
    this.forward = GatedRecurrence.of(model);
    this.states = model.states();
    this.backward = LogWeights.transposed(LogWeights.laws(model.transition()));
  }

  /** Returns the network with the weights of this model. */
  public static BidirectionalRecurrence of(HiddenMarkov model) {
    return new BidirectionalRecurrence(model);
  }

  @Override
  public String name() {
    return "bidirectional-recurrence";
  }

  @Override
  public String formula() {
    return "h_l ∝ (h_{l-1} A) ⊙ b(x^l), g_{l-1} ∝ A (b(x^l) ⊙ g_l), h_l ⊙ g_l ∝ P(s_l | x^1..x^n)";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return forward.evidence(tokens);
  }

  /** {@inheritDoc} Row l is {@code P(s_l | x^1..x^n)}. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    double[][] gates = LogWeights.evidence(evidence, -1, states);
    double[][] out = forward.states(gates);
    double[] later = new double[states];
    for (int l = gates.length - 1; l >= 0; l--) {
      out[l] = LogWeights.product(out[l], later);
      double[] seen = LogWeights.product(gates[l], later);
      later = LogWeights.normalised(LogWeights.times(seen, backward));
    }
    return LogWeights.probabilities(out, states, "hidden-markov");
  }

  /** {@inheritDoc} It is n. */
  @Override
  public int depth(int places) {
    return places;
  }

  @Override
  public String toString() {
    return name() + " of " + forward;
  }
}
