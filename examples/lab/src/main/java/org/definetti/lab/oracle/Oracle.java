package org.definetti.lab.oracle;

import org.definetti.latent.Tokens;

/** What a belief must say, worked out without its model's code. */
public interface Oracle {

  /** Returns log P(X), in nats; of the values given the keys where tokens have keys. */
  double logEvidence(Tokens tokens);

  /**
   * Returns the mean of the value of a new token.
   *
   * @param query the new token's key; empty where tokens have none. Not modified.
   */
  double[] predictiveMean(Tokens tokens, double[] query);
}
