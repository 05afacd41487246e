package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.latent.Belief;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.numerical.ImportanceSampling;
import org.definetti.latent.numerical.LatentPrior;
import org.definetti.latent.numerical.Quadrature;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** A sweep carries the error of posteriors that are computed numerically. */
class OracleErrorTest {

  private static final GaussianMean EXACT = GaussianMean.of(1, 1, 1);

  /** The Gaussian mean, known by its likelihood only. */
  private record Untold(Function<Untold, Belief<SimpleMatrix>> belief)
      implements LikelihoodModel<SimpleMatrix> {

    @Override
    public TokenSpace tokenSpace() {
      return EXACT.tokenSpace();
    }

    @Override
    public Belief<SimpleMatrix> prior() {
      return belief.apply(this);
    }

    @Override
    public SimpleMatrix drawLatent(RandomGenerator rng) {
      return EXACT.drawLatent(rng);
    }

    @Override
    public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
      return EXACT.drawToken(latent, rng);
    }

    @Override
    public double logLikelihood(SimpleMatrix latent, Token token) {
      return new IsotropicGaussian(latent, 1).logProbability(token.coordinates());
    }

    @Override
    public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
      return new IsotropicGaussian(latent, 1);
    }
  }

  private static final Attention POOLING =
      (queries, context) -> {
        double sum = 0;
        for (int l = 0; l < context.length(); l++) {
          sum += context.values().get(l, 0);
        }
        return new SimpleMatrix(1, 1, true, sum / context.length());
      };

  private static SweepResult sweep(LatentModel<SimpleMatrix> model) {
    return Sweep.of(model)
        .withLengths(32, 64, 128)
        .withSequences(15)
        .withSeeds(8)
        .withAttention("pooling", POOLING)
        .execute(1);
  }

  private static Verdict verdict(SweepResult result, String metric) {
    return result.curve("pooling", metric).rate(32, 128).expect(-2, 0.1);
  }

  /** Quadrature is fine enough: the verdict is the one that the exact posterior gives. */
  @Test
  void fineQuadratureIsJudgedAsExact() {
    SweepResult exact = sweep(EXACT);
    SweepResult fine =
        sweep(new Untold(m -> Quadrature.of(m, LatentPrior.gaussian(new SimpleMatrix(1, 1), 1.0))));
    Verdict expected = verdict(exact, "squared-gap");
    Verdict actual = verdict(fine, "squared-gap");
    assertEquals(Outcome.CONFIRMED, expected.outcome());
    assertEquals(Outcome.CONFIRMED, actual.outcome());
    assertEquals(expected.measured(), actual.measured(), 1e-9);
    assertEquals(List.of(), fine.curve("pooling", "squared-gap").doubtful());
    for (CurvePoint point : fine.curve("pooling", "oracle-error").points()) {
      assertTrue(point.mean() > 0 && point.mean() < 1e-9, "error " + point.mean());
    }
  }

  /** Few prior draws are too coarse for a gap of 1/L²: marked, and not judged. */
  @Test
  void coarseImportanceSamplingIsInconclusive() {
    SweepResult coarse =
        sweep(new Untold(m -> ImportanceSampling.of(m, Seed.of(7)).withDraws(2000)));
    for (String metric : new String[] {"squared-gap", "excess-risk"}) {
      assertEquals(List.of(32.0, 64.0, 128.0), coarse.curve("pooling", metric).doubtful());
      Verdict verdict = verdict(coarse, metric);
      assertEquals(Outcome.INCONCLUSIVE, verdict.outcome());
    }
    assertEquals(
        "the exact answers are not exact enough: their own error may exceed a tenth of the gap at"
            + " length 32, 64, 128",
        verdict(coarse, "squared-gap").reason());
    assertTrue(
        ResultFiles.cells(List.of(coarse.results())).contains("\"oracle-error\""),
        "cells carry the mark");
    Curve error = coarse.curve("pooling", "oracle-error");
    Curve gap = coarse.curve("pooling", "squared-gap");
    for (int i = 0; i < error.values().size(); i++) {
      assertTrue(error.points().get(i).mean() > 0.1 * gap.points().get(i).mean());
    }
  }

  /** Models with exact posteriors have no such metric, so their files are what they were. */
  @Test
  void exactModelsHaveNoOracleError() {
    String cells = ResultFiles.cells(List.of(sweep(EXACT).results()));
    assertFalse(cells.contains("oracle"), cells);
  }
}
