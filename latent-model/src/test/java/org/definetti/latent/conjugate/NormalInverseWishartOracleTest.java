package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;
import org.definetti.latent.Belief;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * {@link NormalInverseWishart} against quadrature over mean and log variance (d = 1), against the
 * chain rule of Student laws written out by hand with plain inverses (d = 3), and against
 * importance sampling from its prior (d = 2).
 */
class NormalInverseWishartOracleTest {

  private static final double IDENTITY = 1e-10;

  private static SimpleMatrix scalar(double value) {
    return new SimpleMatrix(1, 1, true, value);
  }

  // Log of prior times likelihood at mean m and variance exp(u), with the Jacobian of u.
  private static double logJoint(
      double m, double u, double m0, double nu, double psi, double f, double[] x) {
    double v = Math.exp(u);
    double log =
        0.5 * f * Math.log(psi / 2)
            - Gamma.logGamma(f / 2)
            - (0.5 * f + 1) * u
            - 0.5 * psi / v
            + u
            + 0.5 * Math.log(nu / (2 * Math.PI * v))
            - 0.5 * nu * (m - m0) * (m - m0) / v;
    for (double value : x) {
      log -= 0.5 * (Math.log(2 * Math.PI * v) + (value - m) * (value - m) / v);
    }
    return log;
  }

  // ∫∫ f(m, v) joint, by the trapezoid rule in u and in (m - centre) / sqrt(v)
  private static double integral(
      double centre, double nu, double f, double[] x, DoubleBinaryOperator function) {
    double sum = 0;
    double stepU = 1.0 / 16;
    double stepT = 1.0 / 8;
    for (double u = -12; u <= 24; u += stepU) {
      double deviation = Math.exp(0.5 * u);
      for (double t = -5; t <= 5; t += stepT) {
        double m = centre + t * deviation;
        double log = logJoint(m, u, 0.5, nu, 2.0, f, x);
        sum += Math.exp(log) * deviation * function.applyAsDouble(m, Math.exp(u));
      }
    }
    return sum * stepU * stepT;
  }

  @Test
  void oneDimensionByQuadrature() {
    double nu = 1.5;
    double f = 11;
    double[] x = {1.2, -0.3, 2.5, 0.9};
    NormalInverseWishart model = NormalInverseWishart.of(scalar(0.5), nu, scalar(2.0), f);
    Belief<MeanAndCovariance> belief = model.prior().observe(Tokens.ofRows(model.tokenSpace(), x));
    double centre = (0.5 * nu + Arrays.stream(x).sum()) / (nu + 4);
    double evidence = integral(centre, nu, f, x, (m, v) -> 1);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    double mean = integral(centre, nu, f, x, (m, v) -> m) / evidence;
    double variance = integral(centre, nu, f, x, (m, v) -> v) / evidence;
    assertEquals(mean, belief.mean().get(0, 0), IDENTITY);
    assertEquals(variance, belief.mean().get(1, 0), IDENTITY);
    SimpleMatrix covariance = belief.covariance();
    double ofMean = integral(centre, nu, f, x, (m, v) -> (m - mean) * (m - mean)) / evidence;
    double ofVariance =
        integral(centre, nu, f, x, (m, v) -> (v - variance) * (v - variance)) / evidence;
    assertEquals(ofMean, covariance.get(0, 0), IDENTITY);
    assertEquals(ofVariance, covariance.get(1, 1), 1e-9); // a heavy tail, cut off at e^24
    assertEquals(0, covariance.get(0, 1));
    // entropy: the Jacobian of u is taken out again
    double entropy =
        -integral(
                centre,
                nu,
                f,
                x,
                (m, v) -> logJoint(m, Math.log(v), 0.5, nu, 2.0, f, x) - Math.log(v))
            / evidence;
    assertEquals(entropy + Math.log(evidence), belief.entropyNats(), IDENTITY);
    // divergence from the prior
    double kl =
        integral(
                centre,
                nu,
                f,
                x,
                (m, v) -> {
                  double u = Math.log(v);
                  return logJoint(m, u, 0.5, nu, 2.0, f, x)
                      - logJoint(m, u, 0.5, nu, 2.0, f, new double[0]);
                })
            / evidence;
    assertEquals(kl - Math.log(evidence), belief.klNats(model.prior()), IDENTITY);
    double[] value = {0.4};
    double token =
        integral(
            centre,
            nu,
            f,
            x,
            (m, v) -> Math.exp(-0.5 * (0.4 - m) * (0.4 - m) / v) / Math.sqrt(2 * Math.PI * v));
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    assertEquals(Math.log(token / evidence), predictive.logProbability(value), IDENTITY);
    double atPoint = logJoint(0.7, Math.log(1.3), 0.5, nu, 2.0, f, x) - Math.log(1.3);
    MeanAndCovariance point = new MeanAndCovariance(scalar(0.7), scalar(1.3));
    assertEquals(atPoint - Math.log(evidence), belief.logDensity(point), IDENTITY);
  }

  private static NormalInverseWishart model(int d) {
    SimpleMatrix root = new SimpleMatrix(d, d);
    Normal.fill(root.getDDRM().data, 0, d * d, Seed.of(41).generator());
    SimpleMatrix scale = root.mult(root.transpose()).plus(SimpleMatrix.identity(d));
    SimpleMatrix mean = new SimpleMatrix(1, d);
    Normal.fill(mean.getDDRM().data, 0, d, Seed.of(42).generator());
    return NormalInverseWishart.of(mean, 0.8, scale, d + 4.5);
  }

  // log of the Student predictive of one token after others, straight from the sums of squares
  private static double student(NormalInverseWishart model, SimpleMatrix seen, SimpleMatrix x) {
    int d = x.getNumCols();
    int n = seen.getNumRows();
    double nu = model.priorCount() + n;
    SimpleMatrix m0 = model.priorMean();
    SimpleMatrix m = m0.scale(model.priorCount());
    SimpleMatrix psi = model.scale().plus(m0.transpose().mult(m0).scale(model.priorCount()));
    for (int l = 0; l < n; l++) {
      SimpleMatrix row = seen.extractVector(true, l);
      m = m.plus(row);
      psi = psi.plus(row.transpose().mult(row));
    }
    m = m.divide(nu);
    psi = psi.minus(m.transpose().mult(m).scale(nu));
    double degrees = model.degreesOfFreedom() + n - d + 1;
    SimpleMatrix shape = psi.scale((nu + 1) / (nu * degrees));
    SimpleMatrix gap = x.minus(m);
    double square = gap.mult(shape.invert()).mult(gap.transpose()).get(0);
    return Gamma.logGamma((degrees + d) / 2)
        - Gamma.logGamma(degrees / 2)
        - 0.5 * d * Math.log(degrees * Math.PI)
        - 0.5 * Math.log(shape.determinant())
        - 0.5 * (degrees + d) * Math.log(1 + square / degrees);
  }

  @Test
  void evidenceIsTheProductOfStudentLaws() {
    NormalInverseWishart model = model(3);
    Tokens tokens = model.sample(12, Seed.of(8).generator()).tokens();
    SimpleMatrix rows = tokens.values();
    double sum = 0;
    for (int l = 0; l < 12; l++) {
      SimpleMatrix x = rows.extractVector(true, l);
      double expected = student(model, rows.extractMatrix(0, l, 0, 3), x);
      Belief<MeanAndCovariance> belief = model.prior().observe(tokens.prefix(l));
      Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
      double actual = predictive.logProbability(x.getDDRM().data);
      assertEquals(expected, actual, IDENTITY * Math.abs(expected));
      sum += expected;
    }
    double evidence = model.prior().observe(tokens).logEvidence();
    assertEquals(sum, evidence, IDENTITY * Math.abs(sum));
    // the control: one degree of freedom more is far outside the tolerance
    NormalInverseWishart wrong =
        NormalInverseWishart.of(model.priorMean(), 0.8, model.scale(), 8.5);
    double off = wrong.prior().observe(tokens).logEvidence();
    assertTrue(Math.abs(off - sum) > 1e-3);
  }

  /** Importance sampling: prior draws weighted by the likelihood, within 5 standard errors. */
  @Test
  void importanceSamplingInTwoDimensions() {
    NormalInverseWishart model =
        NormalInverseWishart.of(
            new SimpleMatrix(1, 2), 2, new SimpleMatrix(2, 2, true, 6.0, 2.0, 2.0, 5.0), 12);
    Tokens tokens = model.sample(3, Seed.of(9).generator()).tokens();
    Belief<MeanAndCovariance> belief = model.prior().observe(tokens);
    int draws = 40_000;
    RandomGenerator rng = Seed.of(10).generator();
    double[] weights = new double[draws];
    double[][] points = new double[draws][];
    double total = 0;
    for (int n = 0; n < draws; n++) {
      MeanAndCovariance z = model.drawLatent(rng);
      double log = 0;
      for (int l = 0; l < 3; l++) {
        log += logNormal(z, tokens.get(l));
      }
      weights[n] = Math.exp(log);
      total += weights[n];
      points[n] = z.matrix().getDDRM().data;
    }
    double square = Arrays.stream(weights).map(w -> w * w).sum();
    double error = Math.sqrt(square / (total * total) - 1.0 / draws);
    assertEquals(Math.log(total / draws), belief.logEvidence(), 5 * error);
    for (int i = 0; i < 6; i++) {
      double mean = 0;
      for (int n = 0; n < draws; n++) {
        mean += weights[n] * points[n][i] / total;
      }
      double spread = 0;
      for (int n = 0; n < draws; n++) {
        double term = weights[n] / total * (points[n][i] - mean);
        spread += term * term;
      }
      assertEquals(mean, belief.mean().get(i), 5 * Math.sqrt(spread));
    }
  }

  private static double logNormal(MeanAndCovariance z, Token token) {
    double a = z.covariance().get(0, 0);
    double b = z.covariance().get(0, 1);
    double c = z.covariance().get(1, 1);
    double x = token.at(0) - z.mean().get(0);
    double y = token.at(1) - z.mean().get(1);
    double det = a * c - b * b;
    double square = (c * x * x - 2 * b * x * y + a * y * y) / det;
    return -Math.log(2 * Math.PI) - 0.5 * (Math.log(det) + square);
  }

  /** Mean 1e6, variance 1, a million tokens: as precise as the same tokens moved to zero. */
  @Test
  void aMillionTokensFarFromZero() {
    int length = 1_000_000;
    SimpleMatrix one = SimpleMatrix.identity(2);
    SimpleMatrix far = new SimpleMatrix(1, 2, true, 1e6, 1e6);
    NormalInverseWishart model = NormalInverseWishart.of(far, 1, one, 4);
    NormalInverseWishart atZero = NormalInverseWishart.of(new SimpleMatrix(1, 2), 1, one, 4);
    RandomGenerator rng = Seed.of(11).generator();
    double[] rows = new double[2 * length];
    double[] moved = new double[2 * length];
    for (int i = 0; i < rows.length; i++) {
      moved[i] = Math.rint(Normal.draw(rng) * 0x1p20) * 0x1p-20; // so that adding 1e6 is exact
      rows[i] = moved[i] + 1e6;
    }
    Belief<MeanAndCovariance> expected =
        atZero.prior().observe(Tokens.ofRows(model.tokenSpace(), moved));
    Belief<MeanAndCovariance> whole =
        model.prior().observe(Tokens.ofRows(model.tokenSpace(), rows));
    Belief<MeanAndCovariance> pieces = model.prior();
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), Arrays.copyOf(rows, 200_000));
    for (int l = 0; l < 100_000; l++) { // a tenth of them one by one, the rest at once
      pieces = pieces.observe(tokens.slice(l, l + 1));
    }
    pieces =
        pieces.observe(
            Tokens.ofRows(model.tokenSpace(), Arrays.copyOfRange(rows, 200_000, rows.length)));
    for (Belief<MeanAndCovariance> belief : java.util.List.of(whole, pieces)) {
      double evidence = expected.logEvidence();
      assertEquals(evidence, belief.logEvidence(), 1e-12 * Math.abs(evidence));
      for (int i = 2; i < 6; i++) {
        assertEquals(expected.mean().get(i), belief.mean().get(i), 1e-13);
      }
      assertEquals(expected.entropyNats(), belief.entropyNats(), 1e-11);
    }
  }

  @Test
  void momentsThatDoNotExistSaySo() {
    NormalInverseWishart model =
        NormalInverseWishart.of(new SimpleMatrix(1, 2), 1, SimpleMatrix.identity(2), 1.5);
    Belief<MeanAndCovariance> prior = model.prior();
    Predictive predictive = prior.predictive(model.tokenSpace().emptyQuery());
    assertThrows(UnsupportedOperationException.class, prior::mean);
    assertThrows(UnsupportedOperationException.class, prior::covariance);
    assertThrows(UnsupportedOperationException.class, predictive::mean);
    assertThrows(UnsupportedOperationException.class, predictive::covariance);
    Tokens three = model.sample(3, Seed.of(12).generator()).tokens();
    assertEquals(3, prior.observe(three).mean().getNumRows());
  }

  @Test
  void extremeScales() {
    for (double scale : new double[] {1e-12, 1e12}) {
      NormalInverseWishart model =
          NormalInverseWishart.of(
              new SimpleMatrix(1, 2), 1, SimpleMatrix.identity(2).scale(scale), 6);
      Tokens tokens = model.sample(5, Seed.of(13).generator()).tokens();
      Belief<MeanAndCovariance> belief = model.prior().observe(tokens);
      // The same in other units: lengths divided by sqrt(scale).
      double unit = Math.sqrt(scale);
      double[] rows = tokens.values().divide(unit).getDDRM().data;
      NormalInverseWishart plain =
          NormalInverseWishart.of(new SimpleMatrix(1, 2), 1, SimpleMatrix.identity(2), 6);
      Belief<MeanAndCovariance> expected =
          plain.prior().observe(Tokens.ofRows(plain.tokenSpace(), rows));
      double jacobian = -5 * 2 * Math.log(unit);
      assertEquals(expected.logEvidence() + jacobian, belief.logEvidence(), 1e-10);
      assertEquals(expected.klNats(plain.prior()), belief.klNats(model.prior()), 1e-10);
      assertEquals(1, belief.mean().get(1, 0) / scale / expected.mean().get(1, 0), 1e-13);
    }
    // A scale that rounding loses beside the tokens is refused, not made up.
    NormalInverseWishart small =
        NormalInverseWishart.of(
            new SimpleMatrix(1, 2), 1, SimpleMatrix.identity(2).scale(1e-12), 6);
    Tokens far = Tokens.of(small.tokenSpace(), Token.real(1e6, 1e6), Token.real(-1e6, -1e6));
    assertThrows(NotPositiveDefiniteException.class, () -> small.prior().observe(far));
  }

  @Test
  void refusesWhatDoesNotFitByNameAndIsBuiltAgain() {
    NormalInverseWishart model = model(2);
    assertEquals(model, NormalInverseWishart.from(model.description()));
    SimpleMatrix one = SimpleMatrix.identity(2);
    SimpleMatrix mean = new SimpleMatrix(1, 2);
    Exception degrees =
        assertThrows(
            IllegalArgumentException.class, () -> NormalInverseWishart.of(mean, 1, one, 1));
    assertEquals("degreesOfFreedom: expected finite and > 1, got 1.0", degrees.getMessage());
    assertThrows(
        NotPositiveDefiniteException.class,
        () -> NormalInverseWishart.of(mean, 1, one.scale(-1), 4));
    assertThrows(
        IllegalArgumentException.class, () -> NormalInverseWishart.of(mean, Double.NaN, one, 4));
    assertThrows(IllegalArgumentException.class, () -> model.prior().merge(model(3).prior()));
    assertThrows(IllegalArgumentException.class, () -> model.prior().klNats(model(3).prior()));
  }

  /** The belief of count and sum alone knows the mean of a new token. */
  @Test
  void countAndSumGiveThePredictiveMean() {
    NormalInverseWishart model = model(2);
    Tokens tokens = model.sample(7, Seed.of(14).generator()).tokens();
    SimpleMatrix sum = new SimpleMatrix(1, 2);
    for (int l = 0; l < 7; l++) {
      sum = sum.plus(tokens.values().extractVector(true, l));
    }
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    SimpleMatrix expected = model.prior().observe(tokens).predictive(query).mean();
    SimpleMatrix actual = model.posterior(7, sum).predictive(query).mean();
    assertTrue(expected.isIdentical(actual, 1e-14));
  }
}
