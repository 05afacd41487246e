package org.definetti.latent;

import static org.definetti.latent.SequenceContractsTest.row;
import static org.definetti.latent.SequenceContractsTest.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.MarkovChain;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Dirichlet;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * The posteriors of sequences against sums over every hidden path, every sequence or every order of
 * balls, quadrature over unknown probabilities, and conditioning of the joint Gaussian.
 */
class SequenceOracleTest {

  private static final double IDENTITY = 1e-10;

  private final RandomGenerator rng = Seed.of(11).generator();

  private static void assertRow(double[] expected, SimpleMatrix actual, int row) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(row, i), IDENTITY, "row " + row + " at " + i);
    }
  }

  private static Tokens categories(int count, int... tokens) {
    Token[] list = new Token[tokens.length];
    for (int l = 0; l < list.length; l++) {
      list[l] = Token.category(tokens[l]);
    }
    return Tokens.of(new CategoricalTokens(count), list);
  }

  /** All vectors of {@code length} digits to a base. */
  private static List<int[]> digits(int base, int length) {
    List<int[]> all = new ArrayList<>();
    int count = (int) Math.pow(base, length);
    for (int n = 0; n < count; n++) {
      int[] digits = new int[length];
      for (int i = 0, rest = n; i < length; i++, rest /= base) {
        digits[i] = rest % base;
      }
      all.add(digits);
    }
    return all;
  }

  private double[] random(int width, boolean sparse) {
    double[] alpha = new double[width];
    for (int i = 0; i < width; i++) {
      alpha[i] = 1;
    }
    double[] p = Dirichlet.draw(alpha, rng);
    if (sparse) {
      p[rng.nextInt(width)] = 0;
      double sum = 0;
      for (double x : p) {
        sum += x;
      }
      for (int i = 0; i < width; i++) {
        p[i] /= sum;
      }
    }
    return p;
  }

  private SimpleMatrix random(int height, int width, boolean sparse) {
    double[][] table = new double[height][];
    for (int i = 0; i < height; i++) {
      table[i] = random(width, sparse);
    }
    return rows(table);
  }

  // Everything that a hidden Markov model answers, summed over all paths of states, the next one
  // included.
  private static void checkPaths(HiddenMarkov model, Tokens tokens) {
    int states = model.states();
    int length = tokens.length();
    double evidence = 0;
    double[] next = new double[states];
    double[][] smooth = new double[length][states];
    double[][] pairs = new double[length][states * states];
    double[][] filter = new double[length][states];
    for (int[] path : digits(states, length + 1)) {
      double weight = model.initial().get(0, path[0]);
      for (int l = 0; l < length; l++) {
        double[] value = tokens.values().extractVector(true, l).getDDRM().data;
        weight *= Math.exp(model.emission(path[l]).logProbability(value));
        weight *= model.transition().get(path[l], path[l + 1]);
      }
      evidence += weight;
      next[path[length]] += weight;
      for (int l = 0; l < length; l++) {
        smooth[l][path[l]] += weight;
        pairs[l][path[l] * states + path[l + 1]] += weight;
      }
    }
    for (int upto = 0; upto < length; upto++) {
      double sum = 0;
      for (int[] path : digits(states, upto + 1)) {
        double weight = model.initial().get(0, path[0]);
        for (int l = 0; l <= upto; l++) {
          double[] value = tokens.values().extractVector(true, l).getDDRM().data;
          weight *= Math.exp(model.emission(path[l]).logProbability(value));
          weight *= l < upto ? model.transition().get(path[l], path[l + 1]) : 1;
        }
        filter[upto][path[upto]] += weight;
        sum += weight;
      }
      divide(filter[upto], sum);
    }
    Belief<Integer> belief = model.prior().observe(tokens);
    if (evidence == 0) {
      assertEquals(Double.NEGATIVE_INFINITY, belief.logEvidence());
      assertThrows(IllegalStateException.class, belief::mean);
      assertThrows(IllegalStateException.class, () -> model.smooth(tokens));
      return;
    }
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    divide(next, evidence);
    assertRow(next, belief.mean(), 0);
    SimpleMatrix filtered = model.filter(tokens);
    SimpleMatrix smoothed = model.smooth(tokens);
    SimpleMatrix paired = model.smoothPairs(tokens);
    for (int l = 0; l < length; l++) {
      divide(smooth[l], evidence);
      divide(pairs[l], evidence);
      assertRow(filter[l], filtered, l);
      assertRow(smooth[l], smoothed, l);
      if (l < length - 1) {
        assertRow(pairs[l], paired, l);
      }
    }
    for (int cut = 0; cut <= length; cut++) {
      Belief<Integer> merged =
          model
              .prior()
              .observe(tokens.prefix(cut))
              .merge(model.prior().observe(tokens.slice(cut, length)));
      assertEquals(Math.log(evidence), merged.logEvidence(), IDENTITY);
      assertRow(next, merged.mean(), 0);
      assertEquals(length, merged.count());
    }
  }

  private static void divide(double[] numbers, double by) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] /= by;
    }
  }

  @Test
  void hiddenMarkovModelsAgainstAllPaths() {
    for (int n = 0; n < 40; n++) {
      int states = 1 + n % 3;
      boolean sparse = states > 1 && n % 2 == 0;
      HiddenMarkov model =
          HiddenMarkov.of(
              random(1, states, sparse), random(states, states, sparse), random(states, 3, sparse));
      int[] tokens = new int[n % 6];
      for (int l = 0; l < tokens.length; l++) {
        tokens[l] = rng.nextInt(3); // impossible sequences too
      }
      checkPaths(model, categories(3, tokens));
    }
  }

  @Test
  void gaussianHiddenMarkovModelsAgainstAllPaths() {
    for (double variance : new double[] {0.05, 1, 1e12}) {
      double[] means = new double[6];
      Normal.fill(means, 0, 6, rng);
      HiddenMarkov model =
          HiddenMarkov.gaussian(
              random(1, 3, false),
              random(3, 3, true),
              new SimpleMatrix(3, 2, true, means),
              variance);
      checkPaths(model, model.sample(5, rng).tokens());
    }
  }

  /** A state that became a million nats unlikely is still possible when only it is left. */
  @Test
  void unlikelyStatesAreNotLost() {
    HiddenMarkov model =
        HiddenMarkov.of(
            row(0.5, 0.5),
            rows(new double[] {1, 0}, new double[] {0, 1}),
            rows(new double[] {0.9, 0.1, 0}, new double[] {1e-5, 0.5, 0.49999}));
    int[] tokens = new int[100_001];
    tokens[100_000] = 2;
    Tokens seen = categories(3, tokens);
    double expected = Math.log(0.5) + 100_000 * Math.log(1e-5) + Math.log(0.49999);
    Belief<Integer> belief = model.prior().observe(seen);
    assertEquals(expected, belief.logEvidence(), 1e-12 * Math.abs(expected));
    assertRow(new double[] {0, 1}, belief.mean(), 0);
    assertRow(new double[] {0, 1}, model.smooth(seen), 0);
    Belief<Integer> merged =
        model
            .prior()
            .observe(seen.prefix(100_000))
            .merge(model.prior().observe(seen.slice(100_000, 100_001)));
    assertEquals(expected, merged.logEvidence(), 1e-12 * Math.abs(expected));
  }

  /** Far outliers of a narrow emission: the log-likelihoods are about -1e14. */
  @Test
  void tinyVariancesAreHandled() {
    HiddenMarkov model =
        HiddenMarkov.gaussian(
            row(0.5, 0.5),
            rows(new double[] {0.9, 0.1}, new double[] {0.1, 0.9}),
            rows(new double[] {0}, new double[] {1}),
            1e-12);
    Tokens tokens = Tokens.of(model.tokenSpace(), Token.real(0), Token.real(10), Token.real(1));
    Belief<Integer> belief = model.prior().observe(tokens);
    assertTrue(Double.isFinite(belief.logEvidence()));
    assertRow(new double[] {0.1, 0.9}, belief.mean(), 0);
  }

  /** A million tokens against the plain recursion that divides by its sum at every step. */
  @Test
  void aMillionTokensOfAHiddenMarkovModel() {
    HiddenMarkov model = SequenceContractsTest.HIDDEN_MARKOV;
    Tokens tokens = model.sample(1_000_000, rng).tokens();
    double[] a = model.initial().getDDRM().data;
    double log = 0;
    double lost = 0;
    SimpleMatrix emission = model.emission(0).mean();
    emission = emission.concatRows(model.emission(1).mean(), model.emission(2).mean());
    SimpleMatrix transition = model.transition();
    for (int l = 0; l < tokens.length(); l++) {
      double[] b = new double[3];
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        double weight = a[i] * emission.get(i, (int) tokens.at(l, 0));
        sum += weight;
        for (int j = 0; j < 3; j++) {
          b[j] += weight * transition.get(i, j);
        }
      }
      divide(b, sum);
      a = b;
      double term = Math.log(sum) - lost;
      double total = log + term;
      lost = (total - log) - term;
      log = total;
    }
    Belief<Integer> belief = model.prior().observe(tokens);
    assertEquals(log, belief.logEvidence(), 1e-12 * Math.abs(log));
    assertRow(a, belief.mean(), 0);
    Belief<Integer> merged =
        model
            .prior()
            .observe(tokens.prefix(400_000))
            .merge(model.prior().observe(tokens.slice(400_000, 1_000_000)));
    assertEquals(log, merged.logEvidence(), 1e-12 * Math.abs(log));
    assertRow(a, merged.mean(), 0);
    SimpleMatrix last = model.smooth(tokens).extractVector(true, 999_999);
    assertRow(last.mult(transition).getDDRM().data, belief.mean(), 0);
  }

  // Polynomials, so 20 points are exact.
  private static double integral(DoubleUnaryOperator f) {
    return new IterativeLegendreGaussIntegrator(20, 1e-12, 1e-15)
        .integrate(100_000, f::applyAsDouble, 0, 1);
  }

  /** Two categories: the two unknown probabilities are integrated out. */
  @Test
  void markovChainsAgainstQuadrature() {
    double[][] alpha = {{2, 3}, {4, 1}};
    MarkovChain model = MarkovChain.of(rows(alpha)).withInitial(row(0.3, 0.7));
    for (int length : new int[] {1, 2, 7, 12}) {
      int[] tokens = new int[length];
      double[][] counts = new double[2][2];
      for (int l = 0; l < length; l++) {
        tokens[l] = rng.nextInt(2);
        if (l > 0) {
          counts[tokens[l - 1]][tokens[l]]++;
        }
      }
      double evidence = tokens[0] == 0 ? 0.3 : 0.7;
      double[] means = new double[4];
      double[] variances = new double[2];
      for (int i = 0; i < 2; i++) {
        double[] n = counts[i];
        double[] a = alpha[i];
        DoubleUnaryOperator prior = p -> Math.pow(p, a[0] - 1) * Math.pow(1 - p, a[1] - 1);
        DoubleUnaryOperator joint =
            p -> prior.applyAsDouble(p) * Math.pow(p, n[0]) * Math.pow(1 - p, n[1]);
        double sum = integral(joint);
        evidence *= sum / integral(prior);
        double mean = integral(p -> p * joint.applyAsDouble(p)) / sum;
        means[2 * i] = mean;
        means[2 * i + 1] = 1 - mean;
        variances[i] = integral(p -> (p - mean) * (p - mean) * joint.applyAsDouble(p)) / sum;
      }
      Belief<MarkovChain.Next> belief = model.prior().observe(categories(2, tokens));
      assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
      assertRow(means, new SimpleMatrix(1, 4, true, belief.mean().getDDRM().data), 0);
      assertEquals(variances[0], belief.covariance().get(0, 0), IDENTITY);
      assertEquals(variances[1], belief.covariance().get(3, 3), IDENTITY);
      int last = tokens[length - 1];
      SimpleMatrix predicted = belief.predictive(model.tokenSpace().emptyQuery()).mean();
      assertEquals(means[2 * last], predicted.get(0, 0), IDENTITY);
    }
  }

  /** Every sequence of six: probabilities sum to one and depend on first token and counts only. */
  @Test
  void markovChainsAreMarkovExchangeable() {
    MarkovChain model = SequenceContractsTest.MARKOV_CHAIN;
    Map<String, Double> byStatistic = new HashMap<>();
    double total = 0;
    for (int[] tokens : digits(3, 6)) {
      int[] statistic = new int[10];
      statistic[9] = tokens[0];
      for (int l = 1; l < 6; l++) {
        statistic[tokens[l - 1] * 3 + tokens[l]]++;
      }
      double log = model.prior().observe(categories(3, tokens)).logEvidence();
      total += Math.exp(log);
      String key = Arrays.toString(statistic);
      double first = byStatistic.computeIfAbsent(key, k -> log);
      assertEquals(first, log, 1e-13);
    }
    assertEquals(1, total, IDENTITY);
    assertTrue(byStatistic.size() < 729); // some sequences do share a statistic
  }

  /** A million tokens against the Polya urn of each row, token by token. */
  @Test
  void aMillionTokensOfAMarkovChain() {
    MarkovChain model = SequenceContractsTest.MARKOV_CHAIN;
    Tokens tokens = model.sample(1_000_000, rng).tokens();
    double[] weights = model.alpha().getDDRM().data.clone();
    int last = (int) tokens.at(0, 0);
    double log = Math.log(model.initial().get(0, last));
    double lost = 0;
    for (int l = 1; l < tokens.length(); l++) {
      int now = (int) tokens.at(l, 0);
      double sum = weights[last * 3] + weights[last * 3 + 1] + weights[last * 3 + 2];
      double term = Math.log(weights[last * 3 + now]++ / sum) - lost;
      double total = log + term;
      lost = (total - log) - term;
      log = total;
      last = now;
    }
    Belief<MarkovChain.Next> belief = model.prior().observe(tokens);
    assertEquals(1_000_000, belief.count());
    assertEquals(log, belief.logEvidence(), 1e-12 * Math.abs(log));
    for (int i = 0; i < 9; i++) {
      int start = i / 3 * 3;
      double sum = weights[start] + weights[start + 1] + weights[start + 2];
      assertEquals(weights[i] / sum, belief.mean().get(i / 3, i % 3), 1e-14);
    }
    Belief<MarkovChain.Next> merged =
        model
            .prior()
            .observe(tokens.prefix(300_001))
            .merge(model.prior().observe(tokens.slice(300_001, 1_000_000)));
    assertEquals(belief.logEvidence(), merged.logEvidence(), 1e-9);
  }

  /** The level and all tokens are jointly Gaussian: the level is conditioned on the tokens. */
  @Test
  void autoregressionsAgainstTheJointGaussian() {
    for (double memory : new double[] {-0.95, -0.3, 0, 0.6, 0.99}) {
      for (double t2 : new double[] {1e-3, 1, 50}) {
        AutoRegression model = AutoRegression.of(memory, t2, 0.7).withPriorMean(-1.5);
        for (int length : new int[] {1, 2, 9}) {
          Tokens tokens = model.sample(length, rng).tokens();
          double still = 0.7 / (1 - memory * memory);
          SimpleMatrix covariance = new SimpleMatrix(length, length);
          SimpleMatrix gap = new SimpleMatrix(length, 1);
          for (int i = 0; i < length; i++) {
            gap.set(i, tokens.at(i, 0) + 1.5);
            for (int j = 0; j < length; j++) {
              covariance.set(i, j, t2 + still * Math.pow(memory, Math.abs(i - j)));
            }
          }
          SimpleMatrix cross = SimpleMatrix.filled(1, length, t2);
          SimpleMatrix gain = covariance.solve(cross.transpose()).transpose();
          double mean = -1.5 + gain.mult(gap).get(0, 0);
          double variance = t2 - gain.mult(cross.transpose()).get(0, 0);
          double square = gap.transpose().mult(covariance.solve(gap)).get(0, 0);
          double evidence =
              -0.5
                  * (length * Math.log(2 * Math.PI)
                      + Math.log(covariance.determinant())
                      + square);
          Belief<AutoRegression.Next> belief = model.prior().observe(tokens);
          assertEquals(mean, belief.mean().get(0, 0), IDENTITY * Math.max(1, Math.abs(mean)));
          assertEquals(variance, belief.covariance().get(0, 0), IDENTITY);
          assertEquals(
              evidence, belief.logEvidence(), IDENTITY * Math.max(1, Math.abs(evidence)));
          for (int cut = 0; cut <= length; cut++) {
            Belief<AutoRegression.Next> merged =
                model
                    .prior()
                    .observe(tokens.prefix(cut))
                    .merge(model.prior().observe(tokens.slice(cut, length)));
            assertEquals(
                evidence, merged.logEvidence(), IDENTITY * Math.max(1, Math.abs(evidence)));
          }
        }
      }
    }
  }

  /**
   * A million tokens, a million away from the prior mean. The evidence is that of the chain rule;
   * the level is the weighted average of what each step says about it, summed about a million.
   */
  @Test
  void aMillionTokensOfAnAutoregression() {
    AutoRegression model = AutoRegression.of(0.9, 1e12, 0.4);
    AutoRegression.Next start = new AutoRegression.Next(1e6, null);
    Tokens tokens = model.drawTokens(start, 1_000_000, rng);
    double mean = 0;
    double variance = 1e12;
    double log = 0;
    double precision = 1e-12;
    double weighted = -1e6 * precision; // about a million
    for (int l = 0; l < tokens.length(); l++) {
      double share = l == 0 ? 1 : 0.1;
      double noise = l == 0 ? 0.4 / (1 - 0.81) : 0.4;
      double before = l == 0 ? 0 : tokens.at(l - 1, 0);
      double innovation = tokens.at(l, 0) - (l == 0 ? 0 : 0.9 * before) - share * mean;
      double spread = share * share * variance + noise;
      log -= 0.5 * (Math.log(2 * Math.PI * spread) + innovation * innovation / spread);
      mean += share * variance / spread * innovation;
      variance *= noise / spread;
      double offset = (tokens.at(l, 0) - 1e6) - (l == 0 ? 0 : 0.9 * (before - 1e6));
      precision += share * share / noise;
      weighted += share * offset / noise;
    }
    Belief<AutoRegression.Next> belief = model.prior().observe(tokens);
    assertEquals(log, belief.logEvidence(), 1e-10 * Math.abs(log));
    assertEquals(1e6 + weighted / precision, belief.mean().get(0, 0), 1e-9);
    assertEquals(1 / precision, belief.covariance().get(0, 0), 1e-10 / precision);
  }

  /** All 720 orders of six balls, each equally likely. */
  @Test
  void urnsAgainstAllOrdersOfTheirBalls() {
    Urn urn = Urn.of(3, 1, 2);
    List<int[]> orders = new ArrayList<>();
    permute(new int[] {0, 0, 0, 1, 2, 2}, 0, orders);
    assertEquals(720, orders.size());
    for (int length = 0; length <= 6; length++) {
      for (int[] tokens : digits(3, length)) {
        long agree = orders.stream().filter(order -> startsWith(order, tokens)).count();
        Belief<SimpleMatrix> belief = urn.prior().observe(categories(3, tokens));
        if (agree == 0) {
          assertEquals(Double.NEGATIVE_INFINITY, belief.logEvidence());
          assertThrows(IllegalStateException.class, belief::mean);
          continue;
        }
        assertEquals(Math.log(agree / 720.0), belief.logEvidence(), IDENTITY);
        if (length == 6) {
          assertThrows(
              IllegalStateException.class, () -> belief.predictive(new SimpleMatrix(1, 3)));
          continue;
        }
        double[] next = new double[3];
        for (int[] order : orders) {
          next[order[length]] += startsWith(order, tokens) ? 1.0 / agree : 0;
        }
        assertRow(next, belief.predictive(new SimpleMatrix(1, 3)).mean(), 0);
      }
    }
  }

  private static boolean startsWith(int[] order, int[] tokens) {
    for (int l = 0; l < tokens.length; l++) {
      if (order[l] != tokens[l]) {
        return false;
      }
    }
    return true;
  }

  private static void permute(int[] balls, int from, List<int[]> out) {
    if (from == balls.length) {
      out.add(balls.clone());
      return;
    }
    for (int i = from; i < balls.length; i++) {
      swap(balls, from, i);
      permute(balls, from + 1, out);
      swap(balls, from, i);
    }
  }

  private static void swap(int[] balls, int i, int j) {
    int ball = balls[i];
    balls[i] = balls[j];
    balls[j] = ball;
  }

  /** Row A4 of the theory: two of four balls give -1/12. */
  @Test
  void theUrnOfTheTheoryRepels() {
    Urn urn = Urn.of(2, 2);
    double both = Math.exp(urn.prior().observe(categories(2, 1, 1)).logEvidence());
    double one = urn.prior().predictive(new SimpleMatrix(1, 2)).mean().get(0, 1);
    assertEquals(-1.0 / 12, both - one * one, 1e-15);
    IllegalArgumentException tooMany =
        assertThrows(
            IllegalArgumentException.class,
            () -> urn.prior().observe(categories(2, 0, 1, 0, 1, 0)));
    assertEquals("tokens: expected at most the 4 balls of the urn, got 5", tooMany.getMessage());
    IllegalArgumentException tooLong =
        assertThrows(IllegalArgumentException.class, () -> urn.sample(5, rng));
    assertEquals("length: expected at most the 4 balls left, got 5", tooLong.getMessage());
  }

  @Test
  void aMillionBalls() {
    Urn urn = Urn.of(500_000, 1_500_000);
    Tokens tokens = urn.sample(1_000_000, rng).tokens();
    Belief<SimpleMatrix> belief = urn.prior().observe(tokens);
    double log = 0;
    double lost = 0;
    double[] left = {500_000, 1_500_000};
    for (int l = 0; l < tokens.length(); l++) {
      int colour = (int) tokens.at(l, 0);
      double term = Math.log(left[colour]-- / (2_000_000.0 - l)) - lost;
      double total = log + term;
      lost = (total - log) - term;
      log = total;
    }
    assertEquals(log, belief.logEvidence(), 1e-11 * Math.abs(log));
    assertRow(left, belief.mean(), 0);
  }

  /** Every sequence of five and every concept. */
  @Test
  void indexTiedPositionsAgainstEnumeration() {
    for (int n = 0; n < 8; n++) {
      boolean sparse = n % 2 == 0;
      List<SimpleMatrix> laws = new ArrayList<>();
      for (int r = 0; r <= n % 3; r++) {
        laws.add(random(3, 2 + n % 2, sparse && n % 2 == 1));
      }
      IndexTied model = IndexTied.of(random(1, 3, sparse), laws);
      int width = 2 + n % 2;
      double total = 0;
      for (int[] tokens : digits(width, 5)) {
        double[] joint = new double[3];
        double[] next = new double[width];
        double evidence = 0;
        for (int k = 0; k < 3; k++) {
          joint[k] = model.priorProbabilities().get(0, k);
          for (int l = 0; l < 5; l++) {
            joint[k] *= model.law(l).get(k, tokens[l]);
          }
          evidence += joint[k];
          for (int w = 0; w < width; w++) {
            next[w] += joint[k] * model.law(5).get(k, w);
          }
        }
        divide(joint, evidence);
        divide(next, evidence);
        total += evidence;
        Belief<IndexTied.Next> belief = model.prior().observe(categories(width, tokens));
        assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
        assertRow(joint, belief.mean(), 0);
        assertRow(next, belief.predictive(model.tokenSpace().emptyQuery()).mean(), 0);
      }
      assertEquals(1, total, IDENTITY);
    }
  }
}
