package org.definetti.lab.command;

import org.definetti.architecture.Architecture;
import org.definetti.architecture.BidirectionalRecurrence;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Compares the laws that a network infers over the prefixes of a fresh sequence with the model's
 * own.
 *
 * @param places how many places the whole sequence has
 * @param largest the largest deviation of a probability
 * @param unconnected the same where each place knows its own tokens only: what a check has to catch
 */
record NetworkCheck(int places, double largest, double unconnected) {

  /** Checks the prefixes of these increasing lengths. */
  static NetworkCheck of(LatentModel<?> model, Architecture network, int[] lengths, Seed seed) {
    int longest = lengths[lengths.length - 1];
    Tokens tokens = model.sample(longest, seed.child("tokens").generator()).tokens();
    int places = 0;
    double largest = 0;
    double unconnected = 0;
    for (int length : lengths) {
      Tokens prefix = tokens.prefix(length);
      SimpleMatrix exact = exact(model, network, prefix);
      SimpleMatrix evidence = network.evidence(prefix);
      SimpleMatrix inferred = network.propagate(evidence);
      largest = Math.max(largest, DerivationCheck.deviation(inferred, exact));
      unconnected = Math.max(unconnected, DerivationCheck.deviation(alone(evidence), exact));
      places = evidence.getNumRows();
    }
    return new NetworkCheck(places, largest, unconnected);
  }

  /** Whether the network is exact but for rounding. */
  boolean holds() {
    return largest <= DerivationCheck.TOLERANCE;
  }

  /** The two directions answer given all tokens, the other recurrences given those before. */
  private static SimpleMatrix exact(LatentModel<?> model, Architecture network, Tokens tokens) {
    if (model instanceof HiddenMarkov markov) {
      return network instanceof BidirectionalRecurrence
          ? markov.smooth(tokens)
          : markov.filter(tokens);
    }
    return model.prior().observe(tokens).mean();
  }

  /** Returns the softmax of each row: the law of a state given the tokens at its place alone. */
  private static SimpleMatrix alone(SimpleMatrix evidence) {
    int states = evidence.getNumCols();
    double[] laws = evidence.getDDRM().data.clone();
    for (int row = 0; row < evidence.getNumRows() * states; row += states) {
      double best = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < states; k++) {
        best = Math.max(best, laws[row + k]);
      }
      double sum = 0;
      for (int k = 0; k < states; k++) {
        laws[row + k] = Math.exp(laws[row + k] - best);
        sum += laws[row + k];
      }
      for (int k = 0; k < states; k++) {
        laws[row + k] /= sum;
      }
    }
    return new SimpleMatrix(evidence.getNumRows(), states, true, laws);
  }
}
