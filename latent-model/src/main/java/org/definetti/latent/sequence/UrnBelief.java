package org.definetti.latent.sequence;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Certainty about the balls that are left; see {@link Urn} for the formulas. */
final class UrnBelief implements Belief<SimpleMatrix> {

  private final Urn urn;
  private final double[] drawn; // (c)
  private final double count;

  UrnBelief(Urn urn, double[] drawn) {
    this.urn = urn;
    this.drawn = drawn;
    this.count = Arrays.stream(drawn).sum();
    if (count > urn.total()) {
      throw new IllegalArgumentException(
          "tokens: expected at most the " + urn.total() + " balls of the urn, got " + (long) count);
    }
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Check.space(urn.tokenSpace(), tokens);
    double[] more = drawn.clone();
    for (int l = 0; l < tokens.length(); l++) {
      more[(int) tokens.at(l, 0)]++;
    }
    return new UrnBelief(urn, more);
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (!(other instanceof UrnBelief belief) || !urn.equals(belief.urn)) {
      throw Segments.otherModel(this, other);
    }
    double[] both = drawn.clone();
    for (int w = 0; w < both.length; w++) {
      both[w] += belief.drawn[w];
    }
    return new UrnBelief(urn, both);
  }

  @Override
  public double count() {
    return count;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if no ball is left
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, drawn.length);
    if (count == urn.total()) {
      throw new IllegalStateException("tokens: expected fewer than all balls, got all " + count);
    }
    return new CategoricalPredictive(mean().divide(urn.total() - count));
  }

  @Override
  public SimpleMatrix mean() {
    double[] left = new double[drawn.length];
    for (int w = 0; w < left.length; w++) {
      left[w] = urn.balls(w) - drawn[w];
      if (left[w] < 0) {
        throw new IllegalStateException(
            "tokens: expected at most "
                + urn.balls(w)
                + " of colour "
                + w
                + ", got "
                + (long) drawn[w]);
      }
    }
    return new SimpleMatrix(1, left.length, true, left);
  }

  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(drawn.length, drawn.length);
  }

  @Override
  public double logEvidence() {
    double log = -logFalling(urn.total(), count);
    for (int w = 0; w < drawn.length; w++) {
      log += logFalling(urn.balls(w), drawn[w]);
    }
    return log;
  }

  // log of m (m - 1)..(m - n + 1), summed with compensation
  private static double logFalling(double m, double n) {
    double sum = 0;
    double lost = 0;
    for (double i = 0; i < n; i++) {
      if (m - i <= 0) {
        return Double.NEGATIVE_INFINITY;
      }
      double term = Math.log(m - i) - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
    }
    return sum;
  }

  /** {@inheritDoc} A probability: one for what is left, zero for anything else. */
  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, 1, drawn.length);
    return latent.isIdentical(mean(), 0) ? 0 : Double.NEGATIVE_INFINITY;
  }

  /** {@inheritDoc} It is zero. */
  @Override
  public double entropyNats() {
    return 0;
  }

  /** {@inheritDoc} It is zero between equals and infinite otherwise. */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof UrnBelief belief && belief.drawn.length == drawn.length) {
      return mean().isIdentical(belief.mean(), 0) ? 0 : Double.POSITIVE_INFINITY;
    }
    throw Segments.otherModel(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return mean();
  }

  @Override
  public String toString() {
    return "belief of " + urn + " after " + count + " tokens";
  }
}
