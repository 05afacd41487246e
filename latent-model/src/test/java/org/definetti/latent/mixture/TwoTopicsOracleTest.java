package org.definetti.latent.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.special.Beta;
import org.definetti.latent.Belief;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two-topic model against enumeration of all topic assignments and quadrature over z.
 *
 * <p>The enumeration sums over the 2^L ways to give each word a topic; the quadrature (Commons
 * Math) integrates prior times likelihood. Neither knows the recursion.
 */
class TwoTopicsOracleTest {

  private static final double IDENTITY = 1e-10;

  private static final SimpleMatrix TOPICS =
      new SimpleMatrix(2, 4, true, 0.6, 0.3, 0.1, 0.0, 0.05, 0.15, 0.2, 0.6);

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "0.3, 2.5, 1", "1.4, 0.7, 6", "20, 0.05, 11"})
  void allAssignments(double a, double b, int length) {
    TwoTopics model = TwoTopics.of(TOPICS).withPrior(a, b);
    Tokens tokens = model.sample(length, Seed.of(61).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double evidence = 0;
    double mean = 0;
    double square = 0;
    double nu = a + b + length;
    for (int mask = 0; mask < 1 << length; mask++) {
      double product = 1;
      for (int l = 0; l < length; l++) {
        product *= TOPICS.get((mask >> l & 1) == 1 ? 0 : 1, (int) tokens.at(l, 0));
      }
      int m = Integer.bitCount(mask);
      product *= Math.exp(Beta.logBeta(a + m, b + length - m) - Beta.logBeta(a, b));
      evidence += product;
      mean += product * (a + m) / nu;
      square += product * (a + m) * (a + m + 1) / (nu * (nu + 1));
    }
    mean /= evidence;
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    assertEquals(mean, belief.mean().get(0, 0), IDENTITY);
    assertEquals(square / evidence - mean * mean, belief.covariance().get(0, 0), IDENTITY);
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    for (int w = 0; w < 4; w++) {
      double expected = mean * TOPICS.get(0, w) + (1 - mean) * TOPICS.get(1, w);
      assertEquals(expected, belief.predictive(query).mean().get(0, w), IDENTITY);
    }
  }

  /** The log joint density of z and the tokens, from the definition. */
  private static DoubleUnaryOperator logJoint(TwoTopics model, Tokens tokens) {
    int[] counts = new int[model.tokenSpace().count()];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return z -> {
      double log = (model.a() - 1) * Math.log(z) + (model.b() - 1) * Math.log(1 - z);
      log -= Beta.logBeta(model.a(), model.b());
      for (int w = 0; w < counts.length; w++) {
        double p = z * model.topics().get(0, w) + (1 - z) * model.topics().get(1, w);
        log += counts[w] == 0 ? 0 : counts[w] * Math.log(p);
      }
      return log;
    };
  }

  /** 64 panels of 24 nodes in t, z = from + (to - from) sin² t: no end is singular. */
  private static double integral(DoubleUnaryOperator f, double from, double to) {
    GaussIntegrator rule = new GaussIntegratorFactory().legendre(24);
    double half = Math.PI / 256; // half a panel's width
    double sum = 0;
    for (int panel = 0; panel < 64; panel++) {
      for (int i = 0; i < rule.getNumberOfPoints(); i++) {
        double t = (2 * panel + 1 + rule.getPoint(i)) * half;
        double z = from + (to - from) * Math.sin(t) * Math.sin(t);
        double slope = (to - from) * 2 * Math.sin(t) * Math.cos(t);
        sum += rule.getWeight(i) * half * slope * f.applyAsDouble(z);
      }
    }
    return sum;
  }

  private static void assertQuadrature(
      TwoTopics model, Belief<SimpleMatrix> belief, Tokens tokens, double from, double to) {
    DoubleUnaryOperator log = logJoint(model, tokens);
    double centre = belief.mean().get(0, 0);
    double peak = log.applyAsDouble(centre);
    double mass = integral(z -> Math.exp(log.applyAsDouble(z) - peak), from, to);
    double gap =
        integral(z -> (z - centre) * Math.exp(log.applyAsDouble(z) - peak), from, to) / mass;
    double square =
        integral(z -> (z - centre) * (z - centre) * Math.exp(log.applyAsDouble(z) - peak), from, to)
            / mass;
    double evidence = peak + Math.log(mass);
    double size = Math.max(1, Math.abs(evidence));
    assertEquals(evidence, belief.logEvidence(), IDENTITY * size);
    assertEquals(0, gap, IDENTITY);
    double variance = square - gap * gap;
    assertEquals(1, belief.covariance().get(0, 0) / variance, 1e-9);
    double entropy =
        integral(
            z -> {
              double p = log.applyAsDouble(z) - evidence;
              return -p * Math.exp(p);
            },
            from,
            to);
    assertEquals(entropy, belief.entropyNats(), 1e-9);
    SimpleMatrix at = new SimpleMatrix(1, 1, true, 0.3 * from + 0.7 * to);
    double density = log.applyAsDouble(at.get(0, 0)) - evidence;
    assertEquals(density, belief.logDensity(at), IDENTITY * size);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "2, 3, 1", "1.5, 4, 12", "30, 2, 60"})
  void quadrature(double a, double b, int length) {
    TwoTopics model = TwoTopics.of(TOPICS).withPrior(a, b);
    Tokens tokens = model.sample(length, Seed.of(62).child(length).generator()).tokens();
    assertQuadrature(model, model.prior().observe(tokens), tokens, 0, 1);
  }

  /** The limit, in an order that hides half of the evidence until the end. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twentyThousandTokens(boolean sorted) {
    TwoTopics model =
        TwoTopics.of(new SimpleMatrix(2, 2, true, 0.9, 0.1, 0.1, 0.9)).withPrior(2, 3);
    double[] rows = new double[TwoTopics.LONGEST];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = sorted ? 2 * l / rows.length : l % 2;
    }
    Tokens tokens = Tokens.owning(model.tokenSpace(), rows);
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertQuadrature(model, belief, tokens, 0.4, 0.6);
    Belief<SimpleMatrix> merged =
        model
            .prior()
            .observe(tokens.prefix(15_000))
            .merge(model.prior().observe(tokens.slice(15_000, rows.length)));
    assertEquals(belief.logEvidence(), merged.logEvidence(), 1e-8);
    assertEquals(belief.mean().get(0, 0), merged.mean().get(0, 0), 1e-13);
    Tokens one = tokens.prefix(1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> belief.observe(one)).getMessage();
    assertEquals(
        "tokens: expected at most 20000 in all, because two-topics costs O(L²), got 20001",
        message);
  }

  /** Topics without a word in common show z itself: a coin. */
  @Test
  void topicsThatShareNoWordAreACoin() {
    TwoTopics model =
        TwoTopics.of(new SimpleMatrix(2, 3, true, 0.5, 0.5, 0.0, 0.0, 0.0, 1.0)).withPrior(0.6, 2);
    BetaBernoulli coin = BetaBernoulli.of(0.6, 2);
    Tokens words = Tokens.ofRows(model.tokenSpace(), new double[] {0, 2, 2, 1, 0});
    Tokens tosses = Tokens.ofRows(coin.tokenSpace(), new double[] {1, 0, 0, 1, 1});
    Belief<SimpleMatrix> belief = model.prior().observe(words);
    Belief<SimpleMatrix> expected = coin.prior().observe(tosses);
    assertEquals(expected.mean().get(0, 0), belief.mean().get(0, 0), 1e-15);
    assertEquals(expected.covariance().get(0, 0), belief.covariance().get(0, 0), 1e-15);
    assertEquals(expected.logEvidence() + 3 * Math.log(0.5), belief.logEvidence(), 1e-14);
    assertEquals(expected.entropyNats(), belief.entropyNats(), 1e-11);
    assertEquals(expected.klNats(coin.prior()), belief.klNats(model.prior()), 1e-11);
  }

  /** Equal topics say nothing about z. */
  @Test
  void equalTopicsLeaveThePrior() {
    TwoTopics model =
        TwoTopics.of(new SimpleMatrix(2, 2, true, 0.2, 0.8, 0.2, 0.8)).withPrior(0.01, 5);
    Tokens tokens = model.sample(200, Seed.of(63).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertEquals(model.prior().mean().get(0, 0), belief.mean().get(0, 0), 1e-13);
    assertEquals(model.prior().covariance().get(0, 0), belief.covariance().get(0, 0), 1e-13);
    assertEquals(0, belief.klNats(model.prior()), 1e-10);
  }

  /** Priors from nearly a coin to nearly a point. */
  @Test
  void extremePriors() {
    Tokens tokens =
        Tokens.ofRows(TwoTopics.of(TOPICS).tokenSpace(), new double[] {0, 1, 1, 2, 0, 1});
    double first = 1;
    double second = 1;
    for (int l = 0; l < 6; l++) {
      first *= TOPICS.get(0, (int) tokens.at(l, 0));
      second *= TOPICS.get(1, (int) tokens.at(l, 0));
    }
    // Beta(1e-12, 1e-12): z is 0 or 1, each half the time.
    Belief<SimpleMatrix> coin =
        TwoTopics.of(TOPICS).withPrior(1e-12, 1e-12).prior().observe(tokens);
    assertEquals(first / (first + second), coin.mean().get(0, 0), 1e-9);
    assertEquals(Math.log((first + second) / 2), coin.logEvidence(), 1e-9);
    // Beta(1e12, 3e12): z is 1/4.
    Belief<SimpleMatrix> point = TwoTopics.of(TOPICS).withPrior(1e12, 3e12).prior().observe(tokens);
    double expected = 0;
    for (int l = 0; l < 6; l++) {
      int w = (int) tokens.at(l, 0);
      expected += Math.log(0.25 * TOPICS.get(0, w) + 0.75 * TOPICS.get(1, w));
    }
    assertEquals(expected, point.logEvidence(), 1e-10);
    assertEquals(0.25, point.mean().get(0, 0), 1e-11);
    assertEquals(0.25 * 0.75 / 4e12, point.covariance().get(0, 0), 1e-20);
  }

  @Test
  void wrongArgumentsAreRefusedByName() {
    assertRefused(
        "topics, row 1: expected a sum of 1, got 0.75",
        () -> TwoTopics.of(new SimpleMatrix(2, 2, true, 0.5, 0.5, 0.5, 0.25)));
    assertRefused(
        "a: expected finite and > 0, got 0.0", () -> TwoTopics.of(TOPICS).withPrior(0, 1));
    TwoTopics gap = TwoTopics.of(new SimpleMatrix(2, 3, true, 0.5, 0.0, 0.5, 1.0, 0.0, 0.0));
    assertRefused(
        "tokens: expected words that a topic has, got word 1, which none has",
        () -> gap.prior().observe(Tokens.of(gap.tokenSpace(), Token.category(1))));
    assertRefused(
        "latent: expected a share in 0..1, got 1.5",
        () -> gap.prior().logDensity(new SimpleMatrix(1, 1, true, 1.5)));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  /** The control: enumeration notices a prior that is off. */
  @Test
  void aWrongPriorIsSeen() {
    Tokens tokens = Tokens.ofRows(TwoTopics.of(TOPICS).tokenSpace(), new double[] {0, 3, 1});
    List<TwoTopics> models =
        List.of(TwoTopics.of(TOPICS).withPrior(1, 1), TwoTopics.of(TOPICS).withPrior(1, 1.01));
    double right = models.get(0).prior().observe(tokens).logEvidence();
    assertTrue(Math.abs(right - models.get(1).prior().observe(tokens).logEvidence()) > 1e-4);
  }

  /** Draws of z have the density that the belief states; five standard errors. */
  @Test
  void drawsFitTheDensity() {
    TwoTopics model = TwoTopics.of(TOPICS).withPrior(0.4, 0.6);
    RandomGenerator rng = Seed.of(64).generator();
    Belief<SimpleMatrix> belief = model.prior().observe(model.sample(3, rng).tokens());
    DoubleUnaryOperator density = z -> Math.exp(belief.logDensity(new SimpleMatrix(1, 1, true, z)));
    double expected = integral(density, 0.2, 0.7);
    int inside = 0;
    int draws = 40_000;
    for (int n = 0; n < draws; n++) {
      double z = belief.sample(rng).get(0, 0);
      inside += z > 0.2 && z < 0.7 ? 1 : 0;
    }
    double error = Math.sqrt(expected * (1 - expected) / draws);
    assertEquals(expected, (double) inside / draws, 5 * error);
  }
}
