package org.definetti.latent.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Adaptive;
import org.definetti.latent.Belief;
import org.definetti.latent.JointGaussian;
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
 * The contaminated mean against conditioning of all 2^L joint Gaussians, and against adaptive
 * quadrature of the product of its tokens' densities at any length.
 */
class ContaminatedMeanOracleTest {

  private static final double IDENTITY = 1e-10;

  private static final ContaminatedMean LINE =
      ContaminatedMean.of(1, 1.3, 0.1, 8).withPriorMean(new SimpleMatrix(1, 1, true, 0.4));

  /** All assignments, each a joint Gaussian of latent, new token and tokens. */
  private static final class Assignments {

    private final double[] mean;
    private final double[] latentSquares;
    private final double[] newSquares; // of a new token that is no outlier, less its noise
    private double logEvidence = Double.NEGATIVE_INFINITY;

    Assignments(ContaminatedMean model, Tokens tokens) {
      int d = model.tokenSpace().dimension();
      int length = tokens.length();
      int count = 1 << length;
      double[] logs = new double[count];
      double[][] means = new double[count][d];
      double[][] variances = new double[count][d];
      for (int c = 0; c < count; c++) {
        int outliers = Integer.bitCount(c);
        double p = model.outlierProbability();
        logs[c] = Math.log(Math.pow(p, outliers) * Math.pow(1 - p, length - outliers));
        for (int i = 0; i < d; i++) {
          JointGaussian joint = joint(model, c, length, model.priorMean().get(0, i));
          double[] column = tokens.values().extractVector(false, i).getDDRM().data;
          JointGaussian latent = joint.first(1, column);
          means[c][i] = latent.mean().get(0);
          variances[c][i] = latent.covariance().get(0);
          logs[c] += joint.last(1).logDensity(column);
        }
        logEvidence = logAdd(logEvidence, logs[c]);
      }
      mean = new double[d];
      latentSquares = new double[d * d];
      newSquares = new double[d];
      for (int c = 0; c < count; c++) {
        double weight = Math.exp(logs[c] - logEvidence);
        for (int i = 0; i < d; i++) {
          mean[i] += weight * means[c][i];
          newSquares[i] += weight * (means[c][i] * means[c][i] + variances[c][i]);
          for (int j = 0; j < d; j++) {
            double own = i == j ? variances[c][i] : 0;
            latentSquares[i * d + j] += weight * (means[c][i] * means[c][j] + own);
          }
        }
      }
    }

    private static JointGaussian joint(ContaminatedMean model, int c, int length, double m0) {
      SimpleMatrix covariance = SimpleMatrix.filled(length + 1, length + 1, model.priorVariance());
      for (int l = 0; l < length; l++) {
        boolean outlier = (c >> l & 1) == 1;
        double noise = outlier ? model.outlierVariance() : model.noiseVariance();
        covariance.set(l + 1, l + 1, covariance.get(l + 1, l + 1) + noise);
      }
      return new JointGaussian(SimpleMatrix.filled(length + 1, 1, m0), covariance);
    }

    double covariance(int i, int j) {
      return latentSquares[i * mean.length + j] - mean[i] * mean[j];
    }
  }

  private static double logAdd(double a, double b) {
    double top = Math.max(a, b);
    return top == Double.NEGATIVE_INFINITY
        ? top
        : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
  }

  private static void close(double expected, double actual, String what) {
    assertEquals(expected, actual, IDENTITY * Math.max(1, Math.abs(expected)), what);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "2, 4", "3, 7", "5, 6"})
  void enumerationIsConditioningOfEveryJointGaussian(int d, int length) {
    ContaminatedMean model = ContaminatedMean.of(d, 1.3, 0.4, 5).withOutlierProbability(0.35);
    Tokens tokens = model.sample(length, Seed.of(1).child(d).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Assignments oracle = new Assignments(model, tokens);
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    double noise = 0.65 * 0.4 + 0.35 * 5;
    for (int i = 0; i < d; i++) {
      close(oracle.mean[i], belief.mean().get(0, i), "mean");
      close(oracle.mean[i], predictive.mean().get(0, i), "predictive mean");
      for (int j = 0; j < d; j++) {
        double expected = oracle.covariance(i, j);
        close(expected, belief.covariance().get(i, j), "covariance");
        close(expected + (i == j ? noise : 0), predictive.covariance().get(i, j), "predictive's");
      }
    }
    close(oracle.logEvidence, belief.logEvidence(), "log evidence");
    // The law of a new token is a ratio of evidences.
    double[] value = new double[d];
    Normal.fill(value, 0, d, Seed.of(2).generator());
    Tokens one = Tokens.of(model.tokenSpace(), Token.real(value));
    double next = new Assignments(model, tokens.plus(one)).logEvidence;
    close(next - belief.logEvidence(), predictive.logProbability(value), "log predictive");
    assertEquals(0, ((ApproximateBelief<SimpleMatrix>) belief).error());
    assertEquals(0, ((ApproximateBelief<SimpleMatrix>) belief).logEvidenceError());
  }

  /** The rule for long input, run on short input, errs by less than its own bound. */
  @ParameterizedTest
  @CsvSource({"1, 1, 0.3", "1, 6, 0.3", "1, 9, 0", "1, 9, 1", "2, 7, 0.5", "3, 8, 0.1"})
  void theLatticeKeepsItsBoundAgainstEnumeration(int d, int length, double p) {
    for (int trial = 0; trial < 5; trial++) {
      RandomGenerator rng = Seed.of(3).child(d).child(length).child(trial).generator();
      double s1 = Math.pow(10, 2 * rng.nextDouble() - 1);
      double s2 = s1 * Math.pow(10, 2 * rng.nextDouble() - 1);
      ContaminatedMean model = ContaminatedMean.of(d, 1.3, s1, s2).withOutlierProbability(p);
      Tokens tokens = model.sample(length, rng).tokens();
      ContaminatedLattice lattice = new ContaminatedLattice(model, tokens);
      Assignments oracle = new Assignments(model, tokens);
      double square = 0;
      double size = 0;
      for (int i = 0; i < d; i++) {
        square += Math.pow(oracle.mean[i] - lattice.mean().get(0, i), 2);
        size += Math.pow(oracle.mean[i], 2);
        for (int j = 0; j < d; j++) {
          assertEquals(oracle.covariance(i, j), lattice.covariance().get(i, j), 1e-12);
        }
      }
      double condition = 1 + length * 1.3 / Math.min(s1, s2);
      double ofOracle = 2e-16 * condition * (2 + Math.sqrt(size)); // its solver's rounding
      assertTrue(Math.sqrt(square) <= lattice.meanError() + ofOracle, "mean is within its bound");
      double gap = Math.abs(oracle.logEvidence - lattice.logEvidence());
      double rounding = 2e-16 * condition * (2 + Math.abs(oracle.logEvidence));
      assertTrue(gap <= lattice.evidenceError() + rounding, "evidence is within its bound: " + gap);
      assertTrue(lattice.meanError() < 1e-11 && lattice.evidenceError() < 1e-10);
    }
  }

  private static double logDensity(ContaminatedMean model, Tokens tokens, double z) {
    double gap = z - model.priorMean().get(0, 0);
    double sum =
        -0.5 * (gap * gap / model.priorVariance())
            - 0.5 * Math.log(2 * Math.PI * model.priorVariance());
    for (int l = 0; l < tokens.length(); l++) {
      double square = (tokens.at(l, 0) - z) * (tokens.at(l, 0) - z);
      double p = model.outlierProbability();
      double s1 = model.noiseVariance();
      double s2 = model.outlierVariance();
      sum +=
          Math.log(
              (1 - p) * Math.exp(-0.5 * square / s1) / Math.sqrt(2 * Math.PI * s1)
                  + p * Math.exp(-0.5 * square / s2) / Math.sqrt(2 * Math.PI * s2));
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 14, 15, 40, 300, 1_000})
  void adaptiveQuadratureAgreesAtAnyLength(int length) {
    Tokens tokens = LINE.sample(length, Seed.of(4).child(length).generator()).tokens();
    Adaptive oracle = new Adaptive(z -> logDensity(LINE, tokens, z), -8, 8);
    double mass = oracle.integral(z -> 1);
    double mean = oracle.integral(z -> z) / mass;
    double variance = oracle.integral(z -> (z - mean) * (z - mean)) / mass;
    ApproximateBelief<SimpleMatrix> belief =
        (ApproximateBelief<SimpleMatrix>) LINE.prior().observe(tokens);
    double deviation = Math.sqrt(variance);
    double relative = 10 * oracle.accuracy();
    double gap = Math.abs(mean - belief.mean().get(0, 0));
    assertTrue(gap <= belief.error() + relative * deviation, "mean: off by " + gap);
    assertEquals(variance, belief.covariance().get(0, 0), 1e-11 * variance);
    double evidence = oracle.logIntegral();
    double off = Math.abs(evidence - belief.logEvidence());
    assertTrue(off <= belief.logEvidenceError() + relative + 4e-16 * Math.abs(evidence));
    assertTrue(belief.error() < 1e-9 * deviation, "the bound says something");
    assertTrue(belief.logEvidenceError() < 1e-9);
    // The law of the next token, inside, moderately far, and far enough to move the posterior.
    Predictive predictive = belief.predictive(LINE.tokenSpace().emptyQuery());
    for (double value : new double[] {mean, mean + 1.5, mean - 9, 60, -4_000}) {
      Tokens more = tokens.plus(Tokens.of(LINE.tokenSpace(), Token.real(value)));
      double expected;
      if (Math.abs(value) < 100) {
        Adaptive next = new Adaptive(z -> logDensity(LINE, more, z), -12, 12);
        expected = next.logIntegral() - evidence;
      } else {
        expected = LINE.prior().observe(more).logEvidence() - belief.logEvidence();
      }
      double actual = predictive.logProbability(new double[] {value});
      assertEquals(expected, actual, 1e-10 * Math.max(1, Math.abs(expected)), "at " + value);
    }
  }

  /** Two clusters far apart: two peaks, and one of them is far from where the search begins. */
  @Test
  void severalPeaksAreAllFound() {
    ContaminatedMean model = ContaminatedMean.of(1, 100, 0.01, 400);
    double[] rows = new double[30];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = (l % 2 == 0 ? -10 : 10) + 0.01 * l; // the same number on both sides
    }
    Tokens tokens = Tokens.owning(model.tokenSpace(), rows);
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Adaptive left = new Adaptive(z -> logDensity(model, tokens, z), -12, 0);
    Adaptive right = new Adaptive(z -> logDensity(model, tokens, z), 0, 12);
    double top = Math.max(left.peak(), right.peak());
    double onLeft = Math.exp(left.peak() - top) * left.integral(z -> 1);
    double onRight = Math.exp(right.peak() - top) * right.integral(z -> 1);
    double sum =
        Math.exp(left.peak() - top) * left.integral(z -> z)
            + Math.exp(right.peak() - top) * right.integral(z -> z);
    close(top + Math.log(onLeft + onRight), belief.logEvidence(), "log evidence");
    close(sum / (onLeft + onRight), belief.mean().get(0, 0), "mean");
    assertTrue(belief.covariance().get(0, 0) > 50, "both peaks count");
  }

  /** All mass in many thousand nats below the place where the search begins is no overflow. */
  @Test
  void aHopelessStartLosesNothing() {
    double[] rows = new double[2 * 900];
    RandomGenerator rng = Seed.of(5).generator();
    for (int l = 0; l < 900; l++) {
      // Three tight clusters, so that mean and median of coordinates are in none of them.
      rows[2 * l] = 40 * (l % 3 == 0 ? 1 : 0) + 0.01 * Normal.draw(rng);
      rows[2 * l + 1] = 40 * (l % 3 == 1 ? 1 : 0) + 0.01 * Normal.draw(rng);
    }
    ContaminatedMean model = ContaminatedMean.of(2, 100, 1e-4, 1000);
    Tokens tokens = Tokens.owning(model.tokenSpace(), rows);
    ApproximateBelief<SimpleMatrix> belief =
        (ApproximateBelief<SimpleMatrix>) model.prior().observe(tokens);
    assertTrue(Double.isFinite(belief.logEvidence()) && belief.error() < 1e-6);
  }

  @Test
  void beliefsBeyondEnumerationKeepTheLaws() {
    ContaminatedMean model = ContaminatedMean.of(2, 1, 0.2, 4);
    Tokens tokens = model.sample(24, Seed.of(6).generator()).tokens();
    Belief<SimpleMatrix> whole = model.prior().observe(tokens);
    Belief<SimpleMatrix> merged =
        model.prior().observe(tokens.prefix(9)).merge(model.prior().observe(tokens.slice(9, 24)));
    Belief<SimpleMatrix> prefix = model.prior().prefixes(tokens, 3, 24).get(1);
    for (Belief<SimpleMatrix> other : Arrays.asList(merged, prefix)) {
      assertTrue(whole.mean().isIdentical(other.mean(), 1e-13));
      assertTrue(whole.covariance().isIdentical(other.covariance(), 1e-13));
      close(whole.logEvidence(), other.logEvidence(), "log evidence");
    }
    double sum = 0;
    for (int l = 0; l < 24; l++) {
      Belief<SimpleMatrix> seen = model.prior().observe(tokens.prefix(l));
      Predictive predictive = seen.predictive(model.tokenSpace().emptyQuery());
      sum += predictive.logProbability(new double[] {tokens.at(l, 0), tokens.at(l, 1)});
    }
    close(sum, whole.logEvidence(), "chain rule");
  }

  /** Draws by rejection from the cells; 6 standard errors, false alarm 1e-8. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void drawsBeyondEnumerationHaveTheMoments(int d) {
    ContaminatedMean model = ContaminatedMean.of(d, 1, 0.2, 4);
    Tokens tokens = model.sample(20, Seed.of(7).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    RandomGenerator rng = Seed.of(8).generator();
    int draws = 8_000;
    double sum = 0;
    double squares = 0;
    double surprise = 0;
    double mean = belief.mean().get(0, 0);
    double variance = belief.covariance().get(0, 0);
    for (int n = 0; n < draws; n++) {
      SimpleMatrix z = belief.sample(rng);
      sum += z.get(0, 0) - mean;
      squares += Math.pow(z.get(0, 0) - mean, 2);
      surprise += belief.logDensity(z);
    }
    assertEquals(0, sum / draws, 6 * Math.sqrt(variance / draws));
    assertEquals(variance, squares / draws, 6 * variance * Math.sqrt(2.5 / draws));
    // Nearly normal at L = 20: its expected log density is about that of the normal law.
    double normal = -0.5 * (d + d * Math.log(2 * Math.PI) + Math.log(det(belief.covariance())));
    assertEquals(normal, surprise / draws, 0.1);
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    double first = 0;
    for (int n = 0; n < draws; n++) {
      first += predictive.draw(rng)[0] - mean;
    }
    assertEquals(0, first / draws, 6 * Math.sqrt(predictive.covariance().get(0, 0) / draws));
    assertTrue(((ApproximateBelief<SimpleMatrix>) belief).effectiveSampleSize() > 3);
    assertTrue(predictive.meanError() < 1e-12);
  }

  private static double det(SimpleMatrix matrix) {
    return matrix.determinant();
  }

  @Test
  void tooLongAndTooWideInputIsRefusedByName() {
    for (int[] most : new int[][] {{1, 100_000}, {2, 20_000}, {3, 2_000}, {4, 14}}) {
      ContaminatedMean model = ContaminatedMean.of(most[0], 1, 0.1, 10);
      Tokens tokens = Tokens.owning(model.tokenSpace(), new double[(most[1] + 1) * most[0]]);
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.prior().observe(tokens))
              .getMessage();
      assertTrue(message.startsWith("tokens: expected at most " + most[1]), message);
      assertEquals(most[1], model.prior().observe(tokens.prefix(most[1])).count());
    }
    Tokens fifteen = LINE.sample(15, Seed.of(1).generator()).tokens();
    assertThrows(IllegalArgumentException.class, () -> LINE.tokenWeights(fifteen));
    assertThrows(
        IllegalArgumentException.class,
        () -> ContaminatedMean.of(1, 1, 1, 1).withOutlierProbability(1.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LINE.prior().merge(ContaminatedMean.of(1, 1, 1, 1).prior()));
    assertThrows(IllegalArgumentException.class, () -> LINE.prior().prefixes(fifteen, 3, 2));
    ContaminatedMean wide = ContaminatedMean.of(1, 1e30, 1e-12, 1e12);
    Tokens spread =
        wide.sample(15, Seed.of(9).generator())
            .tokens()
            .plus(Tokens.of(wide.tokenSpace(), Token.real(1e15), Token.real(-1e15)));
    assertThrows(IllegalArgumentException.class, () -> wide.prior().observe(spread).mean());
  }
}
