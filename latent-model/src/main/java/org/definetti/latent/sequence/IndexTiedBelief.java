package org.definetti.latent.sequence;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** The law of the concept after tokens at known indices; see {@link IndexTied}. */
final class IndexTiedBelief implements Belief<IndexTied.Next> {

  private final IndexTied model;
  private final int length;
  private final double[] counts; // (R, W) how often a category came at a phase
  private final double[] weights; // (K) log p(z) + log P(X | z)

  IndexTiedBelief(IndexTied model, int length, double[] counts) {
    this.model = model;
    this.length = length;
    this.counts = counts;
    SimpleMatrix prior = model.priorProbabilities();
    this.weights = new double[prior.getNumCols()];
    int width = model.tokenSpace().count();
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Math.log(prior.get(0, k));
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) { // where 0 · log 0 is 0
          weights[k] += counts[i] * Math.log(model.probability(i / width, k, i % width));
        }
      }
    }
  }

  @Override
  public Belief<IndexTied.Next> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    int width = model.tokenSpace().count();
    double[] more = counts.clone();
    int phase = length % model.period();
    for (int l = 0; l < tokens.length(); l++) {
      more[phase * width + (int) tokens.at(l, 0)]++;
      phase = (phase + 1) % model.period();
    }
    return new IndexTiedBelief(model, Math.addExact(length, tokens.length()), more);
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Belief<IndexTied.Next> merge(Belief<IndexTied.Next> other) {
    throw new UnsupportedOperationException(
        "a belief of index-tied tokens has no merge because both sides saw the token of index 0");
  }

  @Override
  public double count() {
    return length;
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().count());
    return new CategoricalPredictive(mean().mult(model.law(length)));
  }

  private double[] probabilities() {
    if (LogSumExp.of(weights) == Double.NEGATIVE_INFINITY) {
      throw new IllegalStateException(
          "tokens: expected a sequence that some concept emits, got one of probability 0");
    }
    return LogSumExp.softmax(weights);
  }

  /** {@inheritDoc} It is the row of probabilities of the concepts. */
  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, weights.length, true, probabilities());
  }

  /** {@inheritDoc} It is that of the one-hot vector of the concept. */
  @Override
  public SimpleMatrix covariance() {
    return FiniteLaw.covariance(probabilities());
  }

  @Override
  public double logEvidence() {
    return LogSumExp.of(weights);
  }

  /** {@inheritDoc} The probability is that of the concept: the index is known. */
  @Override
  public double logDensity(IndexTied.Next latent) {
    return Math.log(probabilities()[model.checked(latent).concept()]);
  }

  @Override
  public double entropyNats() {
    return FiniteLaw.entropyNats(probabilities());
  }

  /** {@inheritDoc} The laws compared are those of the concept. */
  @Override
  public double klNats(Belief<IndexTied.Next> other) {
    if (other instanceof IndexTiedBelief belief && belief.weights.length == weights.length) {
      return FiniteLaw.klNats(probabilities(), belief.probabilities());
    }
    throw Segments.otherModel(this, other);
  }

  @Override
  public IndexTied.Next sample(RandomGenerator rng) {
    return new IndexTied.Next(Categorical.of(probabilities()).draw(rng), length);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + length + " tokens";
  }
}
