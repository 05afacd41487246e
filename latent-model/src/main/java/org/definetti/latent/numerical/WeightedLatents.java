package org.definetti.latent.numerical;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.definetti.latent.Check;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.MixturePredictive;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Latents z_k with weights w_k that sum to one, and the answers that such a law gives.
 *
 * <pre>{@code  E f(z) ≈ Σ_k w_k f(z_k) }</pre>
 */
final class WeightedLatents<Z> {

  private final LikelihoodModel<Z> model;
  private final List<Z> latents;
  private final double[] weights;

  WeightedLatents(LikelihoodModel<Z> model, List<Z> latents, double[] weights) {
    this.model = model;
    this.latents = latents;
    this.weights = weights;
  }

  /** Returns 1 / Σ w². */
  double effectiveSize() {
    double sum = 0;
    for (double w : weights) {
      sum += w * w;
    }
    return 1 / sum;
  }

  /**
   * Returns the coordinates of every latent.
   *
   * @throws UnsupportedOperationException if a latent is neither a matrix nor a number
   */
  List<double[]> coordinates() {
    List<double[]> rows = new ArrayList<>(latents.size());
    for (Z latent : latents) {
      if (latent instanceof SimpleMatrix matrix) {
        rows.add(matrix.getDDRM().data);
      } else if (latent instanceof Number number) {
        rows.add(new double[] {number.doubleValue()});
      } else {
        throw new UnsupportedOperationException(
            model.description().name()
                + " has no mean of z because its latents are neither matrices nor numbers");
      }
    }
    return rows;
  }

  SimpleMatrix mean() {
    double[] mean = mean(coordinates());
    boolean matrix = latents.get(0) instanceof SimpleMatrix;
    int rows = matrix ? ((SimpleMatrix) latents.get(0)).getNumRows() : 1;
    return new SimpleMatrix(rows, mean.length / rows, true, mean);
  }

  double[] mean(List<double[]> values) {
    double[] mean = new double[values.get(0).length];
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < mean.length && weights[k] > 0; i++) {
        mean[i] += weights[k] * values.get(k)[i];
      }
    }
    return mean;
  }

  SimpleMatrix covariance() {
    List<double[]> rows = coordinates();
    double[] mean = mean(rows);
    int n = mean.length;
    SimpleMatrix covariance = new SimpleMatrix(n, n);
    double[] out = covariance.getDDRM().data;
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < n && weights[k] > 0; i++) {
        for (int j = 0; j < n; j++) {
          out[i * n + j] += weights[k] * (rows.get(k)[i] - mean[i]) * (rows.get(k)[j] - mean[j]);
        }
      }
    }
    return covariance;
  }

  /**
   * Returns the mixture of the value laws.
   *
   * @param error the error of a weighted mean of the given values, one row of numbers a latent
   */
  Predictive predictive(SimpleMatrix query, ToDoubleFunction<List<double[]>> error) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    List<Predictive> laws;
    try {
      laws = laws(query);
    } catch (UnsupportedOperationException none) {
      if (model.tokenSpace() instanceof RealTokens) {
        return DrawnPredictive.of(model, latents, weights, error);
      }
      throw none;
    }
    List<double[]> means = new ArrayList<>(laws.size());
    double own = 0;
    for (int k = 0; k < weights.length; k++) {
      means.add(laws.get(k).mean().getDDRM().data);
      own += weights[k] * laws.get(k).meanError();
    }
    double[] mean = mean(means);
    SimpleMatrix row = new SimpleMatrix(1, weights.length, true, weights);
    return new NumericalPredictive(
        new SimpleMatrix(1, mean.length, true, mean),
        new MixturePredictive(row, laws),
        own + error.applyAsDouble(means));
  }

  private List<Predictive> laws(SimpleMatrix query) {
    List<Predictive> laws = new ArrayList<>(latents.size());
    for (Z latent : latents) {
      laws.add(model.valueLaw(latent, query));
    }
    return laws;
  }
}
