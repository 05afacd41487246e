package org.definetti.calibration;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of {@code centre + shift + scale · (z - centre)} for z of another law.
 *
 * @param law of z
 * @param centre shape (1, d)
 * @param shift shape (1, d)
 * @param scale above zero
 */
record AffineLaw(Predictive law, SimpleMatrix centre, SimpleMatrix shift, double scale)
    implements Predictive {

  AffineLaw {
    Check.matrix("centre", centre, 1, -1);
    Check.matrix("shift", shift, 1, centre.getNumCols());
    Check.positive("scale", scale);
  }

  private double[] moved(double[] z) {
    double[] out = new double[z.length];
    for (int j = 0; j < z.length; j++) {
      out[j] = centre.get(j) + shift.get(j) + scale * (z[j] - centre.get(j));
    }
    return out;
  }

  @Override
  public SimpleMatrix mean() {
    double[] moved = moved(law.mean().getDDRM().data);
    return new SimpleMatrix(1, moved.length, true, moved);
  }

  @Override
  public SimpleMatrix covariance() {
    return law.covariance().scale(scale * scale);
  }

  @Override
  public double logProbability(double[] value) {
    double[] back = new double[value.length];
    for (int j = 0; j < back.length; j++) {
      back[j] = centre.get(j) + (value[j] - shift.get(j) - centre.get(j)) / scale;
    }
    return law.logProbability(back) - value.length * Math.log(scale);
  }

  @Override
  public double[] draw(RandomGenerator rng) {
    return moved(law.draw(rng));
  }
}
