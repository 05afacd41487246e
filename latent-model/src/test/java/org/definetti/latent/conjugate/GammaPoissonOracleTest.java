package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;
import org.definetti.latent.Belief;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Poisson;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link GammaPoisson} against quadrature over the rate and enumeration of counts. */
class GammaPoissonOracleTest {

  private static final double IDENTITY = 1e-10;

  // ∫ f(z) prior(z) Π Poisson(x_l | z) dz, by the trapezoid rule in log z
  private static double integral(double a, double b, double[] x, DoubleUnaryOperator f) {
    double step = 1.0 / 64;
    double sum = 0;
    for (double t = -60; t <= 8; t += step) {
      double z = Math.exp(t);
      double log = a * Math.log(b) - Gamma.logGamma(a) + a * t - b * z;
      for (double count : x) {
        log += count * t - z - Gamma.logGamma(count + 1);
      }
      sum += Math.exp(log) * f.applyAsDouble(z);
    }
    return sum * step;
  }

  @ParameterizedTest
  @CsvSource({"0.7, 1.3, 0", "2.5, 0.4, 3", "12, 5, 8", "1, 1, 1"})
  void posteriorByQuadrature(double a, double b, int length) {
    GammaPoisson model = GammaPoisson.of(a, b);
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    double[] x = tokens.values().getDDRM().data;
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double evidence = integral(a, b, x, z -> 1);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    double mean = integral(a, b, x, z -> z) / evidence;
    assertEquals(mean, belief.mean().get(0), IDENTITY);
    double variance = integral(a, b, x, z -> (z - mean) * (z - mean)) / evidence;
    assertEquals(variance, belief.covariance().get(0), IDENTITY);
    double shape = a + Arrays.stream(x).sum();
    double rate = b + length;
    double logNormaliser = Gamma.logGamma(shape) - shape * Math.log(rate);
    double entropy =
        -integral(a, b, x, z -> (shape - 1) * Math.log(z) - rate * z) / evidence + logNormaliser;
    assertEquals(entropy, belief.entropyNats(), IDENTITY);
    double likelihood =
        integral(
                a,
                b,
                x,
                z -> Arrays.stream(x).map(n -> n * Math.log(z) - z - Gamma.logGamma(n + 1)).sum())
            / evidence;
    double kl = likelihood - Math.log(evidence);
    assertEquals(kl, belief.klNats(model.prior()), IDENTITY * Math.max(1, kl));
    double density = (shape - 1) * Math.log(0.9) - rate * 0.9 - logNormaliser;
    SimpleMatrix point = new SimpleMatrix(1, 1, true, 0.9);
    assertEquals(density, belief.logDensity(point), IDENTITY);
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    for (int n : new int[] {0, 1, 7}) {
      double token =
          integral(a, b, x, z -> Math.exp(n * Math.log(z) - z - Gamma.logGamma(n + 1.0)));
      assertEquals(
          Math.log(token / evidence), predictive.logProbability(new double[] {n}), IDENTITY);
    }
  }

  /** The predictive sums to one with the right moments, over all counts that matter. */
  @ParameterizedTest
  @CsvSource({"0.3, 2", "5, 0.5", "80, 0.25"})
  void predictiveByEnumeration(double a, double b) {
    GammaPoisson model = GammaPoisson.of(a, b);
    Predictive predictive = model.prior().predictive(model.tokenSpace().emptyQuery());
    double mass = 0;
    double mean = 0;
    double square = 0;
    for (int n = 0; n < 3000; n++) {
      double p = Math.exp(predictive.logProbability(new double[] {n}));
      mass += p;
      mean += n * p;
      square += (double) n * n * p;
    }
    assertEquals(1, mass, IDENTITY);
    assertEquals(predictive.mean().get(0), mean, IDENTITY * Math.max(1, mean));
    double variance = square - mean * mean;
    assertEquals(predictive.covariance().get(0), variance, 1e-9 * Math.max(1, variance));
  }

  /** Evidence of every short sequence of small counts adds up to the truncated mass. */
  @Test
  void evidencesOfAllPairsSumToOne() {
    GammaPoisson model = GammaPoisson.of(1.5, 2);
    double sum = 0;
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {i, j});
        sum += Math.exp(model.prior().observe(tokens).logEvidence());
      }
    }
    assertEquals(1, sum, IDENTITY);
    GammaPoisson wrong = GammaPoisson.of(1.5, 4); // the control: it is another law
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {2, 3});
    double gap =
        model.prior().observe(tokens).logEvidence() - wrong.prior().observe(tokens).logEvidence();
    assertTrue(Math.abs(gap) > 1e-2);
  }

  @Test
  void aMillionCounts() {
    int length = 1_000_000;
    GammaPoisson model = GammaPoisson.of(2, 1e-3);
    RandomGenerator rng = Seed.of(2).generator();
    SimpleMatrix z = new SimpleMatrix(1, 1, true, 3.75);
    Tokens tokens = model.drawTokens(z, length, rng);
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    long sum = 0;
    double chain = 0;
    double lost = 0;
    for (int l = 0; l < length; l++) { // the chain rule, each term in its plain form
      double x = tokens.at(l, 0);
      double shape = 2 + sum;
      double rate = 1e-3 + l;
      double term = logRising(shape, (int) x) - Gamma.logGamma(x + 1);
      term += -shape * Math.log1p(1 / rate) - x * Math.log1p(rate) - lost;
      double next = chain + term;
      lost = (next - chain) - term;
      chain = next;
      sum += (long) x;
    }
    assertEquals((double) sum, (belief.mean().get(0) * (1e-3 + length)) - 2, 1e-6);
    // Each term above subtracts numbers up to 1e6 log 1e6.
    assertEquals(chain, belief.logEvidence(), 1e-10 * Math.abs(chain));
    Belief<SimpleMatrix> halves =
        model
            .prior()
            .observe(tokens.prefix(400_000))
            .merge(model.prior().observe(tokens.slice(400_000, length)));
    assertEquals(belief.mean().get(0), halves.mean().get(0));
    assertEquals(belief.logEvidence(), halves.logEvidence(), 1e-12 * Math.abs(chain));
    assertTrue(Double.isFinite(belief.entropyNats()) && Double.isFinite(belief.logDensity(z)));
    assertTrue(belief.klNats(model.prior()) > 0);
  }

  private static double logRising(double x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.log(x + i);
    }
    return sum;
  }

  /** Density and entropy of large shapes approach the normal law of the same moments. */
  @ParameterizedTest
  @CsvSource({"1e6", "1e9", "1e12"})
  void largeShapesKeepTheirDigits(double shape) {
    Belief<SimpleMatrix> belief = GammaPoisson.of(shape, shape).prior();
    double deviation = 1 / Math.sqrt(shape);
    double normal = 0.5 * Math.log(2 * Math.PI / shape);
    assertEquals(normal + 0.5, belief.entropyNats(), 1 / shape + 1e-14);
    double one = belief.logDensity(new SimpleMatrix(1, 1, true, 1.0));
    assertEquals(-normal, one, 1 / shape + 1e-14);
    double off = belief.logDensity(new SimpleMatrix(1, 1, true, 1 + deviation));
    assertEquals(-normal - 0.5, off, 3 * deviation + 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"1e-12, 1e-12", "1e-12, 1", "1, 1e-12", "1e12, 1e12", "1, 1e12", "1e12, 1"})
  void extremeHyperparameters(double a, double b) {
    GammaPoisson model = GammaPoisson.of(a, b);
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {0, 3, 3});
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double expected = (a + 6) / (b + 3);
    assertEquals(expected, belief.mean().get(0), 1e-15 * expected);
    double chain = 0;
    double[] counts = {0, 3, 3};
    Belief<SimpleMatrix> step = model.prior();
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    for (int l = 0; l < 3; l++) {
      chain += step.predictive(query).logProbability(new double[] {counts[l]});
      step = step.observe(tokens.slice(l, l + 1));
    }
    assertEquals(chain, belief.logEvidence(), 1e-10 * Math.max(1, Math.abs(chain)));
    assertTrue(Double.isFinite(belief.entropyNats()));
    assertTrue(belief.klNats(model.prior()) >= 0 && model.prior().klNats(belief) >= 0);
  }

  /** Draws of small, middle and large means have the Poisson's mean, variance and P(0). */
  @ParameterizedTest
  @CsvSource({"0.3", "11.5", "40", "3e3", "1e9"})
  void poissonDraws(double mean) {
    int draws = 100_000;
    RandomGenerator rng = Seed.of(3).child((long) mean).generator();
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < draws; n++) {
      double gap = Poisson.draw(mean, rng) - mean;
      sum += gap;
      squares += gap * gap;
    }
    double error = Math.sqrt(mean / draws);
    assertEquals(0, sum / draws, 5 * error);
    double spread = Math.sqrt((mean + 2 * mean * mean) / draws); // of the squared gap
    assertEquals(mean, squares / draws, 5 * spread);
  }

  /** A chi-squared test over all counts of a mean that uses both ways of halving. */
  @Test
  void poissonDrawsCountByCount() {
    double mean = 60;
    int draws = 200_000;
    RandomGenerator rng = Seed.of(4).generator();
    int[] seen = new int[61];
    for (int n = 0; n < draws; n++) {
      seen[(int) Math.max(0, Math.min(60, Poisson.draw(mean, rng) - 30))]++;
    }
    double statistic = 0;
    for (int i = 1; i < 60; i++) {
      double expected = draws * Math.exp((30 + i) * Math.log(mean) - mean - Gamma.logGamma(31 + i));
      statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    assertTrue(statistic < 59 + 5 * Math.sqrt(2 * 59), "chi-squared " + statistic); // 5 sigma
  }

  @Test
  void refusesWhatIsNoCountByName() {
    GammaPoisson model = GammaPoisson.of(1, 1);
    for (double bad : new double[] {-1, 0.5}) {
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {2, bad});
      Exception error =
          assertThrows(IllegalArgumentException.class, () -> model.prior().observe(tokens));
      assertEquals("tokens[1]: expected a count 0, 1, 2, …, got " + bad, error.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> GammaPoisson.of(0, 1));
    assertThrows(IllegalArgumentException.class, () -> GammaPoisson.of(1, Double.NaN));
    Exception rate =
        assertThrows(
            IllegalArgumentException.class,
            () -> model.drawToken(new SimpleMatrix(1, 1, true, 1e300), Seed.of(5).generator()));
    assertTrue(rate.getMessage().startsWith("mean: expected from 0 to"));
    SimpleMatrix sum = new SimpleMatrix(1, 1, true, -3.0);
    assertThrows(IllegalArgumentException.class, () -> model.posterior(2, sum));
  }

  @Test
  void isBuiltAgainFromItsDescription() {
    GammaPoisson model = GammaPoisson.of(2.5, 0.3);
    assertEquals(model, GammaPoisson.from(model.description()));
    assertEquals(model.hashCode(), GammaPoisson.of(2.5, 0.3).hashCode());
    assertThrows(
        UnsupportedOperationException.class,
        () -> model.posterior(2, new SimpleMatrix(1, 1, true, 3.0)).logEvidence());
  }
}
