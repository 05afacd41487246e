package org.definetti.latent.numerical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.definetti.latent.Belief;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.numerical.KnownModels.Disguised;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * Numerical beliefs against the closed forms of the conjugate models, which they do not see, and
 * one of two peaks against adaptive Gauss-Legendre quadrature of Commons Math.
 */
class NumericalOracleTest {

  // The closed forms' own rounding, in standard deviations of z and in nats a token.
  private static final double ORACLE_ROUNDING = 1e-13;

  /** A closed form and the model that hides it. */
  private record Pair(LatentModel<SimpleMatrix> exact, Disguised hidden) {}

  private static List<Pair> pairs() {
    GaussianMean line = GaussianMean.of(1, 4, 1).withPriorMean(new SimpleMatrix(1, 1, true, 100.0));
    GaussianMean plane = GaussianMean.of(2, 0.5, 2);
    BetaBernoulli coin = BetaBernoulli.of(0.6, 2.3);
    LinearRegression regression = LinearRegression.of(3, 1, 1, 0.1);
    return List.of(
        new Pair(line, KnownModels.gaussian(line)),
        new Pair(plane, KnownModels.gaussian(plane)),
        new Pair(coin, KnownModels.coin(coin, 0.6, 2.3)),
        new Pair(regression, KnownModels.regression(regression)));
  }

  private static double deviation(Belief<?> belief) {
    return Math.sqrt(belief.covariance().trace());
  }

  private static SimpleMatrix predictiveMean(Predictive predictive, LatentModel<?> exact) {
    // the hidden coin speaks of both faces, the closed form of one
    SimpleMatrix mean = predictive.mean();
    return exact instanceof BetaBernoulli && mean.getNumCols() == 2 ? mean.cols(1, 2) : mean;
  }

  /** Everything is within its own estimate, and that estimate is below 1e-8 standard deviations. */
  @Test
  void quadratureIsWithinItsErrorOfTheClosedForms() {
    for (Pair pair : pairs()) {
      for (int length : new int[] {0, 1, 7, 200}) {
        Tokens tokens = pair.exact().sample(length, Seed.of(length).generator()).tokens();
        Belief<SimpleMatrix> exact = pair.exact().prior().observe(tokens);
        Quadrature belief = (Quadrature) pair.hidden().prior().observe(tokens);
        String what = belief.toString();
        double deviation = deviation(exact);
        double rounding = ORACLE_ROUNDING * (deviation + exact.mean().normF());
        double gap = belief.mean().minus(exact.mean()).normF();
        assertTrue(gap <= belief.error() + rounding, what + ": mean off by " + gap);
        assertTrue(belief.error() <= 1e-8 * deviation + rounding, what + ": " + belief.error());
        SimpleMatrix query = pair.exact().drawQuery(Seed.of(4).generator());
        Predictive predictive = belief.predictive(query);
        double predictiveGap =
            predictiveMean(predictive, pair.exact()).minus(exact.predictive(query).mean()).normF();
        assertTrue(predictiveGap <= predictive.meanError() + rounding, what + predictiveGap);
        assertEquals(
            0,
            belief.covariance().minus(exact.covariance()).normF(),
            1e-10 * deviation * deviation,
            what);
        assertEquals(
            exact.logEvidence(),
            belief.logEvidence(),
            belief.logEvidenceError() + ORACLE_ROUNDING * (1 + length),
            what);
        assertEquals(exact.entropyNats(), belief.entropyNats(), 1e-9, what);
        SimpleMatrix z = exact.sample(Seed.of(8).generator());
        assertEquals(exact.logDensity(z), belief.logDensity(z), 1e-9, what);
      }
    }
  }

  /** A posterior a thousandth as wide as the prior is found and integrated as well as any other. */
  @Test
  void concentratedPosteriorsAreFollowed() {
    for (GaussianMean model : List.of(GaussianMean.of(1, 100, 1), GaussianMean.of(2, 1e4, 0.5))) {
      Tokens tokens = model.sample(10_000, Seed.of(5).generator()).tokens();
      Belief<SimpleMatrix> exact = model.prior().observe(tokens);
      Quadrature belief = (Quadrature) KnownModels.gaussian(model).prior().observe(tokens);
      double gap = belief.mean().minus(exact.mean()).normF();
      assertTrue(gap <= belief.error() + 1e-13 * exact.mean().normF(), "mean off by " + gap);
      assertTrue(belief.error() <= 1e-9 * deviation(exact), "error " + belief.error());
      assertEquals(exact.logEvidence(), belief.logEvidence(), belief.logEvidenceError());
    }
  }

  /** With few points the estimate grows and still covers, in all of 300 posteriors. */
  @Test
  void tooFewPointsAreFlagged() {
    for (int points : new int[] {8, 12, 24, 40, 80}) {
      double largest = 0;
      for (int trial = 0; trial < 60; trial++) {
        RandomGenerator rng = Seed.of(trial).generator();
        Pair pair = pairs().get(trial % 3);
        Tokens tokens = pair.exact().sample(rng.nextInt(40), rng).tokens();
        Quadrature prior = (Quadrature) pair.hidden().prior();
        Quadrature belief = (Quadrature) prior.withPoints(points).observe(tokens);
        Belief<SimpleMatrix> exact = pair.exact().prior().observe(tokens);
        double gap;
        try {
          gap = belief.mean().minus(exact.mean()).normF();
        } catch (IllegalArgumentException none) {
          assertTrue(none.getMessage().startsWith("points: expected"), none.getMessage());
          continue;
        }
        assertTrue(gap <= belief.error(), points + " points: " + gap + " > " + belief.error());
        largest = Math.max(largest, belief.error() / deviation(exact));
      }
      assertTrue(largest > 1e-3, points + " points: expected a warning, got " + largest);
    }
  }

  /** Two peaks of one likelihood, far apart, and a prior with tails like a power. */
  @Test
  void twoPeaksAndHeavyTailsAgreeWithAdaptiveQuadrature() {
    GaussianMean base = GaussianMean.of(1, 1, 1);
    LatentPrior cauchy =
        LatentPrior.plane(
            new SimpleMatrix(1, 1),
            new SimpleMatrix(1, 1, true, 2.0),
            z -> -Math.log1p(z.get(0) * z.get(0) / 4));
    Disguised model =
        new Disguised(
            base,
            (z, x) -> {
              double gap = x.at(0) - z.get(0) * z.get(0) - z.get(0) / 10;
              return -0.5 * (Math.log(2 * Math.PI) + gap * gap);
            },
            (z, q) ->
                new IsotropicGaussian(
                    new SimpleMatrix(1, 1, true, z.get(0) * z.get(0) + z.get(0) / 10), 1),
            m -> Quadrature.of(m, cauchy));
    Tokens tokens = Tokens.of(new RealTokens(1), Token.real(8.2), Token.real(9.1));
    UnivariateFunction posterior =
        z -> {
          SimpleMatrix latent = new SimpleMatrix(1, 1, true, z);
          double log = model.logLikelihood(latent, tokens) - Math.log1p(z * z / 4);
          return Math.exp(log) / (2 * Math.PI);
        };
    IterativeLegendreGaussIntegrator rule = new IterativeLegendreGaussIntegrator(15, 1e-13, 1e-15);
    double evidence = 0;
    double first = 0;
    for (int from = -8; from < 8; from++) {
      evidence += rule.integrate(1_000_000, posterior, from, from + 1);
      first += rule.integrate(1_000_000, z -> z * posterior.value(z), from, from + 1);
    }
    Quadrature belief = (Quadrature) model.prior().observe(tokens);
    assertEquals(first / evidence, belief.mean().get(0), belief.error() + 1e-12);
    assertEquals(Math.log(evidence), belief.logEvidence(), belief.logEvidenceError() + 1e-12);
    assertTrue(belief.error() < 1e-8, "error " + belief.error());
  }

  /**
   * Two standard errors cover 95 % of the time: of 200 independent runs, each with draws of its
   * own, between 180 and 199 (binomial: outside once in 1e4).
   */
  @Test
  void standardErrorsOfImportanceSamplingAreCalibrated() {
    GaussianMean model = GaussianMean.of(1, 1, 1);
    int covered = 0;
    int coveredEvidence = 0;
    for (int trial = 0; trial < 200; trial++) {
      Seed seed = Seed.of(trial);
      Tokens tokens = model.sample(6, seed.child("tokens").generator()).tokens();
      Belief<SimpleMatrix> exact = model.prior().observe(tokens);
      ImportanceSampling<SimpleMatrix> belief =
          (ImportanceSampling<SimpleMatrix>)
              ImportanceSampling.of(KnownModels.gaussian(model), seed)
                  .withDraws(2000)
                  .observe(tokens);
      covered += Math.abs(belief.mean().get(0) - exact.mean().get(0)) <= 2 * belief.error() ? 1 : 0;
      double evidenceGap = Math.abs(belief.logEvidence() - exact.logEvidence());
      coveredEvidence += evidenceGap <= 2 * belief.logEvidenceError() ? 1 : 0;
      assertTrue(belief.effectiveSampleSize() < 2000);
      Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
      assertEquals(belief.error(), predictive.meanError(), 1e-12);
    }
    assertTrue(covered >= 180 && covered <= 199, "covered " + covered + " of 200");
    assertTrue(coveredEvidence >= 180 && coveredEvidence <= 199, "covered " + coveredEvidence);
  }

  /** Prior draws do not reach a posterior of 10,000 tokens, and the error says so. */
  @Test
  void importanceSamplingThatMissesThePosteriorIsFlagged() {
    GaussianMean model = GaussianMean.of(1, 1, 1);
    Tokens tokens = model.sample(10_000, Seed.of(1).generator()).tokens();
    ImportanceSampling<SimpleMatrix> belief =
        (ImportanceSampling<SimpleMatrix>)
            ImportanceSampling.of(KnownModels.gaussian(model), Seed.of(2))
                .withDraws(500)
                .observe(tokens);
    assertTrue(belief.effectiveSampleSize() < 100);
    assertEquals(Double.POSITIVE_INFINITY, belief.error());
    assertEquals(Double.POSITIVE_INFINITY, belief.logEvidenceError());
    assertEquals(
        Double.POSITIVE_INFINITY, belief.predictive(model.tokenSpace().emptyQuery()).meanError());
  }

  /** Enumeration of two means, against Bayes' rule by hand. */
  @Test
  void enumerationIsBayesRule() {
    GaussianMean base = GaussianMean.of(1, 1, 1);
    List<SimpleMatrix> latents =
        List.of(new SimpleMatrix(1, 1, true, -1.0), new SimpleMatrix(1, 1, true, 2.0));
    SimpleMatrix probabilities = new SimpleMatrix(1, 2, true, 0.25, 0.75);
    Disguised model =
        KnownModels.gaussian(base).withBelief(m -> Enumeration.of(m, latents, probabilities));
    Belief<SimpleMatrix> belief =
        model.prior().observe(Tokens.of(new RealTokens(1), Token.real(0.3), Token.real(0.6)));
    double a = 0.25 * Math.exp(-0.5 * (1.3 * 1.3 + 1.6 * 1.6)) / (2 * Math.PI);
    double b = 0.75 * Math.exp(-0.5 * (1.7 * 1.7 + 1.4 * 1.4)) / (2 * Math.PI);
    double mean = (2 * b - a) / (a + b);
    assertEquals(mean, belief.mean().get(0), 1e-15);
    assertEquals(Math.log(a + b), belief.logEvidence(), 1e-14);
    assertEquals(9 * a * b / (a + b) / (a + b), belief.covariance().get(0), 1e-14);
    Predictive predictive = belief.predictive(new SimpleMatrix(1, 1));
    assertEquals(mean, predictive.mean().get(0), 1e-15);
    assertEquals(0, predictive.meanError());
    assertEquals(Math.log(b / (a + b)), belief.logDensity(latents.get(1)), 1e-14);
    assertEquals(Double.NEGATIVE_INFINITY, belief.logDensity(new SimpleMatrix(1, 1, true, 0.5)));
  }

  /** Without a value law, drawn tokens give the moments, within their stated error. */
  @Test
  void realTokensWithoutValueLawAreDrawn() {
    GaussianMean base = GaussianMean.of(2, 1, 3);
    Disguised told = KnownModels.gaussian(base);
    Disguised untold =
        new Disguised(
            base,
            told.likelihood(),
            (z, q) -> {
              throw new UnsupportedOperationException("not said");
            },
            told.belief());
    Tokens tokens = base.sample(5, Seed.of(6).generator()).tokens();
    SimpleMatrix query = new SimpleMatrix(1, 2);
    Predictive exact = base.prior().observe(tokens).predictive(query);
    Predictive drawn = untold.prior().observe(tokens).predictive(query);
    double gap = drawn.mean().minus(exact.mean()).normF();
    assertTrue(gap <= 2 * drawn.meanError(), gap + " of " + drawn.meanError());
    // Its noise of 1/256 counts once more, twice over, in the difference of the two lattices.
    assertTrue(drawn.meanError() < 0.03 * Math.sqrt(exact.covariance().trace()));
    assertEquals(0, drawn.covariance().minus(exact.covariance()).normF(), 0.1);
    double[] value = {0.4, -1};
    assertEquals(exact.logProbability(value), drawn.logProbability(value), 1e-10);
    assertEquals(
        0, drawn.mean().minus(untold.prior().observe(tokens).predictive(query).mean()).normF());
    LinearRegression pairs = LinearRegression.of(1, 1, 1, 1);
    Disguised silent =
        new Disguised(
            pairs,
            KnownModels.regression(pairs).likelihood(),
            untold.law(),
            KnownModels.regression(pairs).belief());
    assertThrows(
        UnsupportedOperationException.class,
        () -> silent.prior().predictive(new SimpleMatrix(1, 1)));
  }

  @Test
  void impossibleTokensAndWrongSettingsAreRefusedByName() {
    GaussianMean base = GaussianMean.of(1, 1, 1);
    Disguised never =
        new Disguised(
            base,
            (z, x) -> Double.NEGATIVE_INFINITY,
            KnownModels.gaussian(base).law(),
            KnownModels.gaussian(base).belief());
    Tokens one = Tokens.of(new RealTokens(1), Token.real(0.0));
    List<Belief<SimpleMatrix>> beliefs =
        List.of(
            never.prior().observe(one),
            ImportanceSampling.of(never, Seed.of(1)).withDraws(10).observe(one));
    for (Belief<SimpleMatrix> belief : beliefs) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, belief::mean);
      assertTrue(refused.getMessage().startsWith("tokens: expected possible"), refused.toString());
    }
    Quadrature prior = (Quadrature) never.prior();
    assertThrows(IllegalArgumentException.class, () -> prior.withPoints(7));
    assertThrows(IllegalArgumentException.class, () -> prior.withTolerance(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> LatentPrior.gaussian(new SimpleMatrix(1, 4), 1.0));
  }
}
