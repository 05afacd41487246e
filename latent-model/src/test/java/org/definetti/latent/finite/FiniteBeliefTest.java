package org.definetti.latent.finite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Edge cases of finite beliefs, descriptions of finite models and what they refuse. */
class FiniteBeliefTest {

  private static SimpleMatrix matrix(int rows, double... numbers) {
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  private static Tokens categories(int count, double... tokens) {
    return Tokens.ofRows(new CategoricalTokens(count), tokens);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static final CategoricalConcepts DICE =
      CategoricalConcepts.of(matrix(3, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.2, 0.3, 0.5));

  @Test
  void impossibleConceptsAreRemovedForEver() {
    Belief<Integer> belief = DICE.prior().observe(categories(3, 2));
    assertEquals(0, belief.mean().get(0, 0));
    assertEquals(Double.NEGATIVE_INFINITY, belief.logDensity(0));
    Belief<Integer> later = belief.observe(categories(3, 1, 1, 1, 1, 1, 1, 1, 1));
    assertEquals(0, later.mean().get(0, 0));
    assertEquals(1, later.mean().elementSum(), 1e-15);
    Belief<Integer> certain = later.observe(categories(3, 0));
    assertEquals(matrix(1, 0, 0, 1.0).toString(), certain.mean().toString());
    assertEquals(0, certain.entropyNats());
    assertEquals(0, certain.covariance().elementMaxAbs());
    for (int i = 0; i < 20; i++) {
      assertEquals(2, certain.sample(Seed.of(i).generator()));
    }
  }

  @Test
  void impossibleTokensHaveEvidenceButNoPosterior() {
    CategoricalConcepts two = DICE.withPrior(matrix(1, 0.5, 0.5, 0.0));
    Belief<Integer> left = two.prior().observe(categories(3, 2));
    Belief<Integer> right = two.prior().observe(categories(3, 0));
    for (Belief<Integer> belief :
        List.of(left.merge(right), two.prior().observe(categories(3, 0, 1, 2)))) {
      assertEquals(Double.NEGATIVE_INFINITY, belief.logEvidence());
      assertEquals(
          Double.NEGATIVE_INFINITY, belief.observe(categories(3, 1, 1, 1, 1)).logEvidence());
      SimpleMatrix query = two.tokenSpace().emptyQuery();
      assertThrows(ImpossibleTokensException.class, () -> belief.predictive(query));
      assertThrows(ImpossibleTokensException.class, belief::covariance);
      assertThrows(ImpossibleTokensException.class, belief::entropyNats);
      assertThrows(ImpossibleTokensException.class, () -> belief.klNats(two.prior()));
      assertThrows(ImpossibleTokensException.class, () -> belief.logDensity(0));
      assertThrows(ImpossibleTokensException.class, () -> belief.sample(Seed.of(1).generator()));
    }
    Belief<Integer> impossible = left.merge(right);
    Exception error = assertThrows(ImpossibleTokensException.class, impossible::mean);
    assertEquals(
        "categorical-concepts, tokens: expected possible under some latent of positive prior"
            + " probability, got 2.0 tokens of probability zero, so there is no posterior",
        error.getMessage());
  }

  @Test
  void aPriorOfZeroIsNeverOvercome() {
    CategoricalConcepts model = DICE.withPrior(matrix(1, 0, 1, 0.0));
    Belief<Integer> belief = model.prior().observe(categories(3, 1, 2, 1));
    assertEquals(1, belief.mean().get(0, 1));
    assertEquals(3 * Math.log(0.5), belief.logEvidence(), 1e-15);
  }

  @Test
  void oneConceptIsCertain() {
    GaussianConcepts model = GaussianConcepts.of(matrix(1, 1, 2.0), 3);
    Belief<Integer> belief =
        model.prior().observe(model.sample(4, Seed.of(1).generator()).tokens());
    assertEquals(1, belief.mean().get(0, 0));
    assertEquals(0, belief.entropyNats());
    EqualMeanClusters.of(2).prior();
    RegressionConcepts.of(List.of(matrix(1, 1.0)), 1).prior();
  }

  /** Log-likelihoods whose exponential is far out of range. */
  @Test
  void extremeVariancesStayFinite() {
    for (double variance : new double[] {1e-12, 1, 1e12}) {
      double unit = Math.sqrt(variance);
      GaussianConcepts model = GaussianConcepts.of(matrix(3, 0, unit, 5 * unit), variance);
      Tokens token = Tokens.of(model.tokenSpace(), Token.real(unit / 2));
      Belief<Integer> belief = model.prior().observe(token);
      // the squares are 1/4, 1/4 and 81/4 of the variance
      double far = Math.exp(-10);
      assertEquals(1 / (2 + far), belief.mean().get(0, 0), 1e-14);
      assertEquals(far / (2 + far), belief.mean().get(0, 2), 1e-14);
      double evidence =
          Math.log((2 + far) / 3) - 0.125 - 0.5 * Math.log(2 * Math.PI) - Math.log(unit);
      assertEquals(evidence, belief.logEvidence(), 1e-13);
      Tokens away = Tokens.of(model.tokenSpace(), Token.real(1e3 * unit), Token.real(1e3 * unit));
      assertEquals(1, model.prior().observe(away).mean().get(0, 2));
      assertTrue(Double.isFinite(model.prior().observe(away).logEvidence()));
      EqualMeanClusters spread = EqualMeanClusters.of(unit, 2 * unit);
      Belief<Integer> wide = spread.prior().observe(token);
      double odds = 0.5 * Math.exp(0.125 - 0.03125);
      assertEquals(odds / (1 + odds), wide.mean().get(0, 1), 1e-14);
    }
  }

  /** A statistic read out of an attention gives the belief back. */
  @Test
  void theStatisticMakesTheBelief() {
    FiniteBelief<Integer> seen = FiniteBelief.prior(DICE).observe(categories(3, 2, 1));
    FiniteBelief<Integer> built = FiniteBelief.of(DICE, 2, seen.logLikelihoods());
    assertEquals(seen.probabilities().toString(), built.probabilities().toString());
    assertEquals(seen.logEvidence(), built.logEvidence(), 1e-14); // s was rounded on the way
    assertEquals(4, built.merge(seen).count());
    assertRefused(
        "categorical-concepts, logLikelihoods: expected finite or minus infinity, got NaN for"
            + " latent 1",
        () -> FiniteBelief.of(DICE, 2, matrix(1, 0, Double.NaN, 0)));
    assertThrows(ShapeMismatchException.class, () -> FiniteBelief.of(DICE, 2, matrix(1, 0.0, 0.0)));
  }

  @Test
  void otherModelsAreNotMerged() {
    Belief<Integer> other = DICE.withPrior(matrix(1, 0.5, 0.25, 0.25)).prior();
    assertThrows(IllegalArgumentException.class, () -> DICE.prior().merge(other));
    assertEquals(0, other.klNats(other));
    assertTrue(other.klNats(DICE.prior()) > 0); // another prior over the same latents
    Belief<Integer> two = EqualMeanClusters.of(1, 2).prior();
    assertThrows(IllegalArgumentException.class, () -> two.klNats(DICE.prior()));
    assertRefused(
        "latent: expected one of the 3 of categorical-concepts, got 3",
        () -> DICE.prior().logDensity(3));
  }

  /** A user's model that is wrong says so itself. */
  private record Wrong(SimpleMatrix priorProbabilities, double log)
      implements FiniteLatentModel<String> {

    @Override
    public TokenSpace tokenSpace() {
      return new CategoricalTokens(2);
    }

    @Override
    public List<String> latents() {
      return List.of("left", "right");
    }

    @Override
    public double logLikelihood(String latent, Token token) {
      return log;
    }

    @Override
    public Token drawToken(String latent, RandomGenerator rng) {
      return Token.category(0);
    }

    @Override
    public Belief<String> prior() {
      return FiniteBelief.prior(this);
    }
  }

  @Test
  void wrongModelsOfUsersAreRefusedByName() {
    Wrong nan = new Wrong(matrix(1, 0.5, 0.5), Double.NaN);
    assertRefused(
        "Wrong, logLikelihoods: expected finite or minus infinity, got NaN for latent 0",
        () -> nan.prior().observe(categories(2, 0)));
    Wrong improper = new Wrong(matrix(1, 0.5, 0.6), 0);
    assertRefused("priorProbabilities: expected a sum of 1, got 1.1", improper::prior);
    Wrong one = new Wrong(matrix(1, 1.0), 0);
    assertRefused("priorProbabilities: expected shape (1, 2), got (1, 1)", one::prior);
    Wrong fair = new Wrong(matrix(1, 0.5, 0.5), Math.log(0.5));
    Belief<String> belief = fair.prior().observe(categories(2, 0, 1, 0));
    assertEquals(Math.log(0.5), belief.logDensity("right"), 1e-15);
    assertEquals(3 * Math.log(0.5), belief.logEvidence(), 1e-15);
  }

  @Test
  void wrongArgumentsAreRefusedByName() {
    assertRefused(
        "likelihoods, row 1: expected a sum of 1, got 0.75",
        () -> CategoricalConcepts.of(matrix(2, 0.5, 0.5, 0.25, 0.5)));
    assertRefused(
        "prior: expected shape (1, 3), got (1, 2)", () -> DICE.withPrior(matrix(1, 1, 0.0)));
    assertRefused(
        "prior[1]: expected finite and >= 0, got -0.5",
        () -> DICE.withPrior(matrix(1, 1, -0.5, 0.5)));
    assertRefused(
        "topics, row 0: expected a sum of 1, got 1.5",
        () -> Topics.of(Topics.simplexGrid(2, 1), matrix(2, 1, 0.5, 0.5, 0.5)));
    assertRefused(
        "mixtures: expected rows that differ, got row 1 again",
        () -> Topics.of(matrix(2, 0.5, 0.5, 0.5, 0.5), matrix(2, 1, 0, 0.5, 0.5)));
    assertRefused(
        "deviations[1]: expected finite and > 0, got 0.0", () -> EqualMeanClusters.of(1, 0));
    assertRefused(
        "deviations[0]²: expected finite and > 0, got Infinity", () -> EqualMeanClusters.of(1e200));
    assertRefused(
        "covariance: expected symmetric, got 0.1 at 1, 0 and 0.2 at 0, 1",
        () -> GaussianConcepts.of(matrix(1, 0.0, 0.0), matrix(2, 1, 0.2, 0.1, 1)));
    Exception error =
        assertThrows(
            NotPositiveDefiniteException.class,
            () ->
                GaussianConcepts.of(
                    matrix(2, 0, 0, 1.0, 1.0),
                    List.of(SimpleMatrix.identity(2), matrix(2, 1.0, 1, 1, 1))));
    assertEquals(
        "covariances[1]: expected a positive definite matrix of size 2, got pivot 1 = 0.0",
        error.getMessage());
    assertRefused(
        "maps[1]: expected shape (1, 2), got (2, 1)",
        () -> RegressionConcepts.of(List.of(matrix(1, 1.0, 2.0), matrix(2, 1.0, 2.0)), 1));
    assertRefused(
        "latent: expected a concept in 0..2, got 3",
        () -> DICE.drawToken(3, Seed.of(1).generator()));
  }

  @Test
  void modelsAreBuiltAgainFromTheirDescriptions() {
    SimpleMatrix prior = matrix(1, 0.25, 0.75);
    CategoricalConcepts dice = CategoricalConcepts.of(matrix(2, 0.1, 0.9, 1, 0)).withPrior(prior);
    assertEquals(dice, CategoricalConcepts.from(dice.description()));
    GaussianConcepts shared = GaussianConcepts.of(matrix(2, 1, 2, 3, 4.0), 0.3).withPrior(prior);
    assertEquals(shared, GaussianConcepts.from(shared.description()));
    List<SimpleMatrix> covariances = List.of(matrix(2, 2, 1, 1, 2.0), matrix(2, 3, 0, 0, 1.0));
    GaussianConcepts own = GaussianConcepts.of(shared.means(), covariances).withPrior(prior);
    assertEquals(own, GaussianConcepts.from(own.description()));
    GaussianConcepts line = GaussianConcepts.of(matrix(1, 1.0), List.of(matrix(1, 2.0)));
    assertEquals(line, GaussianConcepts.from(line.description()));
    assertNotEquals(shared, own);
    RegressionConcepts maps =
        RegressionConcepts.of(covariances, 0.7)
            .withPrior(prior)
            .withKeys(KeyLaw.GAUSSIAN)
            .withLabelVariance(3);
    assertEquals(maps, RegressionConcepts.from(maps.description()));
    assertEquals(3, maps.map(1).get(0, 0));
    Topics topics =
        Topics.of(Topics.simplexGrid(2, 1), matrix(2, 0.1, 0.9, 0.5, 0.5)).withPrior(prior);
    assertEquals(topics, Topics.from(topics.description()));
    EqualMeanClusters clusters = EqualMeanClusters.of(1, 3).withPrior(prior);
    assertEquals(clusters, EqualMeanClusters.from(clusters.description()));
    for (FiniteLatentModel<?> model : List.of(dice, shared, own, maps, topics, clusters)) {
      ModelDescription more = model.description().with("colour", "red");
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> from(model, more))
              .getMessage()
              .endsWith("got also [colour]"));
    }
  }

  private static FiniteLatentModel<?> from(
      FiniteLatentModel<?> kind, ModelDescription description) {
    return switch (kind.description().name()) {
      case "categorical-concepts" -> CategoricalConcepts.from(description);
      case "gaussian-concepts" -> GaussianConcepts.from(description);
      case "regression-concepts" -> RegressionConcepts.from(description);
      case "topics" -> Topics.from(description);
      default -> EqualMeanClusters.from(description);
    };
  }

  @Test
  void gridsOfTheSimplex() {
    SimpleMatrix grid = Topics.simplexGrid(3, 4);
    assertEquals(15, grid.getNumRows());
    for (int s = 0; s < 15; s++) {
      assertEquals(1, grid.extractVector(true, s).elementSum());
    }
    assertEquals(0.5, grid.get(3, 0));
    assertEquals(matrix(3, 1, 0, 0.5, 0.5, 0, 1).toString(), Topics.simplexGrid(2, 2).toString());
    assertEquals(1, Topics.simplexGrid(1, 7).getNumRows());
    assertEquals(56, Topics.simplexGrid(4, 5).getNumRows());
    assertThrows(IllegalArgumentException.class, () -> Topics.simplexGrid(50, 50));
  }
}
