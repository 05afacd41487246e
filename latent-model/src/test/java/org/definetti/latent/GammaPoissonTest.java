package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import org.definetti.latent.conjugate.ConjugateBelief;
import org.definetti.random.Gamma;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** A user's own model, counts of an unknown rate, with the belief that comes for free. */
class GammaPoissonTest implements LatentModelContract<Double> {

  /** z ~ Gamma(shape, rate), x | z ~ Poisson(z); so ν = rate, χ0 = shape / rate, T(x) = x. */
  record GammaPoisson(double shape, double rate) implements ConjugateModel<Double> {

    @Override
    public TokenSpace tokenSpace() {
      return new RealTokens(1);
    }

    @Override
    public double priorCount() {
      return rate;
    }

    @Override
    public SimpleMatrix priorMean() {
      return new SimpleMatrix(1, 1, true, shape / rate);
    }

    @Override
    public Belief<Double> prior() {
      return ConjugateBelief.prior(this);
    }

    @Override
    public Belief<Double> posterior(double count, SimpleMatrix sum) {
      return ConjugateBelief.of(this, count, sum);
    }

    @Override
    public Double drawLatent(RandomGenerator rng) {
      return Gamma.draw(shape, rng) / rate;
    }

    @Override
    public Token drawToken(Double latent, RandomGenerator rng) {
      int count = 0; // arrivals of unit rate until time z
      for (double time = Gamma.draw(1, rng); time < latent; time += Gamma.draw(1, rng)) {
        count++;
      }
      return Token.real(count);
    }
  }

  private static final double ULPS = 1e-14;

  @Override
  public LatentModel<Double> model() {
    return new GammaPoisson(2.5, 1.5);
  }

  @Test
  void predictsThePosteriorMeanRate() {
    Tokens tokens = Tokens.of(model().tokenSpace(), Token.real(3), Token.real(0));
    Predictive predictive =
        model().prior().observe(tokens).predictive(model().tokenSpace().emptyQuery());
    assertEquals((2.5 + 3) / (1.5 + 2), predictive.mean().get(0, 0), ULPS);
  }

  @Test
  void whatIsNotDeterminedSaysWhy() {
    Belief<Double> prior = model().prior();
    Predictive predictive = prior.predictive(model().tokenSpace().emptyQuery());
    assertThrows(UnsupportedOperationException.class, predictive::covariance);
    assertThrows(
        UnsupportedOperationException.class, () -> predictive.logProbability(new double[] {1}));
    assertThrows(UnsupportedOperationException.class, prior::logEvidence);
    assertThrows(UnsupportedOperationException.class, prior::mean);
  }

  @Test
  void anotherModelsBeliefIsNotMerged() {
    assertThrows(
        IllegalArgumentException.class,
        () -> model().prior().merge(new GammaPoisson(1, 1).prior()));
  }
}
