package org.definetti.lab.fit;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Cholesky;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.random.Beta;
import org.ejml.simple.SimpleMatrix;

/**
 * What the updates of a Gaussian mean take from the sequences; see {@link
 * GaussianFit.Family#MULTIVARIATE_GAUSSIAN_MEAN}.
 */
final class Spread {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final List<Tokens> sequences;
  private final List<Moments> moments;
  private final Moments all;
  private final double priorTokens;

  Spread(List<Tokens> sequences, double priorTokens) {
    this.sequences = sequences;
    this.moments = sequences.stream().map(Moments::of).toList();
    this.all = Moments.pooled(sequences);
    this.priorTokens = priorTokens;
    Cholesky.of("covariance of all tokens", all.covariance());
  }

  /** What a step takes from the posteriors. */
  record Update(double logEvidence, SimpleMatrix mean, SimpleMatrix between, SimpleMatrix within) {}

  /** Returns the pooled mean, and C split at random between and within sequences. */
  Update start(RandomGenerator rng) {
    double share = Beta.draw(1, 1, rng);
    SimpleMatrix covariance = all.covariance();
    return new Update(Double.NaN, all.mean(), covariance.scale(share), covariance.scale(1 - share));
  }

  /** Returns the update from a model whose latent is the mean. */
  Update from(LatentModel<SimpleMatrix> model) {
    int d = all.mean().getNumCols();
    double evidence = 0;
    SimpleMatrix centre = new SimpleMatrix(1, d);
    SimpleMatrix uncertainty = new SimpleMatrix(d, d);
    SimpleMatrix within = all.covariance().scale(priorTokens);
    SimpleMatrix[] means = new SimpleMatrix[sequences.size()];
    for (int s = 0; s < means.length; s++) {
      Moments own = moments.get(s);
      Belief<SimpleMatrix> belief = model.prior().observe(sequences.get(s));
      evidence += belief.logEvidence();
      means[s] = belief.mean();
      SimpleMatrix covariance = belief.covariance();
      centre = centre.plus(means[s]);
      uncertainty = uncertainty.plus(covariance);
      SimpleMatrix spread = covariance.plus(square(own.mean().minus(means[s])));
      within = within.plus(own.scatter()).plus(own.count(), spread);
    }
    centre = centre.divide(means.length);
    for (SimpleMatrix mean : means) {
      uncertainty = uncertainty.plus(square(mean.minus(centre)));
    }
    return new Update(
        evidence,
        centre,
        symmetric(uncertainty.divide(means.length)),
        symmetric(within.divide(all.count() + priorTokens)));
  }

  /** Returns c E log N(x; 0, S) of x with covariance C. */
  double logPrior(SimpleMatrix within) {
    if (priorTokens == 0) {
      return 0;
    }
    int d = within.getNumRows();
    Cholesky factor = Cholesky.of("covariance within sequences", within);
    double trace = within.solve(all.covariance()).trace();
    return -0.5 * priorTokens * (d * LOG_TWO_PI + factor.logDeterminant() + trace);
  }

  static SimpleMatrix square(SimpleMatrix row) {
    return row.transpose().mult(row);
  }

  static SimpleMatrix symmetric(SimpleMatrix matrix) {
    return matrix.plus(matrix.transpose()).divide(2);
  }
}
