package org.definetti.latent.numerical;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;

/** Models with a closed form, told to numerical beliefs only by likelihood and prior density. */
final class KnownModels {

  private KnownModels() {}

  /** What a likelihood-only view of a model adds to it. */
  interface Likelihood {
    double log(SimpleMatrix latent, Token token);
  }

  interface ValueLaw {
    Predictive of(SimpleMatrix latent, SimpleMatrix query);
  }

  /** A model whose closed form the numerical belief must not use. */
  record Disguised(
      LatentModel<SimpleMatrix> model,
      Likelihood likelihood,
      ValueLaw law,
      Function<LikelihoodModel<SimpleMatrix>, Belief<SimpleMatrix>> belief)
      implements LikelihoodModel<SimpleMatrix> {

    @Override
    public TokenSpace tokenSpace() {
      return model.tokenSpace();
    }

    @Override
    public Belief<SimpleMatrix> prior() {
      return belief.apply(this);
    }

    @Override
    public SimpleMatrix drawLatent(RandomGenerator rng) {
      return model.drawLatent(rng);
    }

    @Override
    public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
      return model.drawToken(latent, rng);
    }

    @Override
    public double logLikelihood(SimpleMatrix latent, Token token) {
      return likelihood.log(latent, token);
    }

    @Override
    public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
      return law.of(latent, query);
    }

    @Override
    public SimpleMatrix labelQuery() {
      return model.labelQuery();
    }

    @Override
    public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
      return model.drawLabel(latent, rng);
    }

    Disguised withBelief(Function<LikelihoodModel<SimpleMatrix>, Belief<SimpleMatrix>> other) {
      return new Disguised(model, likelihood, law, other);
    }
  }

  static Disguised gaussian(GaussianMean model) {
    LatentPrior prior = LatentPrior.gaussian(model.priorMean(), model.priorVariance());
    double s2 = model.noiseVariance();
    return new Disguised(
        model,
        (z, x) -> new IsotropicGaussian(z, s2).logProbability(x.coordinates()),
        (z, q) -> new IsotropicGaussian(z, s2),
        m -> Quadrature.of(m, prior));
  }

  /** The coin with its bias in the open unit interval and the other Beta density by hand. */
  static Disguised coin(BetaBernoulli model, double a, double b) {
    LatentPrior prior =
        LatentPrior.box(
            new SimpleMatrix(1, 1, true, 0.0),
            new SimpleMatrix(1, 1, true, 1.0),
            z -> (a - 1) * Math.log(z.get(0)) + (b - 1) * Math.log1p(-z.get(0)));
    return new Disguised(
        model,
        (z, x) -> x.at(0) == 1 ? Math.log(z.get(0)) : Math.log1p(-z.get(0)),
        (z, q) -> new CategoricalPredictive(new SimpleMatrix(1, 2, true, 1 - z.get(0), z.get(0))),
        m -> Quadrature.of(m, prior));
  }

  static Disguised regression(LinearRegression model) {
    int dk = model.tokenSpace().keyWidth();
    double s2 = model.noiseVariance();
    LatentPrior prior = LatentPrior.gaussian(new SimpleMatrix(1, dk), model.priorVariance());
    return new Disguised(
        model,
        (z, x) -> {
          double gap = x.at(dk);
          for (int j = 0; j < dk; j++) {
            gap -= z.get(0, j) * x.at(j);
          }
          return -0.5 * (Math.log(2 * Math.PI * s2) + gap * gap / s2);
        },
        (z, q) -> new IsotropicGaussian(z.mult(q.transpose()), s2),
        m -> Quadrature.of(m, prior));
  }
}
