package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ExchangeabilityTest {

  private static final double IDENTITY = 1e-10;

  private final RandomGenerator rng = Seed.of(7).generator();

  @Test
  void everyModelIsExchangeable() {
    List<LatentModel<SimpleMatrix>> models =
        List.of(
            GaussianMean.of(2, 0.5, 2),
            BetaBernoulli.of(0.6, 2.3),
            DirichletCategorical.of(0.4, 1, 2.5),
            LinearRegression.of(3, 2, 1.5, 0.4));
    for (LatentModel<SimpleMatrix> model : models) {
      for (int length : new int[] {0, 1, 5, 12}) {
        Tokens tokens = model.sample(length, rng).tokens();
        double gap =
            Exchangeability.largestGap(
                tokens, 20, rng, x -> model.prior().observe(x).logEvidence());
        assertTrue(gap <= IDENTITY, model + ": " + gap);
      }
    }
  }

  /** The control: an autoregression's tokens depend on their order. */
  @Test
  void anAutoregressionIsCaught() {
    Tokens tokens = GaussianMean.of(1, 1, 1).sample(6, rng).tokens();
    assertTrue(Exchangeability.largestGap(tokens, 20, rng, x -> autoregression(x, 0.5)) > 0.1);
    assertEquals(0, Exchangeability.largestGap(tokens, 20, rng, x -> 0));
    assertTrue(Double.isNaN(Exchangeability.largestGap(tokens, 20, rng, x -> Double.NaN)));
  }

  private static double autoregression(Tokens x, double memory) {
    double log = 0;
    double last = 0;
    for (int l = 0; l < x.length(); l++) {
      double gap = x.at(l, 0) - memory * last;
      log -= 0.5 * (Math.log(2 * Math.PI) + gap * gap);
      last = x.at(l, 0);
    }
    return log;
  }

  @Test
  void coherenceOfTheExactPredictive() {
    DirichletCategorical model = DirichletCategorical.of(0.4, 1, 2.5);
    for (int length : new int[] {0, 3, 10}) {
      Tokens seen = model.sample(length, rng).tokens();
      assertTrue(Coherence.martingaleGap(seen, x -> model.prior().observe(x).mean()) <= 1e-12);
      assertTrue(Coherence.symmetryGap(seen, x -> model.prior().observe(x).mean()) <= 1e-12);
    }
  }

  /** The control: a predictor that trusts the last token is neither. */
  @Test
  void aMarkovChainIsCaught() {
    DirichletCategorical model = DirichletCategorical.of(1, 1, 1);
    Tokens seen = model.sample(4, rng).tokens();
    assertTrue(Coherence.martingaleGap(seen, ExchangeabilityTest::sticky) > 0.01);
    assertTrue(Coherence.symmetryGap(seen, ExchangeabilityTest::sticky) > 0.01);
  }

  // Stays with probability 0.6, otherwise moves on to the next category more often than back.
  private static SimpleMatrix sticky(Tokens seen) {
    int last = seen.length() == 0 ? 0 : (int) seen.at(seen.length() - 1, 0);
    double[] next = new double[3];
    next[last] = 0.6;
    next[(last + 1) % 3] = 0.3;
    next[(last + 2) % 3] = 0.1;
    return new SimpleMatrix(1, 3, true, next);
  }

  @Test
  void refusesTokensThatAreNotCategories() {
    Tokens real = GaussianMean.of(2, 1, 1).sample(3, rng).tokens();
    assertThrows(
        IllegalArgumentException.class,
        () -> Coherence.martingaleGap(real, ExchangeabilityTest::sticky));
  }
}
