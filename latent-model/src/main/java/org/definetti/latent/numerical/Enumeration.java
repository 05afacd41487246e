package org.definetti.latent.numerical;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * The belief about a latent from a finite list, by trying each.
 *
 * <pre>{@code
 * prior() { return Enumeration.of(this, latents, probabilities); }
 *
 * P(z_k | X) ∝ p_k · exp Σ_l log P(x^l | z_k)
 * }</pre>
 *
 * <ul>
 *   <li>Exact up to rounding where z really takes these values only. Its mean is that of the
 *       latents themselves, which must then be matrices of one shape or numbers.
 *   <li>Cost: K likelihoods a token, K numbers in all, for any number of tokens.
 *   <li>Accuracy: log-likelihoods are summed without loss, so probabilities are good to 1e-16 ·
 *       |log-likelihood of all tokens|.
 * </ul>
 *
 * <p>Immutable and safe to share between threads if the model is.
 *
 * @param <Z> the type of the latent
 */
public final class Enumeration<Z> implements Belief<Z> {

  private final FixedPoints<Z> points;
  private final double[] logPrior;
  private final double[] weights;
  private final double logEvidence;

  private Enumeration(FixedPoints<Z> points, double[] logPrior) {
    this.points = points;
    this.logPrior = logPrior;
    double[] logs = points.logWeights(logPrior);
    this.logEvidence = LogSumExp.of(logs);
    if (logEvidence == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "tokens: expected possible under one of the "
              + logs.length
              + " latents, got probability 0");
    }
    this.weights = LogSumExp.softmax(logs);
  }

  /**
   * Returns the prior of a model whose latent is one of these.
   *
   * @param latents z_1..z_K, at least one; matrices of one shape, numbers or anything else
   * @param probabilities their prior probabilities, shape (1, K), summing to one
   * @throws IllegalArgumentException if there is not one probability a latent
   */
  public static <Z> Enumeration<Z> of(
      LikelihoodModel<Z> model, List<Z> latents, SimpleMatrix probabilities) {
    Objects.requireNonNull(model, "model");
    Check.atLeast("latents", 1, latents.size());
    Check.matrix("probabilities", probabilities, 1, latents.size());
    Check.probabilities("probabilities", probabilities);
    double[] logs = new double[latents.size()];
    for (int k = 0; k < logs.length; k++) {
      logs[k] = Math.log(probabilities.get(0, k));
    }
    return new Enumeration<>(FixedPoints.of(model, latents), logs);
  }

  private WeightedLatents<Z> law() {
    return new WeightedLatents<>(points.model(), points.latents(), weights);
  }

  @Override
  public Belief<Z> observe(Tokens tokens) {
    return new Enumeration<>(points.observe(tokens), logPrior);
  }

  @Override
  public Belief<Z> merge(Belief<Z> other) {
    if (other instanceof Enumeration<Z> belief && isOfSameFamily(belief)) {
      return new Enumeration<>(points.merge(belief.points), logPrior);
    }
    throw otherFamily(other);
  }

  private boolean isOfSameFamily(Enumeration<Z> other) {
    return points.model().equals(other.points.model())
        && FixedPoints.same(points.latents(), other.points.latents());
  }

  private IllegalArgumentException otherFamily(Belief<Z> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public double count() {
    return points.count();
  }

  /** Returns the probabilities P(z_k | X), shape (1, K). */
  public SimpleMatrix probabilities() {
    return new SimpleMatrix(1, weights.length, true, weights);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where a model of real tokens does not say {@link LikelihoodModel#valueLaw}, moments come
   * from 65,536 tokens drawn with a fixed seed, and their Monte Carlo error is the mean's error.
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    return law().predictive(query, values -> 0);
  }

  @Override
  public SimpleMatrix mean() {
    return law().mean();
  }

  @Override
  public SimpleMatrix covariance() {
    return law().covariance();
  }

  @Override
  public double logEvidence() {
    return logEvidence;
  }

  /** {@inheritDoc} Minus infinity for a latent that is not in the list. */
  @Override
  public double logDensity(Z latent) {
    for (int k = 0; k < weights.length; k++) {
      if (FixedPoints.same(points.latents().get(k), latent)) {
        return points.logWeights(logPrior)[k] - logEvidence;
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  @Override
  public double entropyNats() {
    double sum = 0;
    for (double w : weights) {
      sum -= w > 0 ? w * Math.log(w) : 0;
    }
    return sum;
  }

  @Override
  public double klNats(Belief<Z> other) {
    if (!(other instanceof Enumeration<Z> belief)
        || !FixedPoints.same(points.latents(), belief.points.latents())) {
      throw otherFamily(other);
    }
    double[] mine = points.logWeights(logPrior);
    double[] theirs = belief.points.logWeights(belief.logPrior);
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        sum += weights[k] * ((mine[k] - logEvidence) - (theirs[k] - belief.logEvidence));
      }
    }
    return Math.max(0, sum);
  }

  @Override
  public Z sample(RandomGenerator rng) {
    return points.latents().get(Categorical.of(weights).draw(rng));
  }

  @Override
  public String toString() {
    return "enumeration of " + points.model() + " after " + points.count() + " tokens";
  }
}
