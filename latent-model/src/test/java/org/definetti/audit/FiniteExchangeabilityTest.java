package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.sequence.Urn;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Finite exchangeability: what an urn lacks, and how little it is in a large one. */
class FiniteExchangeabilityTest {

  private static final double ROUNDING = 1e-13;

  @Test
  void twoOfFourBallsHaveCovarianceMinusOneTwelfth() {
    Function<Tokens, SimpleMatrix> urn = Predictors.categories(Urn.of(2, 2));
    Tokens none = Tokens.none(new CategoricalTokens(2));
    assertEquals(-1.0 / 12, TokenCovariance.of(none, urn).get(1, 1), ROUNDING);
    assertEquals(-1.0 / 6, TokenCovariance.least(none, urn), ROUNDING); // f = ±1/√2
  }

  /** With a latent it is the variance of the mean parameter, ab / (ν² (ν + 1)). */
  @Test
  void aMixtureHasTheVarianceOfItsLatent() {
    Function<Tokens, SimpleMatrix> beta = Predictors.categories(BetaBernoulli.of(2, 3));
    Tokens none = Tokens.none(new CategoricalTokens(2));
    assertEquals(2 * 3 / (25 * 6.0), TokenCovariance.of(none, beta).get(0, 0), ROUNDING);
    assertEquals(0, TokenCovariance.least(none, beta), ROUNDING);
    Function<Tokens, SimpleMatrix> dice = Predictors.categories(DirichletCategorical.of(1, 2, 3));
    assertEquals(0, TokenCovariance.least(Tokens.none(new CategoricalTokens(3)), dice), ROUNDING);
  }

  @Test
  void theReferenceDistances() {
    assertEquals(0.1667, FiniteExchangeability.distance(Urn.of(2, 2), 2), 5e-5);
    assertEquals(0.0333, FiniteExchangeability.distance(Urn.of(8, 8), 2), 5e-5);
    assertEquals(0.0079, FiniteExchangeability.distance(Urn.of(32, 32), 2), 5e-5);
    assertEquals(0, FiniteExchangeability.distance(Urn.of(3, 4), 0), ROUNDING);
    assertEquals(0, FiniteExchangeability.distance(Urn.of(3, 4), 1), ROUNDING);
    assertEquals(0, FiniteExchangeability.distance(Urn.of(5, 0), 5), ROUNDING); // all alike
  }

  /** Every sequence listed, each ball drawn: an oracle that knows neither counts nor logs. */
  @Test
  void agreesWithEverySequenceListed() {
    for (int k = 1; k <= 5; k++) {
      assertEquals(
          listed(List.of(new int[] {1, 4, 2}), new double[] {1}, k),
          FiniteExchangeability.distance(Urn.of(1, 4, 2), k),
          ROUNDING);
      assertEquals(
          listed(List.of(new int[] {1, 4, 2}, new int[] {5, 0, 2}), new double[] {0.3, 0.7}, k),
          FiniteExchangeability.distance(
              List.of(Urn.of(1, 4, 2), Urn.of(5, 0, 2)), new SimpleMatrix(1, 2, true, 0.3, 0.7), k),
          ROUNDING);
    }
  }

  private static double listed(List<int[]> urns, double[] weights, int count) {
    double sum = 0;
    for (int index = 0; index < Math.pow(3, count); index++) {
      double difference = 0;
      for (int j = 0; j < weights.length; j++) {
        double[] left = Arrays.stream(urns.get(j)).asDoubleStream().toArray();
        double without = 1;
        double with = 1;
        int rest = index;
        for (int l = 0; l < count; l++) {
          int w = rest % 3;
          with *= urns.get(j)[w] / 7.0;
          without *= left[w] / (7.0 - l);
          left[w] = Math.max(0, left[w] - 1);
          rest /= 3;
        }
        difference += weights[j] * (without - with);
      }
      sum += Math.abs(difference);
    }
    return sum / 2;
  }

  @Test
  void theBoundHoldsAndTheDistanceFallsAsOneOverN() {
    for (int k = 2; k <= 6; k++) {
      Urn urn = Urn.of(30, 50, 20);
      assertTrue(FiniteExchangeability.distance(urn, k) <= FiniteExchangeability.bound(urn, k));
    }
    assertEquals(
        1.0 / (2 * (4e6 - 1)),
        FiniteExchangeability.distance(Urn.of(2_000_000, 2_000_000), 2),
        1e-12 * 1e-7);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> FiniteExchangeability.distance(Urn.of(1, 1), 3));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            FiniteExchangeability.distance(
                List.of(Urn.of(1, 1), Urn.of(1, 2)), new SimpleMatrix(1, 2, true, 0.5, 0.5), 1));
  }
}
