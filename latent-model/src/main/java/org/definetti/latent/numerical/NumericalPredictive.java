package org.definetti.latent.numerical;

import java.util.random.RandomGenerator;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/** A predictive with its mean worked out and the error of that mean stated. */
record NumericalPredictive(SimpleMatrix mean, Predictive law, double meanError)
    implements Predictive {

  @Override
  public SimpleMatrix covariance() {
    return law.covariance();
  }

  @Override
  public double logProbability(double[] value) {
    return law.logProbability(value);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return law.draw(rng);
  }
}
