package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DiagnosticsTest {

  private static final int SIMULATIONS = 2000;
  private static final int LENGTH = 4;
  private static final int DIMENSION = 2;

  private static final Simulations GAUSSIAN =
      Simulations.draw(
          LatentRows.of(GaussianMean.of(DIMENSION, 1, 1)), SIMULATIONS, LENGTH, Seed.of(1));

  static final List<Diagnostic> ALL =
      List.of(
          new SimulationBasedCalibration(),
          new ExpectedCoverage(),
          Tarp.of(Tarp.Reference.PRIOR),
          Tarp.of(Tarp.Reference.POSTERIOR),
          new ZScore(),
          new Contraction(),
          new ExpectedDivergence(),
          new TotalVariation(),
          new EntropyError());

  private static JudgedPosterior judged(PosteriorEstimator posterior) {
    return JudgedPosterior.of(GAUSSIAN, 99, Seed.of(2), posterior);
  }

  private static JudgedPosterior judged(PlantedError error) {
    return judged(error.planted(GAUSSIAN.latents()));
  }

  /** The level is 1e-3 a diagnostic and model: 0.03 in all, at fixed seeds. */
  @Test
  void exactPosteriorsPass() {
    List<LatentModel<?>> models =
        List.of(
            GaussianMean.of(3, 2, 0.5),
            BetaBernoulli.of(0.7, 2),
            DirichletCategorical.of(0.5, 1, 2),
            EqualMeanClusters.of(0.5, 1, 2));
    for (LatentModel<?> model : models) {
      LatentRows<?> latents = LatentRows.of(model);
      Simulations simulations = Simulations.draw(latents, 500, 5, Seed.of(3));
      JudgedPosterior exact =
          JudgedPosterior.of(simulations, 99, Seed.of(4), PosteriorEstimator.exact(latents));
      for (Diagnostic diagnostic : ALL) {
        Finding finding = diagnostic.judge(exact);
        assertFalse(finding.detects(1e-3), () -> model.description().name() + ": " + finding);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorIsSeenByTheDivergencesAndByAClassOfItsOwn(PlantedError error) {
    JudgedPosterior wrong = judged(error);
    assertTrue(new ExpectedDivergence().judge(wrong).detects(1e-6));
    assertTrue(new TotalVariation().judge(wrong).detects(1e-6));
    Diagnostic own = error == PlantedError.PRIOR_ONLY ? new Contraction() : new ZScore();
    assertTrue(own.judge(wrong).detects(1e-6), () -> own.judge(wrong).toString());
  }

  @Test
  void thePriorIsCalibratedAndOnlyDiagnosticsThatLookAtTheTokensSeeThatItLearnedNothing() {
    JudgedPosterior prior = judged(PlantedError.PRIOR_ONLY);
    assertFalse(new SimulationBasedCalibration().judge(prior).detects(0.01));
    assertFalse(new ExpectedCoverage().judge(prior).detects(0.01));
    assertFalse(new ZScore().judge(prior).detects(0.01));
    assertFalse(Tarp.of(Tarp.Reference.PRIOR).judge(prior).detects(0.01));
    assertTrue(Tarp.of(Tarp.Reference.POSTERIOR).judge(prior).detects(1e-6));
    assertEquals(0, new Contraction().judge(prior).value(), 1e-12);
    assertTrue(new Contraction().judge(prior).detects(1e-6));
    assertTrue(new EntropyError().judge(prior).detects(1e-6));
  }

  @Test
  void numbersAreThoseOfTwoGaussians() {
    double c = 1.25;
    JudgedPosterior narrow = judged(PlantedError.OVER_CONFIDENT_1_25);
    // Five standard errors of each mean over 2000 simulations.
    assertEquals(c * c, new ZScore().judge(narrow).value(), 5 * c * c / Math.sqrt(SIMULATIONS));
    double kl = DIMENSION * (c * c - 1 - 2 * Math.log(c)) / 2;
    assertEquals(kl, new ExpectedDivergence().judge(narrow).value(), 0.07);
    double bits = -DIMENSION * Math.log(c) / Math.log(2);
    assertEquals(bits, new EntropyError().judge(narrow).value(), 0.02);
    double variance = 1.0 / (LENGTH + 1); // of the exact posterior, prior variance one
    assertEquals(1 - variance / (c * c), new Contraction().judge(narrow).value(), 1e-12);

    JudgedPosterior biased = judged(PlantedError.BIASED);
    double distance = 0.25 * Math.sqrt(DIMENSION);
    assertEquals(distance * distance / 2, new ExpectedDivergence().judge(biased).value(), 0.05);
    double variation = 2 * new NormalDistribution().cumulativeProbability(distance / 2) - 1;
    assertEquals(variation, new TotalVariation().judge(biased).value(), 0.02);
    assertEquals(1 - variance, new Contraction().judge(biased).value(), 1e-12);
  }

  @Test
  void coverageOfATooNarrowPosteriorIsThatOfASmallerBall() {
    JudgedPosterior narrow = judged(PlantedError.OVER_CONFIDENT_2);
    int[] ranks = new ExpectedCoverage().ranks(narrow);
    double[] shares = UniformRanks.of(SIMULATIONS).shares(ranks, 99);
    // The disc that holds u of N(m, v/4 I) holds 1 - (1 - u)^(1/4) of N(m, v I) in the plane.
    for (int k = 1; k < UniformRanks.POINTS; k++) {
      double u = (double) k / UniformRanks.POINTS;
      assertEquals(1 - Math.pow(1 - u, 0.25), shares[k], 0.06);
    }
  }
}
