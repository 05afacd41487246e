package org.definetti.latent.sequence;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** The law of the state that emits the next token; see {@link HiddenMarkov} for the formulas. */
final class HiddenMarkovBelief implements Belief<Integer> {

  private final HiddenMarkov model;
  private final Transfer evidence;
  private final double[] weights; // (K) log weights of the next state, up to a factor
  private final double logFactor;

  HiddenMarkovBelief(HiddenMarkov model, Transfer evidence) {
    this.model = model;
    this.evidence = evidence;
    this.weights = new double[model.states()];
    this.logFactor = evidence.weights(model.logInitial(), weights);
  }

  @Override
  public Belief<Integer> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    return new HiddenMarkovBelief(
        model, evidence.plus(tokens, model.emissions(), model.recursion()));
  }

  /** {@inheritDoc} The other's tokens follow this one's: the order of merging matters. */
  @Override
  public Belief<Integer> merge(Belief<Integer> other) {
    if (other instanceof HiddenMarkovBelief belief && model.equals(belief.model)) {
      return new HiddenMarkovBelief(model, evidence.times(belief.evidence));
    }
    throw Segments.otherModel(this, other);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    return model.emissions().mixture(mean());
  }

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, weights.length, true, HiddenMarkov.probabilities(weights));
  }

  /** {@inheritDoc} It is that of the one-hot vector of z. */
  @Override
  public SimpleMatrix covariance() {
    return FiniteLaw.covariance(HiddenMarkov.probabilities(weights));
  }

  @Override
  public double logEvidence() {
    return logFactor == Double.NEGATIVE_INFINITY
        ? logFactor
        : logFactor + LogSumExp.of(weights);
  }

  @Override
  public double logDensity(Integer latent) {
    return Math.log(HiddenMarkov.probabilities(weights)[model.checked(latent)]);
  }

  @Override
  public double entropyNats() {
    return FiniteLaw.entropyNats(HiddenMarkov.probabilities(weights));
  }

  @Override
  public double klNats(Belief<Integer> other) {
    if (other instanceof HiddenMarkovBelief belief && belief.weights.length == weights.length) {
      return FiniteLaw.klNats(
          HiddenMarkov.probabilities(weights), HiddenMarkov.probabilities(belief.weights));
    }
    throw Segments.otherModel(this, other);
  }

  @Override
  public Integer sample(RandomGenerator rng) {
    return Categorical.of(HiddenMarkov.probabilities(weights)).draw(rng);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
