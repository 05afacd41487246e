package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * The predictive of a category: a vector of probabilities, over values that are one-hot vectors.
 *
 * @param mean the probabilities, shape (1, W), not negative, summing to one within 1e-9
 */
public record CategoricalPredictive(SimpleMatrix mean) implements Predictive {

  /**
   * Checks that these are probabilities.
   *
   * @throws ShapeMismatchException if {@code mean} is not one row
   * @throws IllegalArgumentException if a number is negative or they do not sum to one
   */
  public CategoricalPredictive {
    Check.probabilities("mean", mean);
  }

  /** Returns {@code diag(p) - pᵀp}, shape (W, W). */
  @Override
  public SimpleMatrix covariance() {
    int width = mean.getNumCols();
    SimpleMatrix covariance = new SimpleMatrix(width, width);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        double p = mean.get(0, i);
        covariance.getDDRM().data[i * width + j] = i == j ? p * (1 - p) : -p * mean.get(0, j);
      }
    }
    return covariance;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code value} is not one-hot
   */
  @Override
  public double logProbability(double[] value) {
    Check.width("value", mean.getNumCols(), value);
    int category = -1;
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 1 && category < 0) {
        category = i;
      } else if (value[i] != 0) {
        throw notOneHot(value[i]);
      }
    }
    if (category < 0) {
      throw notOneHot(0);
    }
    return Math.log(mean.get(0, category));
  }

  private static IllegalArgumentException notOneHot(double entry) {
    return new IllegalArgumentException("value: expected a one-hot vector, got entry " + entry);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[mean.getNumCols()];
    double rest = rng.nextDouble();
    int category = 0;
    while (category < value.length - 1 && rest >= mean.get(0, category)) {
      rest -= mean.get(0, category);
      category++;
    }
    value[category] = 1;
    return value;
  }
}
