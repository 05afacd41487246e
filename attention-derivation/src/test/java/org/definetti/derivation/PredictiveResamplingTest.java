package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.definetti.attention.Attention;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class PredictiveResamplingTest {

  private static final BetaBernoulli COIN = BetaBernoulli.of(1.3, 2.2);

  /** The closed form by Commons Math: Beta-binomial with the posterior's parameters. */
  @Test
  void countsFollowPolyasUrn() {
    for (int length : new int[] {0, 1, 5, 40}) {
      double[] law =
          PredictiveResampling.countLaw(
              7, 3, length, (count, ones) -> (1.3 + ones) / (3.5 + count));
      assertEquals(length + 1, law.length);
      for (int s = 0; s <= length; s++) {
        double log =
            CombinatoricsUtils.binomialCoefficientLog(length, s)
                + Beta.logBeta(4.3 + s, 6.2 + length - s)
                - Beta.logBeta(4.3, 6.2);
        assertEquals(Math.exp(log), law[s], 1e-12);
      }
    }
  }

  @Test
  void aCoinWithoutPriorIsLockedIn() {
    double[] law = PredictiveResampling.countLaw(2, 2, 3, (count, ones) -> ones / count);
    assertArrayEquals(new double[] {0, 0, 0, 1}, law);
    assertThrows(
        IllegalArgumentException.class,
        () -> PredictiveResampling.countLaw(0, 0, 1, (count, ones) -> ones / count));
    assertThrows(
        IllegalArgumentException.class,
        () -> PredictiveResampling.countLaw(2, 3, 1, (count, ones) -> 0.5));
  }

  /**
   * The mean of a long continuation is a draw of z. 400 draws against the posterior's distribution
   * function: Kolmogorov's distance exceeds 1.95/√400 by chance with probability 1e-3, to which the
   * finite continuation adds less than 1/m.
   */
  @Test
  void continuationsOfAnAttentionDrawFromThePosterior() {
    Tokens seen = Tokens.ofRows(COIN.tokenSpace(), new double[] {1, 0, 0, 1, 0});
    Attention head = Derivation.of(COIN).attention();
    Function<Tokens, SimpleMatrix> predictor = PredictiveResampling.predictor(COIN, head);
    assertEquals(3.3 / 8.5, predictor.apply(seen).get(0, 1), 1e-15);
    int draws = 400;
    int length = 100;
    double[] means = new double[draws];
    for (int n = 0; n < draws; n++) {
      Tokens next =
          PredictiveResampling.continuation(
              seen, length, Seed.of(8).child(n).generator(), predictor);
      assertEquals(length, next.length());
      means[n] = COIN.statistic(next).elementSum() / length;
    }
    assertTrue(distance(means, new BetaDistribution(3.3, 5.2)) < 1.95 / 20 + 0.01);
    assertTrue(distance(means, new BetaDistribution(1.3, 2.2)) > 0.15, "the prior is caught");
  }

  private static double distance(double[] draws, BetaDistribution law) {
    double[] sorted = draws.clone();
    java.util.Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double at = law.cumulativeProbability(sorted[i]);
      largest = Math.max(largest, Math.abs(at - (i + 0.5) / sorted.length));
    }
    return largest;
  }

  /** Continuations of a belief: the mean of long ones has the posterior's mean and variance. */
  @Test
  void continuationsOfABelief() {
    GaussianMean model = GaussianMean.of(1, 1, 2);
    Tokens seen = Tokens.ofRows(model.tokenSpace(), new double[] {1.5, 0.5});
    // Posterior N(1/2, 1/2); a continuation of m tokens adds 2/m to the variance of its mean.
    int draws = 2000;
    int length = 50;
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < draws; n++) {
      Tokens next =
          PredictiveResampling.continuation(
              model, model.prior().observe(seen), length, Seed.of(9).child(n).generator());
      double mean = next.values().elementSum() / length;
      sum += mean;
      squares += mean * mean;
    }
    double mean = sum / draws;
    double variance = squares / draws - mean * mean;
    double exact = 0.5 + 2.0 / length;
    assertEquals(0.5, mean, 5 * Math.sqrt(exact / draws)); // false alarm 6e-7
    assertEquals(exact, variance, 5 * exact * Math.sqrt(2.0 / draws));
  }

  @Test
  void categoriesAreDrawnAsTheModelDrawsThem() {
    DirichletCategorical die = DirichletCategorical.of(1, 1, 1e9);
    Tokens drawn = PredictiveResampling.continuation(die, die.prior(), 5, Seed.of(1).generator());
    assertEquals(Tokens.ofRows(die.tokenSpace(), new double[] {2, 2, 2, 2, 2}), drawn);
    BetaBernoulli coin = BetaBernoulli.of(1e9, 1);
    Tokens ones = PredictiveResampling.continuation(coin, coin.prior(), 4, Seed.of(1).generator());
    assertEquals(Tokens.ofRows(coin.tokenSpace(), new double[] {1, 1, 1, 1}), ones);
    LinearRegression pairs = LinearRegression.of(2, 1, 1, 1);
    assertThrows(
        UnsupportedOperationException.class,
        () -> PredictiveResampling.continuation(pairs, pairs.prior(), 1, Seed.of(1).generator()));
  }
}
