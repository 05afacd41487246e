package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beta and Dirichlet beliefs against quadrature and enumeration of all sequences. */
class EnumerationOracleTest {

  private static final double QUADRATURE = 1e-11;
  private static final double ENUMERATION = 1e-12;

  /**
   * Returns ∫ f(log z, log(1-z)) z^(a-1) (1-z)^(b-1) dz, by the trapezoid rule in logit
   * coordinates.
   */
  private static double betaIntegral(double a, double b, DoubleBinaryOperator f) {
    double step = 1.0 / 64; // the integrand is smooth and decays at both ends: error below 1e-13
    double sum = 0;
    for (int i = -64 * 80; i <= 64 * 80; i++) {
      double t = i * step;
      double logZ = -Math.log1p(Math.exp(-t));
      double logRest = -Math.log1p(Math.exp(t));
      sum += Math.exp(a * logZ + b * logRest) * f.applyAsDouble(logZ, logRest);
    }
    return sum * step;
  }

  @ParameterizedTest
  @CsvSource({"0.6, 2.3, 5, 2", "1, 1, 0, 0", "4, 0.5, 11, 11", "2, 3, 40, 9"})
  void betaByQuadrature(double a, double b, int length, int ones) {
    double[] rows = new double[length];
    Arrays.fill(rows, 0, ones, 1);
    BetaBernoulli model = BetaBernoulli.of(a, b);
    Belief<SimpleMatrix> belief = model.prior().observe(Tokens.ofRows(model.tokenSpace(), rows));
    double prior = betaIntegral(a, b, (log, rest) -> 1);
    double whole = betaIntegral(a + ones, b + length - ones, (log, rest) -> 1);
    double mean = betaIntegral(a + ones, b + length - ones, (log, rest) -> Math.exp(log)) / whole;
    double square =
        betaIntegral(a + ones, b + length - ones, (log, rest) -> Math.exp(2 * log)) / whole;
    assertEquals(Math.log(whole / prior), belief.logEvidence(), QUADRATURE * (1 + length));
    assertEquals(mean, belief.mean().get(0, 0), QUADRATURE);
    assertEquals(square - mean * mean, belief.covariance().get(0, 0), QUADRATURE);
    SimpleMatrix third = new SimpleMatrix(1, 1, true, 1.0 / 3);
    double density =
        (a + ones - 1) * Math.log(1.0 / 3) + (b + length - ones - 1) * Math.log(2.0 / 3);
    assertEquals(density - Math.log(whole), belief.logDensity(third), 1e-10);
    double up = a + ones;
    double down = b + length - ones;
    double entropy =
        betaIntegral(up, down, (log, rest) -> -(up - 1) * log - (down - 1) * rest) / whole
            + Math.log(whole);
    assertEquals(entropy, belief.entropyNats(), 1e-10);
  }

  private static double[] sequence(long index, int length, int categories) {
    double[] rows = new double[length];
    for (int l = 0; l < length; l++) {
      rows[l] = index % categories;
      index /= categories;
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void evidencesOfAllSequencesSumToOne(int length) {
    assertEquals(1, totalEvidence(BetaBernoulli.of(0.6, 2.3), length), ENUMERATION);
    assertEquals(1, totalEvidence(DirichletCategorical.of(0.4, 1, 2.5), length), ENUMERATION);
  }

  private static double totalEvidence(ConjugateModel<SimpleMatrix> model, int length) {
    int categories = ((CategoricalTokens) model.tokenSpace()).count();
    double sum = 0;
    for (long i = 0; i < Math.pow(categories, length); i++) {
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), sequence(i, length, categories));
      sum += Math.exp(model.prior().observe(tokens).logEvidence());
    }
    return sum;
  }

  /** A9: E[Var(z | X)] = Var(z) ν / (ν + L), by enumeration. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 9})
  void posteriorSpread(int length) {
    BetaBernoulli model = BetaBernoulli.of(0.6, 2.3);
    double nu = model.priorCount();
    double prior = model.prior().covariance().get(0, 0);
    assertEquals(0.6 * 2.3 / (nu * nu * (nu + 1)), prior, ENUMERATION);
    double expected = prior * nu / (nu + length);
    assertEquals(expected, spread(model, length), ENUMERATION);
  }

  private static double spread(BetaBernoulli model, int length) {
    double sum = 0;
    for (long i = 0; i < 1L << length; i++) {
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), sequence(i, length, 2));
      Belief<SimpleMatrix> belief = model.prior().observe(tokens);
      sum += Math.exp(belief.logEvidence()) * belief.covariance().get(0, 0);
    }
    return sum;
  }

  /** A7: E gap² = ν² Var(z) / (L (L + ν)) for mean pooling without the prior, by enumeration. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9})
  void meanPoolingMissesThePosteriorMean(int length) {
    BetaBernoulli model = BetaBernoulli.of(0.6, 2.3);
    double nu = model.priorCount();
    double sum = 0;
    for (long i = 0; i < 1L << length; i++) {
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), sequence(i, length, 2));
      Belief<SimpleMatrix> belief = model.prior().observe(tokens);
      double pooled = model.statistic(tokens).elementSum() / length;
      double gap = pooled - belief.mean().get(0, 0);
      sum += Math.exp(belief.logEvidence()) * gap * gap;
    }
    double variance = model.prior().covariance().get(0, 0);
    assertEquals(nu * nu * variance / (length * (length + nu)), sum, ENUMERATION);
  }

  @Test
  void dirichletByHand() {
    DirichletCategorical model = DirichletCategorical.of(1, 2, 3);
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {2, 0, 2});
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    // one after the other: 3/6 · 1/7 · 4/8
    assertEquals(Math.log(3.0 / 6 * 1 / 7 * 4 / 8), belief.logEvidence(), ENUMERATION);
    assertEquals(2.0 / 9, belief.mean().get(0, 0), ENUMERATION);
    assertEquals(-2.0 * 5 / (81 * 10), belief.covariance().get(0, 2), ENUMERATION);
    assertEquals(2.0 * 7 / (81 * 10), belief.covariance().get(0, 0), ENUMERATION);
  }

  /** A Dirichlet of two categories is a Beta. */
  @Test
  void twoCategoriesAreACoin() {
    DirichletCategorical dice = DirichletCategorical.of(2.3, 0.6);
    BetaBernoulli coin = BetaBernoulli.of(0.6, 2.3);
    Tokens tokens = Tokens.ofRows(coin.tokenSpace(), new double[] {1, 0, 0, 1, 1});
    Belief<SimpleMatrix> ofDice = dice.prior().observe(tokens);
    Belief<SimpleMatrix> ofCoin = coin.prior().observe(tokens);
    assertEquals(ofDice.logEvidence(), ofCoin.logEvidence(), ENUMERATION);
    assertEquals(ofDice.mean().get(0, 1), ofCoin.mean().get(0, 0), ENUMERATION);
    assertEquals(ofDice.klNats(dice.prior()), ofCoin.klNats(coin.prior()), ENUMERATION);
  }

  /** The control: the enumeration notices a prior count that is off. */
  @Test
  void aWrongPriorCountIsSeen() {
    BetaBernoulli wrong = BetaBernoulli.of(1.2, 4.6);
    double expected = BetaBernoulli.of(0.6, 2.3).prior().covariance().get(0, 0) * 2.9 / (2.9 + 4);
    assertThrows(AssertionError.class, () -> assertEquals(expected, spread(wrong, 4), ENUMERATION));
  }

  @Test
  void impossibleCountsAreRefused() {
    BetaBernoulli model = BetaBernoulli.of(0.5, 0.5);
    SimpleMatrix sum = new SimpleMatrix(1, 1, true, 3.0);
    assertThrows(IllegalArgumentException.class, () -> model.posterior(2, sum));
    assertThrows(IllegalArgumentException.class, () -> model.posterior(-1, sum));
  }
}
