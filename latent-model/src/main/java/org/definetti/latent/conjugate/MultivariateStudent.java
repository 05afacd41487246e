package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.Predictive;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Gamma;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The multivariate Student t law with {@code degrees} degrees of freedom around a centre.
 *
 * <p>Its scale matrix is {@code factor · A}, A the factored matrix. The covariance is {@code
 * degrees / (degrees - 2)} times that.
 */
record MultivariateStudent(SimpleMatrix centre, Cholesky matrix, double factor, double degrees)
    implements Predictive {

  @Override
  public SimpleMatrix mean() {
    if (degrees > 1) {
      return centre;
    }
    throw none("mean", 1);
  }

  @Override
  public SimpleMatrix covariance() {
    if (degrees > 2) {
      SimpleMatrix root = matrix.factor();
      return root.mult(root.transpose()).scale(factor * degrees / (degrees - 2));
    }
    throw none("covariance", 2);
  }

  private UnsupportedOperationException none(String what, int least) {
    return new UnsupportedOperationException(
        "this predictive has no "
            + what
            + " because its tails are too heavy: a Student law needs more than "
            + least
            + " degrees of freedom for it, and has "
            + degrees);
  }

  @Override
  public double logProbability(double[] value) {
    int d = matrix.size();
    Check.width("value", d, value);
    double square = matrix.squaredDistance(value, centre.getDDRM().data) / factor;
    double logs = d * Math.log(Math.PI * degrees * factor) + matrix.logDeterminant();
    return SpecialFunctions.logRising(0.5 * degrees, 0.5 * d)
        - 0.5 * logs
        - 0.5 * (degrees + d) * Math.log1p(square / degrees);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[matrix.size()];
    Normal.fill(value, 0, value.length, rng);
    matrix.multiply(value);
    double stretch = Math.sqrt(factor * 0.5 * degrees / Gamma.draw(0.5 * degrees, rng));
    for (int i = 0; i < value.length; i++) {
      value[i] = centre.getDDRM().data[i] + stretch * value[i];
    }
    return value;
  }
}
