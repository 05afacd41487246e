package org.definetti.latent.sequence;

import java.util.random.RandomGenerator;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** What the states of a hidden Markov model emit. */
interface Emission {

  TokenSpace space();

  int states();

  /** Writes {@code log P(x^index | s)} of every state s. */
  void logLikelihoods(Tokens tokens, int index, double[] logs);

  /** Returns the law of the value of a token from a state. */
  Predictive law(int state);

  /** Returns the law of the value of a token from a state of these probabilities, shape (1, K). */
  Predictive mixture(SimpleMatrix probabilities);

  Token draw(int state, RandomGenerator rng);

  /** Returns the description with the fields of this emission added. */
  ModelDescription describe(ModelDescription description);
}
