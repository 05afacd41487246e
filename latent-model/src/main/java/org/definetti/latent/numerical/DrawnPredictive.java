package org.definetti.latent.numerical;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.random.Categorical;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The predictive of real tokens of a model that does not say {@code valueLaw}: moments from drawn
 * tokens, probabilities from the likelihood.
 *
 * <pre>{@code
 * mean = Σ_k w_k x̄_k,   variance of the mean = Σ_k w_k² tr(S_k) / n_k,   n_k ≈ n · w_k
 * }</pre>
 *
 * <p>Where: x̄_k and S_k mean and covariance of n_k tokens drawn from P(x | z_k), n = 65,536 in
 * all. The seed is fixed, so the same belief gives the same bits. The spread within each latent is
 * all that is random; its standard error is part of {@link #meanError}.
 */
final class DrawnPredictive<Z> implements Predictive {

  private static final int DRAWS = 1 << 16;
  private static final Seed SEED = Seed.of(0).child("drawn predictive");

  private final LikelihoodModel<Z> model;
  private final List<Z> latents;
  private final double[] weights;
  private final SimpleMatrix mean;
  private final SimpleMatrix covariance;
  private final double meanError;

  private DrawnPredictive(
      LikelihoodModel<Z> model,
      List<Z> latents,
      double[] weights,
      SimpleMatrix mean,
      SimpleMatrix covariance,
      double meanError) {
    this.model = model;
    this.latents = latents;
    this.weights = weights;
    this.mean = mean;
    this.covariance = covariance;
    this.meanError = meanError;
  }

  static <Z> Predictive of(
      LikelihoodModel<Z> model,
      List<Z> latents,
      double[] weights,
      ToDoubleFunction<List<double[]>> error) {
    int d = model.tokenSpace().valueWidth();
    List<double[]> means = new ArrayList<>();
    double[] mean = new double[d];
    double[] squares = new double[d * d];
    double variance = 0;
    double[] pilot =
        model.drawToken(latents.get(0), SEED.generator()).coordinates(); // near the mean
    for (int k = 0; k < weights.length; k++) {
      double[] own = new double[d];
      means.add(own);
      if (weights[k] > 0) {
        int draws = Math.max(2, (int) Math.ceil(DRAWS * weights[k]));
        RandomGenerator rng = SEED.child(k).generator();
        double[] rows = new double[draws * d];
        model.drawTokens(latents.get(k), draws, rng).copyRows(rows, 0);
        for (int j = 0; j < rows.length; j++) {
          own[j % d] += rows[j] / draws;
        }
        variance += weights[k] * weights[k] * spread(rows, own) / draws;
        for (int i = 0; i < d; i++) {
          mean[i] += weights[k] * own[i];
        }
        for (int row = 0; row < rows.length; row += d) {
          for (int i = 0; i < d * d; i++) {
            squares[i] +=
                weights[k]
                    / draws
                    * (rows[row + i / d] - pilot[i / d])
                    * (rows[row + i % d] - pilot[i % d]);
          }
        }
      }
    }
    for (int i = 0; i < d * d; i++) {
      squares[i] -= (mean[i / d] - pilot[i / d]) * (mean[i % d] - pilot[i % d]);
    }
    return new DrawnPredictive<>(
        model,
        latents,
        weights,
        new SimpleMatrix(1, d, true, mean),
        new SimpleMatrix(d, d, true, squares),
        Math.sqrt(variance) + error.applyAsDouble(means));
  }

  private static double spread(double[] rows, double[] mean) {
    double sum = 0;
    for (int j = 0; j < rows.length; j++) {
      double gap = rows[j] - mean[j % mean.length];
      sum += gap * gap;
    }
    return sum / (rows.length / mean.length - 1);
  }

  @Override
  public SimpleMatrix mean() {
    return mean;
  }

  @Override
  public SimpleMatrix covariance() {
    return covariance;
  }

  @Override
  public double logProbability(double[] value) {
    Token token = Token.real(value);
    double[] terms = new double[weights.length];
    for (int k = 0; k < terms.length; k++) {
      terms[k] =
          weights[k] > 0
              ? Math.log(weights[k]) + model.logLikelihood(latents.get(k), token)
              : Double.NEGATIVE_INFINITY;
    }
    return LogSumExp.of(terms);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    int k = Categorical.of(weights).draw(rng);
    return model.drawToken(latents.get(k), rng).coordinates();
  }

  @Override
  public double meanError() {
    return meanError;
  }
}
