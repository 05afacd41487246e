package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.definetti.kernel.LinearKernel;
import org.definetti.lab.oracle.ChineseRestaurant;
import org.definetti.lab.oracle.MeanVarianceQuadrature;
import org.definetti.lab.oracle.RateQuadrature;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The numbers that the claims hold the library against, checked by hand. */
class ClaimOraclesTest {

  // A handful of roundings of numbers near 1.
  private static final double ROUNDING = 1e-14;
  // What SimplexQuadrature promises, with room.
  private static final double QUADRATURE = 1e-12;

  @Test
  void sequencesHaveThePolyaUrnsProbabilitiesAndSumToOne() {
    double[] alpha = {1, 2};
    // P(0) P(1 | 0) = 1/3 · 2/4, the same in the other order: 2/3 · 1/4.
    assertEquals(1.0 / 6, Enumeration.probability(alpha, 0, 1), ROUNDING);
    assertEquals(1.0 / 6, Enumeration.probability(alpha, 1, 0), ROUNDING);
    assertEquals(1, Enumeration.probability(alpha), ROUNDING);

    double[] total = {0};
    int[] visited = {0};
    Enumeration.forEach(
        new double[] {0.4, 1.1, 2.5},
        4,
        (categories, probability) -> {
          total[0] += probability;
          visited[0]++;
        });
    assertEquals(1, total[0], ROUNDING);
    assertEquals(81, visited[0]);
  }

  @Test
  void theLawOfCountsIsThatOfTheSequences() {
    double a = 1.3;
    double b = 2.45;
    double[] byCount = new double[6];
    Enumeration.forEach(
        new double[] {b, a},
        5,
        (categories, probability) -> byCount[Arrays.stream(categories).sum()] += probability);
    assertArrayEquals(byCount, MeanPoolingGap.countLaw(a, b, 5), ROUNDING);
    assertArrayEquals(new double[] {0.25, 0.25, 0.25, 0.25}, MeanPoolingGap.countLaw(1, 1, 3));
  }

  @Test
  void theFormulaOfTheGapAtOneToken() {
    // Uniform prior on a coin, one toss: the gap is 1/3 either way, 1 - 2/3 or 0 - 1/3.
    double variance = MeanPoolingGap.fractionVariance(1, 1);
    assertEquals(1.0 / 12, variance, ROUNDING);
    assertEquals(1.0 / 9, MeanPoolingGap.formula(2, variance, 1), ROUNDING);
  }

  @Test
  void twoCopiesAreMoreEvidenceThanOne() {
    assertEquals(1.0 / 3, MeanPoolingGap.threeAtomPosteriorMean(1, 1), ROUNDING);
    assertEquals(3.0 / 5, MeanPoolingGap.threeAtomPosteriorMean(1, 2), ROUNDING);
    assertEquals(-1.0 / 3, MeanPoolingGap.threeAtomPosteriorMean(-1, 1), ROUNDING);
    assertEquals(1, MeanPoolingGap.threeAtomPosteriorMean(3, 1), ROUNDING);
  }

  @Test
  void theJointGaussianGivesThePrecisionWeightedMean() {
    // Prior mean (3.5, -1.25) of variance 0.3, noise variance 0.7, one token: weight 0.3.
    Tokens tokens = Tokens.of(new RealTokens(2), Token.real(4.5, -3.25));
    double[] expected = {3.5 + 0.3, -1.25 - 0.6};
    assertArrayEquals(expected, NullTokenExact.gaussian(1).apply(tokens), ROUNDING);
  }

  @Test
  void quadratureCountsTheTokens() {
    Tokens tokens =
        Tokens.of(
            new CategoricalTokens(3), Token.category(2), Token.category(0), Token.category(2));
    double[] mean = NullTokenExact.simplex(tokens, 0.5, 1.5, 2);
    assertArrayEquals(new double[] {1.5 / 7, 1.5 / 7, 4.0 / 7}, mean, QUADRATURE);
  }

  @Test
  void quadratureKnowsTheRateOfTwoCounts() {
    // Gamma(1.5, 0.5) and the counts 3 and 0: (1.5 + 3) / (0.5 + 2).
    double rate = RateQuadrature.posteriorMean(1.5, 0.5, new double[] {3, 0});
    assertEquals(1.8, rate, QUADRATURE);
    assertEquals(3, RateQuadrature.posteriorMean(1.5, 0.5, new double[0]), QUADRATURE);
  }

  @Test
  void quadratureOverMeanAndVarianceWeighsThePriorMeanAsTokens() {
    // Worth 2 tokens at 4, and the tokens -1, 0, 7; then one token far off.
    double mean = MeanVarianceQuadrature.posteriorMean(4, 2, 1.3, 3, new double[] {-1, 0, 7});
    assertEquals((8 - 1 + 0 + 7) / 5.0, mean, 1e-11);
    double far = MeanVarianceQuadrature.posteriorMean(0, 0.5, 1, 2.5, new double[] {30});
    assertEquals(20, far, 1e-9);
  }

  @Test
  void guestsSitWithThoseOfTheirDish() {
    double[] mean =
        ChineseRestaurant.predictiveMean(
            1, new double[] {5}, List.of(new double[] {1}, new double[] {2}, new double[] {1}));
    assertArrayEquals(new double[] {(5 + 2 * 1 + 2) / 4.0}, mean, ROUNDING);
  }

  @Test
  void theOperatorsOfTwoTokensAreThoseOfRidgeRegression() {
    // Keys 1 and 2, values 3 and 4, ridge 1/2 in all, so 1/4 a token: q (Σ kv) / (Σ k² + 1/2).
    SimpleMatrix keys = new SimpleMatrix(2, 1, true, 1, 2);
    SimpleMatrix values = new SimpleMatrix(2, 1, true, 3, 4);
    SimpleMatrix query = new SimpleMatrix(1, 1, true, 3);
    EmpiricalEmbedding moments = EmpiricalEmbedding.ofMoments(keys, values, query, 0.25);
    EmpiricalEmbedding operators =
        EmpiricalEmbedding.ofOperators(new LinearKernel(), keys, values, query, 0.25);
    assertEquals(6, moments.mean().get(0), 1e-13);
    assertEquals(6, operators.mean().get(0), 1e-13);
    assertEquals(9 / 5.5, moments.leverage(), 1e-13);
    assertEquals(9 / 5.5, operators.leverage(), 1e-13);
  }

  @Test
  void theRiskOfAConstantIsItsDistanceAndTheMarginalVariance() {
    EnumerableModel coin = EnumerableModel.betaBernoulli(1, 1);
    assertEquals(0.25 + 0.25, RiskIdentity.risk(coin, tokens -> new double[1], 3), ROUNDING);
    // Whatever is said of a masked token, even odds cost log 2.
    assertEquals(
        Math.log(2),
        MaskedObjective.maskedCrossEntropy(coin, context -> new double[] {0.5, 0.5}, 3),
        ROUNDING);
  }

  @Test
  void theParabolasLowestPointIsLaplacesRule() {
    EnumerableModel coin = EnumerableModel.betaBernoulli(1, 1);
    assertArrayEquals(new double[] {0.75}, MaskedObjective.minimiser(coin, 1, 1), ROUNDING);
    assertArrayEquals(new double[] {0.4}, MaskedObjective.minimiser(coin, 1, 0, 0), ROUNDING);
  }
}
