package org.definetti.lab.claims;

import java.util.random.RandomGenerator;
import org.definetti.random.Categorical;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.PosteriorLaw;
import org.ejml.simple.SimpleMatrix;

/**
 * Masked-token pretraining by least squares on the exact posterior coordinates (1, (Jπ)_1..K-1),
 * for hidden categories.
 *
 * <p>The Bayes predictor M π is in the class, so all of the error is that of estimation, and it is
 * computed without noise: the fit depends on the data, its error is averaged over the exact law of
 * the posterior. A sample is one draw from the joint law of posterior and hidden tokens; a fit
 * needs only how often each pair came.
 */
final class CoordinatePretraining {

  private final PosteriorLaw law;
  private final SimpleMatrix exact; // h*, (S, d)
  private final SimpleMatrix coordinates; // (S, K-1)
  private final double[] values; // what the target is where it is not zero, (d)
  private final Categorical pairs; // of cell and outcome

  /**
   * Prepares the pretraining.
   *
   * @param target of one non-zero coordinate at a time, as hidden categories are
   */
  CoordinatePretraining(PosteriorLaw law, LatentTarget target) {
    this.law = law;
    this.exact = target.predictions(law);
    int latents = law.posteriors().getNumCols();
    this.coordinates = law.posteriors().minus(1.0 / latents).cols(0, latents - 1);
    this.values = new double[target.width()];
    for (int i = 0; i < values.length; i++) {
      double mean = 0;
      double square = 0;
      for (int k = 0; k < latents; k++) {
        mean += target.means().get(i, k);
        square += target.secondMoments().get(k).get(i, i);
      }
      values[i] = square / mean;
    }
    double[] joint = new double[exact.getNumElements()];
    for (int j = 0; j < joint.length; j++) {
      int i = j % values.length;
      joint[j] =
          law.probabilities().get(0, j / values.length) * exact.getDDRM().data[j] / values[i];
    }
    this.pairs = Categorical.of(joint);
  }

  /** Returns h* of every cell of the law, shape (S, d). */
  SimpleMatrix exact() {
    return exact;
  }

  /**
   * Returns the predictor fitted to {@code count} samples, for every cell of the law, shape (S, d).
   *
   * @param ridge on the coordinates; 0 for least squares
   */
  SimpleMatrix fit(int count, double ridge, RandomGenerator rng) {
    int width = values.length;
    double[] seen = new double[law.size()];
    double[] sums = new double[law.size() * width];
    for (int n = 0; n < count; n++) {
      int pair = pairs.draw(rng);
      seen[pair / width]++;
      sums[pair] += values[pair % width];
    }
    for (int j = 0; j < sums.length; j++) {
      sums[j] /= Math.max(1, seen[j / width]);
    }
    SimpleMatrix means = new SimpleMatrix(law.size(), width, true, sums);
    SimpleMatrix weights = new SimpleMatrix(1, seen.length, true, seen);
    return LinearReadout.weighted(coordinates, means, weights, ridge).read(coordinates);
  }

  /** Returns {@code E||rows||²} over the law. */
  double meanSquare(SimpleMatrix rows) {
    double sum = 0;
    for (int j = 0; j < rows.getNumElements(); j++) {
      double entry = rows.getDDRM().data[j];
      sum += law.probabilities().get(0, j / rows.getNumCols()) * entry * entry;
    }
    return sum;
  }
}
