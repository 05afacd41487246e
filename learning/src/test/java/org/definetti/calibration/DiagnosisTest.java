package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.MeanPooling;
import org.definetti.derivation.Derivation;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class DiagnosisTest {

  private static Diagnosis diagnose(
      LatentRows<?> latents, int count, PosteriorEstimator posterior) {
    Simulations simulations = Simulations.draw(latents, count, 5, Seed.of(1));
    return Diagnosis.of(JudgedPosterior.of(simulations, 99, Seed.of(2), posterior));
  }

  /** Ten diagnostics of three models at level 1e-3: false alarm 0.03 at fixed seeds. */
  @Test
  void derivedAttentionIsTheExactPosterior() {
    List<LatentModel<?>> models =
        List.of(
            GaussianMean.of(2, 1, 2), BetaBernoulli.of(2, 3), LinearRegression.of(2, 1, 1, 0.5));
    for (LatentModel<?> model : models) {
      LatentRows<?> latents = LatentRows.of(model);
      PosteriorEstimator derived =
          PosteriorEstimator.readOut(latents, Derivation.of(model).attention());
      Diagnosis diagnosis = diagnose(latents, 200, derived);
      assertEquals(List.of(), diagnosis.detections(1e-3), () -> model + ": " + diagnosis);
      assertTrue(diagnosis.lines().stream().allMatch(line -> line.finding() != null));
      SimpleMatrix mean =
          derived.given(Simulations.draw(latents, 1, 7, Seed.of(5)).tokens(0)).mean();
      SimpleMatrix exact =
          PosteriorEstimator.exact(latents)
              .given(Simulations.draw(latents, 1, 7, Seed.of(5)).tokens(0))
              .mean();
      assertTrue(exact.isIdentical(mean, 1e-9));
    }
  }

  @Test
  void anAttentionThatDeterminesNoBeliefSaysWhy() {
    LatentRows<?> latents = LatentRows.of(GaussianMean.of(2, 1, 2));
    Tokens tokens = Simulations.draw(latents, 1, 3, Seed.of(1)).tokens(0);
    PosteriorEstimator pooling = PosteriorEstimator.readOut(latents, new MeanPooling());
    assertTrue(
        assertThrows(UnsupportedOperationException.class, () -> pooling.given(tokens))
            .getMessage()
            .contains("number of tokens seen"));
  }

  @Test
  void aPosteriorWithoutDensityIsJudgedByItsDraws() {
    LatentRows<?> latents = LatentRows.of(GaussianMean.of(2, 1, 2));
    PosteriorEstimator exact = PosteriorEstimator.exact(latents);
    Diagnosis diagnosis = diagnose(latents, 100, tokens -> new DrawsOnly(exact.given(tokens)));
    for (Diagnosis.Line line : diagnosis.lines()) {
      boolean byDraws = List.of("sbc", "tarp", "tarp-posterior").contains(line.diagnostic().name());
      if (byDraws) {
        assertEquals("", line.reason());
      }
      assertEquals(line.finding() == null, !line.reason().isEmpty());
    }
    assertTrue(
        diagnosis.lines().stream()
            .filter(line -> line.diagnostic().name().equals("coverage"))
            .allMatch(line -> line.reason().equals("draws only")));
  }

  private record DrawsOnly(Predictive law) implements Predictive {

    @Override
    public SimpleMatrix mean() {
      throw new UnsupportedOperationException("draws only");
    }

    @Override
    public SimpleMatrix covariance() {
      throw new UnsupportedOperationException("draws only");
    }

    @Override
    public double logProbability(double[] value) {
      throw new UnsupportedOperationException("draws only");
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return law.draw(rng);
    }
  }
}
