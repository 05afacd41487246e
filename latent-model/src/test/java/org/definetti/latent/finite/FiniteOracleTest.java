package org.definetti.latent.finite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Finite beliefs against products of probabilities in the linear domain: decimal arithmetic with 40
 * digits for categories, densities of Commons Math for real tokens, plain loops for maps.
 */
class FiniteOracleTest {

  private static final double IDENTITY = 1e-12;
  private static final MathContext DIGITS = new MathContext(40);

  private static SimpleMatrix matrix(int rows, double... numbers) {
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  private static final double[][] P = {
    {0.6, 0.2, 0.1, 0.1}, {0.3, 0.5, 0.15, 0.05}, {0.25, 0, 0.5, 0.25}
  };
  private static final double[] PRIOR = {0.5, 0.2, 0.3};

  private static CategoricalConcepts dice() {
    return CategoricalConcepts.of(new SimpleMatrix(P)).withPrior(matrix(1, PRIOR));
  }

  private static double[] sequence(long index, int length, int categories) {
    double[] rows = new double[length];
    for (int l = 0; l < length; l++) {
      rows[l] = index % categories;
      index /= categories;
    }
    return rows;
  }

  /** p_k Π_l P(x^l | k), in decimals. */
  private static BigDecimal[] joint(double[][] likelihoods, double[] prior, double[] tokens) {
    BigDecimal[] joint = new BigDecimal[prior.length];
    for (int k = 0; k < joint.length; k++) {
      joint[k] = new BigDecimal(prior[k]);
      for (double token : tokens) {
        joint[k] = joint[k].multiply(new BigDecimal(likelihoods[k][(int) token]), DIGITS);
      }
    }
    return joint;
  }

  private static BigDecimal sum(BigDecimal... terms) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal term : terms) {
      sum = sum.add(term);
    }
    return sum;
  }

  /** Every answer for every sequence of up to five tokens. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void categoriesByEnumeration(int length) {
    CategoricalConcepts model = dice();
    double total = 0;
    for (long i = 0; i < Math.round(Math.pow(4, length)); i++) {
      double[] tokens = sequence(i, length, 4);
      BigDecimal[] joint = joint(P, PRIOR, tokens);
      BigDecimal evidence = sum(joint);
      Belief<Integer> belief = model.prior().observe(Tokens.ofRows(model.tokenSpace(), tokens));
      assertEquals(Math.log(evidence.doubleValue()), belief.logEvidence(), IDENTITY);
      total += Math.exp(belief.logEvidence());
      double[] p = new double[3];
      double entropy = 0;
      for (int k = 0; k < 3; k++) {
        p[k] = joint[k].divide(evidence, DIGITS).doubleValue();
        assertEquals(p[k], belief.mean().get(0, k), IDENTITY);
        assertEquals(p[k], Math.exp(belief.logDensity(k)), IDENTITY);
        entropy -= p[k] == 0 ? 0 : p[k] * Math.log(p[k]);
      }
      assertEquals(entropy, belief.entropyNats(), IDENTITY);
      double kl = 0;
      for (int k = 0; k < 3; k++) {
        assertEquals(p[k] * ((k == 1 ? 1 : 0) - p[1]), belief.covariance().get(k, 1), IDENTITY);
        kl += p[k] == 0 ? 0 : p[k] * Math.log(p[k] / PRIOR[k]);
      }
      assertEquals(kl, belief.klNats(model.prior()), IDENTITY);
      Predictive next = belief.predictive(model.tokenSpace().emptyQuery());
      for (int w = 0; w < 4; w++) {
        double expected = p[0] * P[0][w] + p[1] * P[1][w] + p[2] * P[2][w];
        assertEquals(expected, next.mean().get(0, w), IDENTITY);
      }
    }
    assertEquals(1, total, IDENTITY);
  }

  /** The evidences of all sequences sum to one. */
  @Test
  void topicsByEnumeration() {
    double[][] topics = {{0.7, 0.2, 0.1}, {0, 0.5, 0.5}};
    Topics model = Topics.of(Topics.simplexGrid(2, 4), new SimpleMatrix(topics));
    for (int length : new int[] {0, 1, 4}) {
      double total = 0;
      for (long i = 0; i < Math.round(Math.pow(3, length)); i++) {
        double[] tokens = sequence(i, length, 3);
        double evidence = 0;
        double theta = 0;
        double square = 0;
        for (int s = 0; s <= 4; s++) {
          double first = s / 4.0;
          double product = 0.2;
          for (double w : tokens) {
            product *= first * topics[0][(int) w] + (1 - first) * topics[1][(int) w];
          }
          evidence += product;
          theta += product * first;
          square += product * first * first;
        }
        Belief<SimpleMatrix> belief =
            model.prior().observe(Tokens.ofRows(model.tokenSpace(), tokens));
        double mean = theta / evidence;
        assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
        assertEquals(mean, belief.mean().get(0, 0), IDENTITY);
        assertEquals(1 - mean, belief.mean().get(0, 1), IDENTITY);
        double variance = square / evidence - mean * mean;
        assertEquals(variance, belief.covariance().get(0, 0), IDENTITY);
        assertEquals(-variance, belief.covariance().get(0, 1), IDENTITY);
        // M8: the prediction is E[θ | X] β.
        Predictive next = belief.predictive(model.tokenSpace().emptyQuery());
        for (int w = 0; w < 3; w++) {
          double expected = mean * topics[0][w] + (1 - mean) * topics[1][w];
          assertEquals(expected, next.mean().get(0, w), IDENTITY);
          double[] word = new double[3];
          word[w] = 1;
          assertEquals(Math.log(expected), next.logProbability(word), IDENTITY);
        }
        total += Math.exp(belief.logEvidence());
      }
      assertEquals(1, total, IDENTITY);
    }
  }

  private static void assertPosterior(
      double[] joint, double[] prior, FiniteLatentModel<Integer> model, Tokens tokens) {
    double evidence = 0;
    for (int k = 0; k < joint.length; k++) {
      evidence += prior[k] * joint[k];
    }
    Belief<Integer> belief = model.prior().observe(tokens);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY * 10);
    for (int k = 0; k < joint.length; k++) {
      assertEquals(prior[k] * joint[k] / evidence, belief.mean().get(0, k), IDENTITY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6})
  void gaussiansByDensities(int length) {
    double[][] means = {{1, 0}, {-0.5, 0.8}, {0, -0.4}};
    double[][][] covariances = {
      {{2, 0.6}, {0.6, 1}}, {{0.7, -0.2}, {-0.2, 0.5}}, {{1, 0.9}, {0.9, 1}}
    };
    for (boolean shared : new boolean[] {true, false}) {
      List<SimpleMatrix> own =
          List.of(
              new SimpleMatrix(covariances[0]),
              new SimpleMatrix(covariances[1]),
              new SimpleMatrix(covariances[2]));
      SimpleMatrix centres = new SimpleMatrix(means);
      GaussianConcepts model =
          (shared ? GaussianConcepts.of(centres, own.get(0)) : GaussianConcepts.of(centres, own))
              .withPrior(matrix(1, PRIOR));
      Tokens tokens = model.sample(length, Seed.of(length).generator()).tokens();
      double[] joint = new double[3];
      double[] next = {0.3, -0.7};
      double[] ahead = new double[3];
      for (int k = 0; k < 3; k++) {
        MultivariateNormalDistribution law =
            new MultivariateNormalDistribution(means[k], covariances[shared ? 0 : k]);
        joint[k] = 1;
        for (int l = 0; l < length; l++) {
          joint[k] *= law.density(tokens.get(l).coordinates());
        }
        ahead[k] = law.density(next);
      }
      assertPosterior(joint, PRIOR, model, tokens);
      Belief<Integer> belief = model.prior().observe(tokens);
      double expected = 0;
      for (int k = 0; k < 3; k++) {
        expected += belief.mean().get(0, k) * ahead[k];
      }
      Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
      assertEquals(Math.log(expected), predictive.logProbability(next), IDENTITY * 10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6})
  void equalMeansByDensities(int length) {
    double[] deviations = {0.5, 1, 2};
    EqualMeanClusters model = EqualMeanClusters.of(deviations).withPrior(matrix(1, PRIOR));
    Tokens tokens = model.sample(length, Seed.of(length).generator()).tokens();
    double[] joint = new double[3];
    for (int k = 0; k < 3; k++) {
      NormalDistribution law = new NormalDistribution(0, deviations[k]);
      joint[k] = 1;
      for (int l = 0; l < length; l++) {
        joint[k] *= law.density(tokens.at(l, 0));
      }
    }
    assertPosterior(joint, PRIOR, model, tokens);
    Belief<Integer> belief = model.prior().observe(tokens);
    Predictive next = belief.predictive(model.tokenSpace().emptyQuery());
    assertEquals(0, next.mean().get(0, 0)); // M10: the mean of x learns nothing
    double variance = 0;
    for (int k = 0; k < 3; k++) {
      variance += belief.mean().get(0, k) * deviations[k] * deviations[k];
    }
    assertEquals(variance, next.covariance().get(0, 0), IDENTITY);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6})
  void mapsByPlainLoops(int length) {
    double[][][] maps = {{{1, 0.5}, {0, 1}}, {{0, 1}, {-1, 0.3}}, {{0, 0}, {0.2, 0}}};
    double s2 = 0.4;
    RegressionConcepts model =
        RegressionConcepts.of(
                List.of(
                    new SimpleMatrix(maps[0]),
                    new SimpleMatrix(maps[1]),
                    new SimpleMatrix(maps[2])),
                s2)
            .withPrior(matrix(1, PRIOR));
    Tokens tokens = model.sample(length, Seed.of(length).generator()).tokens();
    NormalDistribution noise = new NormalDistribution(0, Math.sqrt(s2));
    double[] joint = {1, 1, 1};
    for (int k = 0; k < 3; k++) {
      for (int l = 0; l < length; l++) {
        for (int i = 0; i < 2; i++) {
          double answer = maps[k][i][0] * tokens.at(l, 0) + maps[k][i][1] * tokens.at(l, 1);
          joint[k] *= noise.density(tokens.at(l, 2 + i) - answer);
        }
      }
    }
    assertPosterior(joint, PRIOR, model, tokens);
    Belief<Integer> belief = model.prior().observe(tokens);
    Predictive answer = belief.predictive(matrix(1, 0.3, -2.0));
    for (int i = 0; i < 2; i++) {
      double expected = 0;
      for (int k = 0; k < 3; k++) {
        expected += belief.mean().get(0, k) * (0.3 * maps[k][i][0] - 2 * maps[k][i][1]);
      }
      assertEquals(expected, answer.mean().get(0, i), IDENTITY);
    }
  }

  /** MS2: softmax(<Σ x, z> / s2 - n |z|² / (2 s2) + log p), in plain loops. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40})
  void isotropicNoiseHasItsClosedForm(int length) {
    double s2 = 2.3;
    double[][] z = {{1, 0, 2}, {-0.5, 0.8, 0}, {0, -0.4, 0.1}, {0.3, 0.3, 0.3}};
    double[] prior = {0.1, 0.2, 0.3, 0.4};
    GaussianConcepts model =
        GaussianConcepts.of(new SimpleMatrix(z), s2).withPrior(matrix(1, prior));
    Tokens tokens = model.sample(length, Seed.of(7).generator()).tokens();
    double[] weights = new double[4];
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      double logit = Math.log(prior[k]);
      for (int i = 0; i < 3; i++) {
        double total = 0;
        for (int l = 0; l < length; l++) {
          total += tokens.at(l, i);
        }
        logit += total * z[k][i] / s2 - length * z[k][i] * z[k][i] / (2 * s2);
      }
      weights[k] = Math.exp(logit);
      sum += weights[k];
    }
    SimpleMatrix actual = model.prior().observe(tokens).mean();
    for (int k = 0; k < 4; k++) {
      assertEquals(weights[k] / sum, actual.get(0, k), IDENTITY);
    }
  }

  /** A million tokens: counts times log-probabilities, in decimals. */
  @Test
  void aMillionCategories() {
    int length = 1_000_000;
    // The first two concepts are so close that a million tokens leave both possible.
    double shift = 2e-4;
    double[][] p = {{0.5, 0.3, 0.2}, {0.5 + shift, 0.3 - shift, 0.2}, {0.2, 0.3, 0.5}};
    CategoricalConcepts model = CategoricalConcepts.of(new SimpleMatrix(p));
    RandomGenerator rng = Seed.of(11).generator();
    Tokens tokens = model.drawTokens(0, length, rng);
    long[] counts = new long[3];
    for (int l = 0; l < length; l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    BigDecimal odds = BigDecimal.ZERO; // log P(X | 1) - log P(X | 0), to 1e-13 by log1p
    for (int w = 0; w < 3; w++) {
      double log = Math.log1p((p[1][w] - p[0][w]) / p[0][w]);
      odds = odds.add(new BigDecimal(log).multiply(BigDecimal.valueOf(counts[w])));
    }
    double expected = 1 / (1 + Math.exp(odds.doubleValue()));
    Belief<Integer> whole = model.prior().observe(tokens);
    assertTrue(expected > 0.01 && expected < 0.99, "both must be possible, got " + expected);
    // A log-probability is off by 1e-16; a million of one category add up to 1e-10.
    assertEquals(expected, whole.mean().get(0, 0), 1e-10);
    assertEquals(0, whole.mean().get(0, 2));
    double evidence = 0;
    for (int w = 0; w < 3; w++) {
      evidence += counts[w] * Math.log(p[0][w]);
    }
    evidence -= Math.log(3 * expected);
    assertEquals(evidence, whole.logEvidence(), 1e-14 * Math.abs(evidence));
    // Counting and adding one by one are two routes.
    Belief<Integer> pairs = model.prior();
    for (int l = 0; l < length; l += 2) {
      pairs = pairs.observe(tokens.slice(l, l + 2));
    }
    assertEquals(length, pairs.count());
    assertEquals(expected, pairs.mean().get(0, 0), 1e-10);
    assertEquals(whole.logEvidence(), pairs.logEvidence(), 1e-14 * Math.abs(evidence));
  }

  /** A million points: the closed form of their sum. */
  @Test
  void aMillionPoints() {
    int length = 1_000_000;
    GaussianConcepts model = GaussianConcepts.of(matrix(2, 0.0, 1e-3), 1);
    double[] rows = new double[length];
    Normal.fill(rows, 0, length, Seed.of(3).generator());
    double sum = 0;
    for (double x : rows) {
      sum += x; // of size 1e3 and off by 1e-10 at most, a thousandth of which counts
    }
    double odds = 1e-3 * sum - length * 1e-6 / 2;
    Belief<Integer> belief = model.prior().observe(Tokens.owning(model.tokenSpace(), rows));
    assertEquals(1 / (1 + Math.exp(odds)), belief.mean().get(0, 0), 1e-11);
    assertTrue(Double.isFinite(belief.logEvidence()));
  }

  /** A million numbers of two spreads that are a thousandth apart: the closed form of Σ x². */
  @Test
  void aMillionSpreads() {
    int length = 1_000_000;
    double wider = 1.001;
    EqualMeanClusters model = EqualMeanClusters.of(1, wider);
    Tokens tokens = model.drawTokens(1, length, Seed.of(4).generator());
    double squares = 0;
    for (int l = 0; l < length; l++) {
      squares +=
          tokens.at(l, 0) * tokens.at(l, 0) - 1; // off by 1e-10, a thousandth of which counts
    }
    double rate = (wider - 1) * (wider + 1) / (wider * wider); // 1 - 1 / wider²
    double odds = 0.5 * rate * squares + length * (0.5 * rate - Math.log1p(wider - 1));
    Belief<Integer> belief = model.prior().observe(tokens);
    double expected = 1 / (1 + Math.exp(-odds));
    assertTrue(expected > 0.01 && expected < 0.99, "both must be possible, got " + expected);
    assertEquals(
        expected, belief.mean().get(0, 1), 1e-9); // a constant off by 1e-16, a million times
  }

  /** A million pairs of two maps that are a thousandth apart: the closed form of Σ k v, Σ k². */
  @Test
  void aMillionPairs() {
    int length = 1_000_000;
    double slope = 1e-3;
    RegressionConcepts model =
        RegressionConcepts.of(List.of(matrix(1, 0.0), matrix(1, slope)), 1)
            .withKeys(KeyLaw.GAUSSIAN);
    Tokens tokens = model.drawTokens(1, length, Seed.of(5).generator());
    double products = 0;
    double squares = 0;
    for (int l = 0; l < length; l++) {
      products += tokens.at(l, 0) * tokens.at(l, 1);
      squares += tokens.at(l, 0) * tokens.at(l, 0);
    }
    double odds = slope * products - 0.5 * slope * slope * squares;
    Belief<Integer> belief = model.prior().observe(tokens);
    double expected = 1 / (1 + Math.exp(-odds));
    assertTrue(expected > 0.01 && expected < 0.99, "both must be possible, got " + expected);
    assertEquals(expected, belief.mean().get(0, 1), 1e-11);
  }

  /** A million words leave one mixture; the evidence is its counts times log-probabilities. */
  @Test
  void aMillionWords() {
    int length = 1_000_000;
    SimpleMatrix topics = matrix(2, 0.7, 0.2, 0.1, 0.1, 0.4, 0.5);
    Topics model = Topics.of(Topics.simplexGrid(2, 4), topics);
    Tokens tokens = model.drawTokens(matrix(1, 0.25, 0.75), length, Seed.of(6).generator());
    double[] counts = new double[3];
    for (int l = 0; l < length; l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    double evidence = -Math.log(5);
    for (int w = 0; w < 3; w++) {
      evidence += counts[w] * Math.log(0.25 * topics.get(0, w) + 0.75 * topics.get(1, w));
    }
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertEquals(0.25, belief.mean().get(0, 0));
    assertEquals(0, belief.covariance().elementMaxAbs());
    assertEquals(evidence, belief.logEvidence(), 1e-14 * Math.abs(evidence));
  }

  /** The control: the enumeration notices a likelihood that is off. */
  @Test
  void aWrongLikelihoodIsSeen() {
    Belief<Integer> wrong =
        CategoricalConcepts.of(matrix(2, 0.5, 0.5, 0.3, 0.7))
            .prior()
            .observe(Tokens.ofRows(new CategoricalTokens(2), new double[] {0, 1}));
    double[][] right = {{0.5, 0.5}, {0.31, 0.69}};
    BigDecimal[] joint = joint(right, new double[] {0.5, 0.5}, new double[] {0, 1});
    double expected = Math.log(sum(joint).doubleValue());
    assertThrows(AssertionError.class, () -> assertEquals(expected, wrong.logEvidence(), IDENTITY));
  }
}
