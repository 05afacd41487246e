package org.definetti.latent;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of predictives: what a belief over several latents predicts.
 *
 * <pre>{@code
 * P(v) = Σ_k w_k P_k(v),   mean = Σ_k w_k m_k,   Cov = Σ_k w_k (C_k + (m_k - mean)ᵀ(m_k - mean))
 * }</pre>
 *
 * <p>Components of weight zero are never asked. Cost of a question: K questions to the components.
 *
 * @param weights w, shape (1, K), not negative, summing to one within 1e-9
 * @param components the K predictives, of one value width
 */
public record MixturePredictive(SimpleMatrix weights, List<Predictive> components)
    implements Predictive {

  /**
   * Checks that there is one component a weight and that the weights are probabilities.
   *
   * @throws IllegalArgumentException if not
   */
  public MixturePredictive {
    Check.probabilities("weights", weights);
    if (components.size() != weights.getNumCols()) {
      throw new IllegalArgumentException(
          "components: expected " + weights.getNumCols() + ", got " + components.size());
    }
    components = List.copyOf(components);
  }

  @Override
  public SimpleMatrix mean() {
    @Nullable SimpleMatrix sum = null;
    for (int k = 0; k < components.size(); k++) {
      double weight = weights.get(0, k);
      if (weight > 0) {
        SimpleMatrix term = components.get(k).mean().scale(weight);
        sum = sum == null ? term : sum.plus(term);
      }
    }
    return some(sum);
  }

  @Override
  public SimpleMatrix covariance() {
    SimpleMatrix mean = mean();
    @Nullable SimpleMatrix sum = null;
    for (int k = 0; k < components.size(); k++) {
      double weight = weights.get(0, k);
      if (weight > 0) {
        SimpleMatrix gap = components.get(k).mean().minus(mean);
        SimpleMatrix term =
            components.get(k).covariance().plus(gap.transpose().mult(gap)).scale(weight);
        sum = sum == null ? term : sum.plus(term);
      }
    }
    return some(sum);
  }

  @Override
  public double logProbability(double[] value) {
    double[] terms = new double[components.size()];
    for (int k = 0; k < terms.length; k++) {
      double weight = weights.get(0, k);
      terms[k] =
          weight > 0
              ? Math.log(weight) + components.get(k).logProbability(value)
              : Double.NEGATIVE_INFINITY;
    }
    return LogSumExp.of(terms);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return components.get(Categorical.of(weights.getDDRM().data).draw(rng)).draw(rng);
  }

  /** {@inheritDoc} It is the weighted sum of the components' errors. */
  @Override
  public double meanError() {
    double sum = 0;
    for (int k = 0; k < components.size(); k++) {
      double weight = weights.get(0, k);
      sum += weight > 0 ? weight * components.get(k).meanError() : 0;
    }
    return sum;
  }

  private static SimpleMatrix some(@Nullable SimpleMatrix sum) {
    if (sum == null) {
      throw new IllegalStateException("weights that sum to one have a positive one");
    }
    return sum;
  }
}
