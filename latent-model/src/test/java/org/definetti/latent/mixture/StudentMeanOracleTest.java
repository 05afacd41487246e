package org.definetti.latent.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.TDistribution;
import org.definetti.latent.Adaptive;
import org.definetti.latent.Belief;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heavy-tailed tokens against adaptive quadrature, importance sampling and two limits. */
class StudentMeanOracleTest {

  private static final double IDENTITY = 1e-10;

  private static void close(double expected, double actual, String what) {
    assertEquals(expected, actual, IDENTITY * Math.max(1, Math.abs(expected)), what);
  }

  // Commons Math's own density of Student's law.
  private static double logDensity(StudentMean model, double mean, Tokens tokens, double z) {
    TDistribution law = new TDistribution(null, model.freedom());
    double gap = z - mean;
    double sum =
        -0.5 * (gap * gap / model.priorVariance())
            - 0.5 * Math.log(2 * Math.PI * model.priorVariance());
    for (int l = 0; l < tokens.length(); l++) {
      double deviation = Math.sqrt(model.scale());
      sum += law.logDensity((tokens.at(l, 0) - z) / deviation) - Math.log(deviation);
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 2.5", "5, 30", "20, 4", "60, 3"})
  void adaptiveQuadratureAgrees(int length, double freedom) {
    StudentMean model =
        StudentMean.of(1, 1.7, 0.6, freedom).withPriorMean(new SimpleMatrix(1, 1, true, 0.5));
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    Adaptive oracle = new Adaptive(z -> logDensity(model, 0.5, tokens, z), -14, 14);
    ApproximateBelief<SimpleMatrix> belief =
        (ApproximateBelief<SimpleMatrix>) model.prior().observe(tokens);
    double mean = oracle.mean(z -> z);
    double variance = oracle.mean(z -> (z - mean) * (z - mean));
    close(mean, belief.mean().get(0, 0), "mean");
    close(variance, belief.covariance().get(0, 0), "variance");
    close(oracle.logIntegral(), belief.logEvidence(), "log evidence");
    double gap = Math.abs(mean - belief.mean().get(0, 0));
    assertTrue(gap <= belief.error() + 1e-13, "the error says how far off the mean is: " + gap);
    double entropy = oracle.logIntegral() - oracle.mean(z -> logDensity(model, 0.5, tokens, z));
    assertEquals(entropy, belief.entropyNats(), 1e-9, "entropy");
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    close(variance + 0.6 * freedom / (freedom - 2), predictive.covariance().get(0, 0), "its");
    for (double value : new double[] {mean, mean + 2, mean - 30}) {
      Tokens more = tokens.plus(Tokens.of(model.tokenSpace(), Token.real(value)));
      Adaptive next = new Adaptive(z -> logDensity(model, 0.5, more, z), -14, 14);
      double expected = next.logIntegral() - oracle.logIntegral();
      assertEquals(expected, predictive.logProbability(new double[] {value}), 1e-9, "at " + value);
    }
    for (double z : new double[] {mean - 1, mean + 0.3}) {
      SimpleMatrix latent = new SimpleMatrix(1, 1, true, z);
      double expected = logDensity(model, 0.5, tokens, z) - oracle.logIntegral();
      close(expected, belief.logDensity(latent), "log density");
      assertEquals(
          model.logLikelihood(latent, tokens.get(0)),
          logDensity(model, z, tokens.prefix(1), z) + 0.5 * Math.log(2 * Math.PI * 1.7),
          1e-13);
    }
  }

  /**
   * In the plane and in space: weights of draws of the prior, with the oracle's own Student density
   * up to a constant. 5 standard errors of the ratio, false alarm 6e-7 each.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void importanceSamplingAgrees(int d) {
    StudentMean model = StudentMean.of(d, 0.9, 1.4, 5);
    int length = 3;
    Tokens tokens = model.sample(length, Seed.of(2).child(d).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    RandomGenerator rng = Seed.of(3).generator();
    int draws = 60_000;
    double[] weights = new double[draws];
    double[][] z = new double[draws][d];
    double total = 0;
    double[] mean = new double[d];
    for (int n = 0; n < draws; n++) {
      double weight = 1;
      for (int i = 0; i < d; i++) {
        z[n][i] = Math.sqrt(0.9) * Normal.draw(rng);
      }
      for (int l = 0; l < length; l++) {
        double square = 0;
        for (int i = 0; i < d; i++) {
          square += Math.pow(tokens.at(l, i) - z[n][i], 2);
        }
        weight *= Math.pow(1 + square / (5 * 1.4), -0.5 * (5 + d));
      }
      weights[n] = weight;
      total += weight;
      for (int i = 0; i < d; i++) {
        mean[i] += weight * z[n][i];
      }
    }
    for (int i = 0; i < d; i++) {
      double error = 0;
      for (int n = 0; n < draws; n++) {
        error += Math.pow(weights[n] / total * (z[n][i] - mean[i] / total), 2);
      }
      assertEquals(mean[i] / total, belief.mean().get(0, i), 5 * Math.sqrt(error));
    }
  }

  /** As the degrees of freedom grow tokens become normal, and the posterior that of M1. */
  @Test
  void manyDegreesOfFreedomAreTheNormalLaw() {
    for (int d = 1; d <= 3; d++) {
      GaussianMean limit = GaussianMean.of(d, 1.2, 0.7);
      Tokens tokens = limit.sample(6, Seed.of(4).child(d).generator()).tokens();
      Belief<SimpleMatrix> belief = StudentMean.of(d, 1.2, 0.7, 1e12).prior().observe(tokens);
      Belief<SimpleMatrix> normal = limit.prior().observe(tokens);
      assertTrue(normal.mean().isIdentical(belief.mean(), 1e-9));
      assertTrue(normal.covariance().isIdentical(belief.covariance(), 1e-9));
      assertEquals(normal.logEvidence(), belief.logEvidence(), 1e-9);
    }
  }

  /** A token far away is all but ignored: two others decide. */
  @Test
  void outliersAreIgnored() {
    StudentMean model = StudentMean.of(1, 4, 0.1, 3);
    Tokens two = Tokens.of(model.tokenSpace(), Token.real(0.9), Token.real(1.1));
    Tokens three = two.plus(Tokens.of(model.tokenSpace(), Token.real(1_000)));
    double before = model.prior().observe(two).mean().get(0, 0);
    assertEquals(before, model.prior().observe(three).mean().get(0, 0), 1e-3);
    assertEquals(1, before, 0.05);
  }

  @Test
  void wrongInputIsRefusedByName() {
    for (Runnable wrong :
        new Runnable[] {
          () -> StudentMean.of(0, 1, 1, 3),
          () -> StudentMean.of(4, 1, 1, 3),
          () -> StudentMean.of(1, 0, 1, 3),
          () -> StudentMean.of(1, 1, Double.NaN, 3),
          () -> StudentMean.of(1, 1, 1, 2),
          () -> StudentMean.of(1, 1, 1, 3).withPriorMean(new SimpleMatrix(1, 2)),
        }) {
      String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
      assertTrue(message.contains("expected"), message);
    }
    StudentMean model = StudentMean.of(2, 3, 0.5, 4);
    assertEquals("StudentMean[2, priorVariance 3.0, scale 0.5, freedom 4.0]", model.toString());
  }
}
