package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.special.SphereIntegrals;
import org.definetti.random.VonMisesFisher;
import org.ejml.simple.SimpleMatrix;

/**
 * The von Mises-Fisher law by its natural parameter η = κ μ, uniform for η = 0.
 *
 * <pre>{@code
 * p(x) = exp(η·x) / (ω_d M_d(|η|)),   mean = A_d(κ) μ,   Cov = A_d' μμᵀ + (A_d / κ) (I - μμᵀ)
 * }</pre>
 *
 * <p>Source: [recalled]; the covariance is the Hessian of log M_d(|η|) [derived].
 */
final class VonMisesFisherLaw implements Predictive {

  private final double[] natural;
  private final double concentration;
  private final double[] direction; // the first axis if the law is uniform

  /** Takes the array over; it is not to be modified by anyone from now on. */
  VonMisesFisherLaw(double[] natural) {
    this.natural = natural;
    double squares = 0;
    for (double coordinate : natural) {
      squares += coordinate * coordinate;
    }
    this.concentration = Math.sqrt(squares);
    this.direction = new double[natural.length];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = concentration > 0 ? natural[i] / concentration : i == 0 ? 1 : 0;
    }
  }

  static VonMisesFisherLaw around(double[] unit, double concentration) {
    double[] natural = new double[unit.length];
    for (int i = 0; i < natural.length; i++) {
      natural[i] = concentration * unit[i];
    }
    return new VonMisesFisherLaw(natural);
  }

  int dimension() {
    return natural.length;
  }

  double concentration() {
    return concentration;
  }

  double dotNatural(double[] vector) {
    double dot = 0;
    for (int i = 0; i < natural.length; i++) {
      dot += natural[i] * vector[i];
    }
    return dot;
  }

  @Override
  public SimpleMatrix mean() {
    double length = SphereIntegrals.meanResultantLength(dimension(), concentration);
    return new SimpleMatrix(1, dimension(), true, direction).scale(length);
  }

  @Override
  public SimpleMatrix covariance() {
    double along = SphereIntegrals.variance(dimension(), concentration);
    int d = dimension();
    double across =
        concentration > 0
            ? SphereIntegrals.meanResultantLength(d, concentration) / concentration
            : 1.0 / d;
    return aroundDirection(along, across);
  }

  /** Returns {@code along·μμᵀ + across·(I - μμᵀ)}. */
  private SimpleMatrix aroundDirection(double along, double across) {
    int d = dimension();
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double product = direction[i] * direction[j];
        covariance[i * d + j] = along * product + across * ((i == j ? 1 : 0) - product);
      }
    }
    return new SimpleMatrix(d, d, true, covariance);
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", dimension(), value);
    Directions.unit("value", value, 0, value.length);
    return (dotNatural(value) - concentration)
        - SphereIntegrals.logScaledNormaliser(dimension(), concentration)
        - SphereIntegrals.logArea(dimension());
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[dimension()];
    VonMisesFisher.fill(value, 0, direction, concentration, rng);
    return value;
  }

  double entropyNats() {
    return SphereIntegrals.logArea(dimension())
        + SphereIntegrals.logScaledNormaliser(dimension(), concentration)
        + concentration * SphereIntegrals.shortfall(dimension(), concentration);
  }

  /** Terms of one size only, so that narrow laws lose nothing to cancellation. */
  double klNats(VonMisesFisherLaw other) {
    int d = dimension();
    double gap = 0;
    for (int i = 0; i < d; i++) {
      gap += (direction[i] - other.direction[i]) * (direction[i] - other.direction[i]);
    }
    double shortfall = SphereIntegrals.shortfall(d, concentration);
    double kl =
        SphereIntegrals.logScaledNormaliser(d, other.concentration)
            - SphereIntegrals.logScaledNormaliser(d, concentration)
            + (other.concentration - concentration) * shortfall
            + other.concentration * (1 - shortfall) * gap / 2;
    return Math.max(0, kl);
  }
}
