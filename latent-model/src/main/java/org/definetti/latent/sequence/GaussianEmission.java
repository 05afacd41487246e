package org.definetti.latent.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.MixturePredictive;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Vectors around a mean per state, with one variance in every direction and for every state. */
final class GaussianEmission implements Emission {

  private final SimpleMatrix means; // (K, d)
  private final double variance;
  private final RealTokens space;
  private final List<Predictive> laws = new ArrayList<>();
  private final double logConstant;

  GaussianEmission(SimpleMatrix means, double variance, int states) {
    Check.matrix("means", means, states, -1);
    this.means = means.copy();
    this.variance = Check.positive("variance", variance);
    this.space = new RealTokens(means.getNumCols());
    for (int k = 0; k < states; k++) {
      laws.add(new IsotropicGaussian(means.extractVector(true, k), variance));
    }
    this.logConstant =
        -0.5 * space.dimension() * (Math.log(2 * Math.PI) + Math.log(variance));
  }

  @Override
  public RealTokens space() {
    return space;
  }

  @Override
  public int states() {
    return means.getNumRows();
  }

  @Override
  public void logLikelihoods(Tokens tokens, int index, double[] out) {
    double[] centres = means.getDDRM().data;
    int d = space.dimension();
    for (int k = 0; k < out.length; k++) {
      double square = 0;
      for (int j = 0; j < d; j++) {
        double gap = tokens.at(index, j) - centres[k * d + j];
        square += gap * gap;
      }
      out[k] = logConstant - 0.5 * square / variance;
    }
  }

  @Override
  public Predictive law(int state) {
    return laws.get(state);
  }

  @Override
  public Predictive mixture(SimpleMatrix probabilities) {
    return new MixturePredictive(probabilities, laws);
  }

  @Override
  public Token draw(int state, RandomGenerator rng) {
    return Token.real(laws.get(state).draw(rng));
  }

  @Override
  public ModelDescription describe(ModelDescription description) {
    return description.with("variance", variance).with("means", means.copy());
  }
}
