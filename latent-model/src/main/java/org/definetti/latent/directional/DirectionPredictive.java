package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.special.SphereIntegrals;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of x with x | z ~ vMF(z, κ) and z von Mises-Fisher of natural parameter η.
 *
 * <pre>{@code
 * p(x) = M_d(|η + κ x|) / (M_d(|η|) M_d(κ) ω_d),   mean = A_d(κ) E[z]
 * Cov  = A_d(κ)² Cov(z) + A_d'(κ) E[zzᵀ] + (A_d(κ) / κ) (I - E[zzᵀ])
 * }</pre>
 *
 * <p>Source: the integral over z is that of exp((η + κ x)·z) [derived]; total covariance.
 */
record DirectionPredictive(VonMisesFisherLaw latent, double concentration) implements Predictive {

  @Override
  public SimpleMatrix mean() {
    return latent.mean().scale(length());
  }

  private double length() {
    return SphereIntegrals.meanResultantLength(latent.dimension(), concentration);
  }

  @Override
  public SimpleMatrix covariance() {
    double length = length();
    double along = SphereIntegrals.variance(latent.dimension(), concentration);
    double across = length / concentration;
    SimpleMatrix covariance = latent.covariance();
    SimpleMatrix mean = latent.mean();
    SimpleMatrix second = covariance.plus(mean.transpose().mult(mean));
    return covariance
        .scale(length * length)
        .plus(second.scale(along - across))
        .plus(SimpleMatrix.identity(latent.dimension()).scale(across));
  }

  @Override
  public double logProbability(double[] value) {
    int d = latent.dimension();
    Check.width("value", d, value);
    Directions.unit("value", value, 0, d);
    double square = 0;
    for (double coordinate : value) {
      square += coordinate * coordinate;
    }
    double before = latent.concentration();
    double gain = concentration * (2 * latent.dotNatural(value) + concentration * square);
    double after = Math.sqrt(Math.max(0, before * before + gain));
    // |η + κ x| - |η| from the difference of squares: both are large after many tokens.
    double growth = after + before > 0 ? gain / (after + before) : 0;
    return growth
        - concentration
        + SphereIntegrals.logScaledNormaliser(d, after)
        - SphereIntegrals.logScaledNormaliser(d, before)
        - SphereIntegrals.logScaledNormaliser(d, concentration)
        - SphereIntegrals.logArea(d);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return VonMisesFisherLaw.around(latent.draw(rng), concentration).draw(rng);
  }
}
