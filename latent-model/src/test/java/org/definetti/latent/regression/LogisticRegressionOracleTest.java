package org.definetti.latent.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Adaptive;
import org.definetti.latent.Belief;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Classification in context against adaptive quadrature of one and of two numbers, and importance
 * sampling of three.
 */
class LogisticRegressionOracleTest {

  private static final double IDENTITY = 1e-10;

  private static double logSigmoid(double s) {
    return -Math.log1p(Math.exp(-s));
  }

  private static double logNormal(double z, double variance) {
    return -0.5 * (z * z / variance + Math.log(2 * Math.PI * variance));
  }

  private static double logDensity(Tokens tokens, double variance, double... z) {
    double sum = 0;
    for (double coordinate : z) {
      sum += logNormal(coordinate, variance);
    }
    for (int l = 0; l < tokens.length(); l++) {
      double logit = 0;
      for (int j = 0; j < z.length; j++) {
        logit += z[j] * tokens.at(l, j);
      }
      sum += logSigmoid(tokens.at(l, z.length) == 1 ? logit : -logit);
    }
    return sum;
  }

  private static void close(double expected, double actual, String what) {
    assertEquals(expected, actual, IDENTITY * Math.max(1, Math.abs(expected)), what);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "3, 4", "12, 4", "80, 30"})
  void adaptiveQuadratureOfOneNumberAgrees(int length, double variance) {
    LogisticRegression model = LogisticRegression.of(1, variance);
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    Adaptive oracle = new Adaptive(z -> logDensity(tokens, variance, z), -60, 60);
    ApproximateBelief<SimpleMatrix> belief =
        (ApproximateBelief<SimpleMatrix>) model.prior().observe(tokens);
    double mean = oracle.mean(z -> z);
    close(mean, belief.mean().get(0, 0), "mean");
    close(oracle.mean(z -> (z - mean) * (z - mean)), belief.covariance().get(0, 0), "variance");
    close(oracle.logIntegral(), belief.logEvidence(), "log evidence");
    assertTrue(Math.abs(mean - belief.mean().get(0, 0)) <= belief.error() + 1e-13);
    for (double key : new double[] {0.7, -2}) {
      Predictive predictive = belief.predictive(new SimpleMatrix(1, 1, true, key));
      double one = oracle.mean(z -> 1 / (1 + Math.exp(-z * key)));
      close(one, predictive.mean().get(0, 0), "probability of one");
      close(one * (1 - one), predictive.covariance().get(0, 0), "its variance");
      close(Math.log(one), predictive.logProbability(new double[] {1}), "its log");
      close(Math.log1p(-one), predictive.logProbability(new double[] {0}), "log of the other");
    }
    double entropy = oracle.logIntegral() - oracle.mean(z -> logDensity(tokens, variance, z));
    assertEquals(entropy, belief.entropyNats(), 1e-9, "entropy");
  }

  /** An integral of integrals. */
  @ParameterizedTest
  @CsvSource({"2, 4", "9, 1"})
  void adaptiveQuadratureOfTwoNumbersAgrees(int length, double variance) {
    LogisticRegression model = LogisticRegression.of(2, variance).withKeys(KeyLaw.SPHERE);
    Tokens tokens = model.sample(length, Seed.of(2).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double reach = 9 * Math.sqrt(variance);
    double mass = 0;
    double first = 0;
    double second = 0;
    // The trapezoid rule outside, adaptive quadrature inside: both far better than the tolerance.
    double step = Math.sqrt(variance) / 8;
    for (double x = -reach; x <= reach; x += step) {
      double outer = x;
      Adaptive inner = new Adaptive(y -> logDensity(tokens, variance, outer, y), -reach, reach);
      double scale = Math.exp(inner.peak());
      double own = scale * inner.integral(y -> 1);
      mass += own;
      first += own * outer;
      second += scale * inner.integral(y -> y);
    }
    assertEquals(Math.log(mass * step), belief.logEvidence(), IDENTITY);
    close(first / mass, belief.mean().get(0, 0), "mean of the first");
    close(second / mass, belief.mean().get(0, 1), "mean of the second");
  }

  /** 5 standard errors of the ratio, false alarm 6e-7 each. */
  @Test
  void importanceSamplingOfThreeNumbersAgrees() {
    LogisticRegression model = LogisticRegression.of(3, 2);
    Tokens tokens = model.sample(5, Seed.of(3).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    RandomGenerator rng = Seed.of(4).generator();
    int draws = 60_000;
    double[] weights = new double[draws];
    double[][] z = new double[draws][3];
    double total = 0;
    double[] mean = new double[3];
    for (int n = 0; n < draws; n++) {
      double log = 0;
      for (int i = 0; i < 3; i++) {
        z[n][i] = Math.sqrt(2) * Normal.draw(rng);
        log -= logNormal(z[n][i], 2);
      }
      weights[n] = Math.exp(log + logDensity(tokens, 2, z[n]));
      total += weights[n];
      for (int i = 0; i < 3; i++) {
        mean[i] += weights[n] * z[n][i];
      }
    }
    double squares = 0;
    for (double weight : weights) {
      squares += Math.pow(weight / total - 1.0 / draws, 2);
    }
    assertEquals(Math.log(total / draws), belief.logEvidence(), 5 * Math.sqrt(squares));
    for (int i = 0; i < 3; i++) {
      double error = 0;
      for (int n = 0; n < draws; n++) {
        error += Math.pow(weights[n] / total * (z[n][i] - mean[i] / total), 2);
      }
      assertEquals(mean[i] / total, belief.mean().get(0, i), 5 * Math.sqrt(error));
    }
  }

  /**
   * One label has probability 1/2 whatever its key, and the error says how far off it is: steps in
   * slanting directions are what two lattices with an equal shift do not see.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void oneLabelIsAnEvenBet(int d) {
    RandomGenerator rng = Seed.of(5).child(d).generator();
    LogisticRegression model = LogisticRegression.of(d, 4);
    for (int n = 0; n < (d == 3 ? 4 : 40); n++) {
      double[] key = new double[d];
      Normal.fill(key, 0, d, rng);
      double stretch = Math.pow(10, 1.2 * rng.nextDouble() - 0.6);
      for (int j = 0; j < d; j++) {
        key[j] = n == 0 ? 1.5 : stretch * key[j]; // the first on the diagonal
      }
      Tokens one = Tokens.of(model.tokenSpace(), Token.pair(key, new double[] {n % 2}));
      ApproximateBelief<SimpleMatrix> belief =
          (ApproximateBelief<SimpleMatrix>) model.prior().observe(one);
      double off = Math.abs(Math.log(0.5) - belief.logEvidence());
      // An estimate of the leading terms: next ones may show below 1e-11.
      assertTrue(
          off <= Math.max(1e-11, belief.logEvidenceError()),
          "off by " + off + " at " + Arrays.toString(key));
      assertTrue(d == 3 || belief.logEvidenceError() <= 1e-9);
    }
  }

  /** A query so long that the label is a step in z needs points of its own. */
  @Test
  void steepQueriesAreIntegratedAnew() {
    LogisticRegression model = LogisticRegression.of(1, 4);
    Tokens tokens = model.sample(3, Seed.of(6).generator()).tokens();
    Adaptive oracle = new Adaptive(z -> logDensity(tokens, 4, z), -40, 40);
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    for (double key : new double[] {0.3, 3, 20}) {
      Predictive predictive = belief.predictive(new SimpleMatrix(1, 1, true, key));
      double one = oracle.mean(z -> 1 / (1 + Math.exp(-z * key)));
      double off = Math.abs(one - predictive.mean().get(0, 0));
      assertTrue(off <= 1e-9 && off <= predictive.meanError() + 1e-13, key + ": off by " + off);
      assertEquals(Math.log(one), predictive.logProbability(new double[] {1}), 2e-9);
    }
    LogisticRegression plane = LogisticRegression.of(2, 4);
    Predictive even = plane.prior().predictive(new SimpleMatrix(1, 2, true, 0.16, 1.94));
    assertEquals(0.5, even.mean().get(0, 0), 1e-9);
  }

  /** Labels without noise: the posterior leans on the prior, and nothing overflows. */
  @Test
  void separableLabelsAndSteepPlanes() {
    LogisticRegression model = LogisticRegression.of(1, 100);
    Token right = Token.pair(new double[] {1}, new double[] {1});
    Token left = Token.pair(new double[] {-1}, new double[] {0});
    Tokens tokens = Tokens.of(model.tokenSpace(), right, left, right, left, right, right);
    Adaptive oracle = new Adaptive(z -> logDensity(tokens, 100, z), -100, 100);
    close(
        oracle.mean(z -> z), model.prior().observe(tokens).mean().get(0, 0), "mean, all on a side");
    SimpleMatrix steep = new SimpleMatrix(1, 1, true, 1e6);
    Predictive law = model.valueLaw(steep, new SimpleMatrix(1, 1, true, 1e3));
    assertEquals(1, law.mean().get(0, 0));
    assertEquals(-1e9, law.logProbability(new double[] {0}));
    assertTrue(law.logProbability(new double[] {1}) == 0);
    assertEquals(-1e9, model.logLikelihood(steep, Token.pair(new double[] {1e3}, new double[1])));
  }

  @Test
  void wrongInputIsRefusedByName() {
    for (Runnable wrong :
        new Runnable[] {
          () -> LogisticRegression.of(0, 1),
          () -> LogisticRegression.of(4, 1),
          () -> LogisticRegression.of(2, Double.POSITIVE_INFINITY),
        }) {
      String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
      assertTrue(message.contains("expected"), message);
    }
    LogisticRegression model = LogisticRegression.of(1, 4);
    Tokens halves = Tokens.of(model.tokenSpace(), Token.pair(new double[] {1}, new double[] {0.5}));
    for (Runnable wrong :
        new Runnable[] {
          () -> model.prior().observe(halves), () -> model.prior().prefixes(halves, 1)
        }) {
      String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
      assertEquals("label: expected 0 or 1, got 0.5", message);
    }
    assertEquals("LogisticRegression[1, priorVariance 4.0, gaussian keys]", model.toString());
  }
}
