package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class SampledMartingaleTest {

  // Fewer than 100 numbers are compared: all within 5 but for one run in 10,000.
  private static final double LARGEST = 5;
  private static final Function<Token, double[]> COORDINATES = Token::coordinates;

  private final RandomGenerator rng = Seed.of(5).generator();

  @Test
  void exactModelsDoNotDrift() {
    List<LatentModel<?>> models =
        List.of(
            GaussianMean.of(1, 0.5, 2),
            DirichletCategorical.of(0.4, 1, 2.5),
            LinearRegression.of(2, 1, 1.5, 0.4));
    for (LatentModel<?> model : models) {
      Tokens seen = model.sample(3, rng).tokens();
      SampledMartingale audit = SampledMartingale.of(Predictors.sampler(model));
      double drift = Drift.largest(audit.drift(seen, rng, COORDINATES));
      double lagged = Drift.largest(audit.laggedDrift(seen, rng, COORDINATES));
      assertTrue(drift <= LARGEST && lagged <= LARGEST, model + ": " + drift + ", " + lagged);
    }
  }

  /** The control: a last token far from the mean draws the next ones back one by one. */
  @Test
  void anAutoregressionDrifts() {
    AutoRegression model = AutoRegression.of(0.8, 0.1, 1);
    Tokens seen = Tokens.of(model.tokenSpace(), Token.real(0.2), Token.real(4));
    SampledMartingale audit = SampledMartingale.of(Predictors.sampler(model));
    assertTrue(Drift.largest(audit.drift(seen, rng, COORDINATES)) > 10);
    assertTrue(Drift.largest(audit.laggedDrift(seen, rng, COORDINATES)) > 10);
  }

  /** The control that the drift alone misses: a chain in equilibrium. */
  @Test
  void aStationaryChainIsCaughtByTheLaggedDrift() {
    HiddenMarkov model =
        HiddenMarkov.of(
            new SimpleMatrix(1, 2, true, 0.5, 0.5),
            new SimpleMatrix(2, 2, true, 0.8, 0.2, 0.2, 0.8),
            new SimpleMatrix(2, 2, true, 0.95, 0.05, 0.05, 0.95));
    Tokens none = Tokens.none(model.tokenSpace());
    SampledMartingale audit = SampledMartingale.of(Predictors.sampler(model));
    assertTrue(Drift.largest(audit.drift(none, rng, COORDINATES)) <= LARGEST);
    assertTrue(Drift.largest(audit.laggedDrift(none, rng, COORDINATES)) > 10);
  }

  /** A user's own lambda, whose drift is known: each step adds one to the last. */
  @Test
  void aKnownDriftIsMeasured() {
    Tokens seen = Tokens.of(GaussianMean.of(1, 1, 1).tokenSpace(), Token.real(0));
    NextToken counting = (x, random) -> Token.real(x.at(x.length() - 1, 0) + 1);
    SampledMartingale audit = SampledMartingale.of(counting).withSteps(4).withContinuations(3);
    assertEquals(
        List.of(new Drift(1, 1, 0), new Drift(2, 2, 0), new Drift(3, 3, 0)),
        audit.drift(seen, rng, COORDINATES));
    // x is 1, 2, 3, 4; lag 1 averages (3 - 2) 1 and (4 - 3) 2, lag 2 has (4 - 2) 1.
    assertEquals(
        List.of(new Drift(1, 1.5, 0), new Drift(2, 2, 0)),
        audit.laggedDrift(seen, rng, COORDINATES));
    assertEquals(Double.POSITIVE_INFINITY, Drift.largest(audit.drift(seen, rng, COORDINATES)));
    assertEquals(0, Drift.largest(List.of(new Drift(1, 0, 0))));
  }

  /**
   * The standard error is that of the mean: 0.5 / sqrt(n) for a fair coin minus another, halved.
   */
  @Test
  void theStandardErrorIsThatOfTheMean() {
    Function<Tokens, SimpleMatrix> coin = seen -> new SimpleMatrix(1, 2, true, 0.5, 0.5);
    List<Drift> drifts =
        SampledMartingale.of(Predictors.sampler(coin))
            .withSteps(3)
            .withContinuations(5000)
            .drift(Tokens.none(new CategoricalTokens(2)), rng, COORDINATES);
    // Var(x - x') = 1/2; the relative error of a standard error is about 1 / sqrt(2 n) = 1 %.
    assertEquals(Math.sqrt(0.5 / 5000), drifts.get(0).standardError(), 5e-4);
  }

  @Test
  void refusesTooLittle() {
    SampledMartingale audit = SampledMartingale.of((seen, random) -> Token.category(0));
    assertThrows(IllegalArgumentException.class, () -> audit.withSteps(2));
    assertThrows(IllegalArgumentException.class, () -> audit.withContinuations(1));
  }
}
