package org.definetti.latent.mixture;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Gamma;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Student's law around a point: N(mean, scale / g · I) with g ~ Gamma(freedom / 2) / (freedom / 2).
 */
record StudentLaw(SimpleMatrix mean, double scale, double freedom) implements Predictive {

  @Override
  public SimpleMatrix covariance() {
    return SimpleMatrix.identity(mean.getNumCols()).scale(scale * (freedom / (freedom - 2)));
  }

  @Override
  public double logProbability(double[] value) {
    Check.width("value", mean.getNumCols(), value);
    double square = 0;
    for (int i = 0; i < value.length; i++) {
      double gap = value[i] - mean.get(0, i);
      square += gap * gap;
    }
    int d = value.length;
    return logConstant(d, scale, freedom) + logShape(d, square, scale, freedom);
  }

  static double logConstant(int d, double scale, double freedom) {
    return SpecialFunctions.logRising(0.5 * freedom, 0.5 * d)
        - 0.5 * d * Math.log(freedom * Math.PI * scale);
  }

  static double logShape(int d, double square, double scale, double freedom) {
    return -0.5 * (freedom + d) * Math.log1p(square / (freedom * scale));
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    double[] value = new double[mean.getNumCols()];
    Normal.fill(value, 0, value.length, rng);
    double deviation = Math.sqrt(scale * 0.5 * freedom / Gamma.draw(0.5 * freedom, rng));
    for (int i = 0; i < value.length; i++) {
      value[i] = mean.get(0, i) + deviation * value[i];
    }
    return value;
  }
}
