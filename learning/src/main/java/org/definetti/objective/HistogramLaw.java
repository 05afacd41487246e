package org.definetti.objective;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of a number that is uniform within bins of equal width; see {@link HistogramHead}.
 *
 * @param probabilities of the bins, shape (1, bins)
 */
record HistogramLaw(double low, double high, SimpleMatrix probabilities) implements Predictive {

  HistogramLaw {
    Check.probabilities("probabilities", probabilities);
  }

  private double width() {
    return (high - low) / probabilities.getNumCols();
  }

  private double centre(int k) {
    return low + (k + 0.5) * width();
  }

  @Override
  public SimpleMatrix mean() {
    double sum = 0;
    for (int k = 0; k < probabilities.getNumCols(); k++) {
      sum += probabilities.get(0, k) * centre(k);
    }
    return new SimpleMatrix(1, 1, true, sum);
  }

  /** {@inheritDoc} Between bins and within them: {@code Σ p_k (c_k - mean)² + w² / 12}. */
  @Override
  public SimpleMatrix covariance() {
    double mean = mean().get(0, 0);
    double sum = width() * width() / 12;
    for (int k = 0; k < probabilities.getNumCols(); k++) {
      sum += probabilities.get(0, k) * (centre(k) - mean) * (centre(k) - mean);
    }
    return new SimpleMatrix(1, 1, true, sum);
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", 1, value);
    int k = (int) Math.floor((value[0] - low) / width());
    return k < 0 || k >= probabilities.getNumCols()
        ? Double.NEGATIVE_INFINITY
        : Math.log(probabilities.get(0, k) / width());
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double rest = rng.nextDouble();
    int k = 0;
    while (k < probabilities.getNumCols() - 1 && rest >= probabilities.get(0, k)) {
      rest -= probabilities.get(0, k);
      k++;
    }
    return new double[] {low + (k + rng.nextDouble()) * width()};
  }
}
