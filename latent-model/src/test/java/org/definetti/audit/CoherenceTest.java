package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class CoherenceTest {

  private static final double IDENTITY = 1e-12;
  private static final CategoricalTokens THREE = new CategoricalTokens(3);

  private final RandomGenerator rng = Seed.of(11).generator();

  @Test
  void exactPredictorsHaveAllThreeProperties() {
    List<LatentModel<?>> models =
        List.of(
            BetaBernoulli.of(0.6, 2.3),
            DirichletCategorical.of(0.4, 1, 2.5),
            CategoricalConcepts.of(
                new SimpleMatrix(new double[][] {{0.2, 0.3, 0.5}, {0.6, 0, 0.4}})));
    for (LatentModel<?> model : models) {
      Tokens tokens = model.sample(7, rng).tokens();
      CoherenceGaps gaps = Coherence.largest(tokens, 5, rng, Predictors.categories(model));
      assertTrue(gaps.areWithin(IDENTITY), model + ": " + gaps);
    }
  }

  /** The control: exponential smoothing passes A2 and A3 at every prefix, but its past counts. */
  @Test
  void oldTokensThatFadeAreCaughtByThePastAlone() {
    Tokens tokens = Tokens.of(THREE, categories(0, 2, 1, 1, 0));
    CoherenceGaps gaps = Coherence.largest(tokens, 20, rng, CoherenceTest::smoothed);
    assertTrue(gaps.martingale() <= IDENTITY && gaps.symmetry() <= IDENTITY, gaps::toString);
    assertTrue(gaps.past() > 0.05, gaps::toString);
    assertFalse(gaps.areWithin(0.05));
  }

  private static SimpleMatrix smoothed(Tokens seen) {
    double[] row = {0.5, 0.3, 0.2};
    for (int l = 0; l < seen.length(); l++) {
      for (int w = 0; w < 3; w++) {
        row[w] = 0.8 * row[w] + (w == seen.at(l, 0) ? 0.2 : 0);
      }
    }
    return new SimpleMatrix(1, 3, true, row);
  }

  /** The control: symmetry implies the martingale property, not conversely. */
  @Test
  void aMartingaleThatTurnsIsCaughtBySymmetryOnly() {
    Tokens tokens = Tokens.of(THREE, categories(0, 2, 1, 1));
    CoherenceGaps gaps = Coherence.largest(tokens, 20, rng, CoherenceTest::turning);
    assertTrue(gaps.martingale() <= IDENTITY, gaps::toString);
    assertTrue(gaps.symmetry() > 0.01, gaps::toString);
  }

  // The next two are p pᵀ plus an antisymmetric table whose rows and columns sum to zero.
  private static SimpleMatrix turning(Tokens seen) {
    double[] p = {0.5, 0.3, 0.2};
    for (int l = 0; l < seen.length(); l++) {
      int a = (int) seen.at(l, 0);
      double step = 0.5 * Math.min(p[0] * p[1], Math.min(p[1] * p[2], p[2] * p[0])) / p[a];
      p[(a + 1) % 3] += step;
      p[(a + 2) % 3] -= step;
    }
    return new SimpleMatrix(1, 3, true, p);
  }

  @Test
  void densitiesOfTwoTokensAreSymmetric() {
    for (LatentModel<?> model :
        List.of(GaussianMean.of(2, 0.5, 2), LinearRegression.of(3, 2, 1.5, 0.4))) {
      Tokens tokens = model.sample(7, rng).tokens();
      double gap = logSymmetryGap(model, tokens);
      assertTrue(gap <= IDENTITY, model + ": " + gap);
    }
    AutoRegression control = AutoRegression.of(0.7, 0.5, 1);
    assertTrue(logSymmetryGap(control, control.sample(7, rng).tokens()) > 0.01);
  }

  private static double logSymmetryGap(LatentModel<?> model, Tokens tokens) {
    return Coherence.logSymmetryGap(
        tokens.prefix(5), tokens.slice(5, 7), Predictors.logDensity(model));
  }

  @Test
  void impossibleTokensAreNoGap() {
    Urn urn = Urn.of(1, 1, 2);
    Tokens seen = Tokens.of(THREE, categories(0));
    Function<Tokens, SimpleMatrix> predictor = Predictors.categories(urn);
    assertTrue(Coherence.largest(seen, 3, rng, predictor).areWithin(IDENTITY));
    Tokens pair = Tokens.of(THREE, categories(0, 1));
    assertEquals(0, Coherence.logSymmetryGap(seen, pair, Predictors.logDensity(urn)));
  }

  @Test
  void refusesAPairThatIsNone() {
    Tokens three = Tokens.of(THREE, categories(0, 1, 2));
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> Coherence.logSymmetryGap(three, three, (seen, next) -> 0));
    assertEquals("pair: expected 2 tokens, got 3", thrown.getMessage());
  }

  /** The joint that predictions imply is the evidence, and order shows where they have memory. */
  @Test
  void impliedJointsAreAudited() {
    DirichletCategorical model = DirichletCategorical.of(0.4, 1, 2.5);
    Tokens tokens = model.sample(9, rng).tokens();
    Tokens none = Tokens.none(THREE);
    double evidence = model.prior().observe(tokens).logEvidence();
    assertEquals(evidence, Predictors.logDensity(model).applyAsDouble(none, tokens), 9 * IDENTITY);
    assertEquals(
        evidence,
        Predictors.logProbability(Predictors.categories(model)).applyAsDouble(none, tokens),
        9 * IDENTITY);
    double fading =
        Exchangeability.largestGap(
            tokens,
            20,
            rng,
            x -> Predictors.logProbability(CoherenceTest::smoothed).applyAsDouble(none, x));
    assertTrue(fading > 0.01, "gap " + fading);
  }

  @Test
  void refusesWhatIsNotCategories() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Predictors.categories(GaussianMean.of(1, 1, 1)));
    assertTrue(thrown.getMessage().startsWith("model: expected categories"), thrown::getMessage);
  }

  static Token[] categories(int... indices) {
    return Arrays.stream(indices).mapToObj(Token::category).toArray(Token[]::new);
  }
}
