package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/** A belief about z as a law of the row of numbers that z is. */
record BeliefLaw<Z>(LatentRows<Z> latents, Belief<Z> belief) implements Predictive {

  @Override
  public SimpleMatrix mean() {
    SimpleMatrix mean = belief.mean();
    return new SimpleMatrix(1, mean.getNumElements(), true, mean.getDDRM().data);
  }

  @Override
  public SimpleMatrix covariance() {
    return belief.covariance();
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", latents.width(), value);
    return belief.logDensity(latents.latent(value));
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return latents.row(belief.sample(rng));
  }
}
