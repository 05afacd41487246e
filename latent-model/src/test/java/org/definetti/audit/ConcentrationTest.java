package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ConcentrationTest {

  private static final double[][] TABLE = {{0.5, 0.3, 0.2}, {0.2, 0.3, 0.5}, {0.15, 0.7, 0.15}};
  private static final CategoricalConcepts MODEL = CategoricalConcepts.of(new SimpleMatrix(TABLE));
  private static final MathContext DIGITS = new MathContext(80);

  /** Exact decimal arithmetic: at L = 400 the doubt is far below one ulp of the posterior. */
  @Test
  void doubtAgreesWithExactArithmeticFarBelowRounding() {
    for (int length : new int[] {1, 7, 60, 400}) {
      Tokens tokens = MODEL.drawTokens(0, length, Seed.of(3).child(length).generator());
      int[] counts = new int[3];
      for (int l = 0; l < length; l++) {
        counts[(int) tokens.at(l, 0)]++;
      }
      double expected = exactLogDoubt(counts);
      double actual = Concentration.logDoubt(MODEL, MODEL.prior().observe(tokens), 0);
      assertEquals(expected, actual, 1e-12 * Math.max(1, -expected));
      if (length == 400) {
        assertTrue(expected < Math.log(Math.ulp(1.0) / 2) - 5, "expected a doubt below rounding");
      }
    }
  }

  private static double exactLogDoubt(int... counts) {
    BigDecimal others = likelihood(1, counts).add(likelihood(2, counts));
    BigDecimal all = others.add(likelihood(0, counts));
    return Math.log(others.divide(all, DIGITS).doubleValue());
  }

  private static BigDecimal likelihood(int k, int... counts) {
    BigDecimal product = BigDecimal.ONE;
    for (int w = 0; w < counts.length; w++) {
      product = product.multiply(BigDecimal.valueOf(TABLE[k][w]).pow(counts[w], DIGITS), DIGITS);
    }
    return product;
  }

  @Test
  void doubtOfLogitsAtTheEnds() {
    double none = Double.NEGATIVE_INFINITY;
    assertEquals(Math.log(0.75), Concentration.logDoubt(new double[] {0, 0, 0, 0}, 2), 1e-15);
    assertEquals(none, Concentration.logDoubt(new double[] {1.5}, 0));
    assertEquals(none, Concentration.logDoubt(new double[] {1.5, none}, 0));
    assertEquals(0, Concentration.logDoubt(new double[] {none, 3}, 0), 1e-300);
    assertTrue(Double.isNaN(Concentration.logDoubt(new double[] {none, none}, 0)));
    assertEquals(-1e300, Concentration.logDoubt(new double[] {1e300, 0}, 0));
    assertEquals(-Math.exp(-50), Concentration.logDoubt(new double[] {-50, 0}, 0), 1e-36);
    assertThrows(
        IndexOutOfBoundsException.class, () -> Concentration.logDoubt(new double[] {0, 1}, 2));
    assertThrows(
        IllegalArgumentException.class, () -> Concentration.logDoubt(MODEL, MODEL.prior(), 3));
  }

  @Test
  void exponentIsTheNearestOtherConcept() {
    assertEquals(2, Concentration.exponent(1, 3, k -> k == 1 ? 0 : k + 2));
    assertTrue(Double.isNaN(Concentration.exponent(0, 3, k -> k == 2 ? Double.NaN : 1)));
    assertThrows(IllegalArgumentException.class, () -> Concentration.exponent(0, 1, k -> 1));
  }

  /** Ratios of every token, weighted by the tokens' probabilities, average to the divergence. */
  @Test
  void logRatiosAverageToTheDivergence() {
    Tokens each = Tokens.ofRows(MODEL.tokenSpace(), new double[] {0, 1, 2});
    SimpleMatrix ratios = Concentration.logRatios(MODEL, 0, List.of(0, 1, 2), each);
    for (int k = 0; k < 3; k++) {
      double mean = 0;
      for (int w = 0; w < 3; w++) {
        mean += TABLE[0][w] * ratios.get(w, k);
      }
      assertEquals(TokenDivergence.categoricalKl(row(0), row(k)), mean, 1e-15);
    }
  }

  @Test
  void categoricalDivergences() {
    double expected = 0.5 * Math.log(2.5) + 0.2 * Math.log(0.4);
    assertEquals(expected, TokenDivergence.categoricalKl(row(0), row(1)), 1e-15);
    // Mirror images: the best power is one half by symmetry.
    double half = -Math.log(2 * Math.sqrt(0.1) + 0.3);
    assertEquals(half, TokenDivergence.categoricalChernoff(row(0), row(1)), 1e-14);
    assertEquals(0, TokenDivergence.categoricalChernoff(row(2), row(2)), 1e-15);
    SimpleMatrix first = new SimpleMatrix(1, 2, true, 1.0, 0.0);
    SimpleMatrix second = new SimpleMatrix(1, 2, true, 0.0, 1.0);
    assertEquals(Double.POSITIVE_INFINITY, TokenDivergence.categoricalKl(first, second));
    assertEquals(Double.POSITIVE_INFINITY, TokenDivergence.categoricalChernoff(first, second));
    assertEquals(0, TokenDivergence.categoricalKl(first, first));
  }

  private static SimpleMatrix row(int k) {
    return new SimpleMatrix(1, 3, true, TABLE[k]);
  }

  /** Against quadrature over the line, the power of Chernoff by a fine grid. */
  @Test
  void gaussianDivergencesAgreeWithQuadrature() {
    IsotropicGaussian p = new IsotropicGaussian(new SimpleMatrix(1, 1, true, 0.7), 0.5);
    IsotropicGaussian q = new IsotropicGaussian(new SimpleMatrix(1, 1, true, -0.4), 2);
    double kl =
        integral(
            x -> Math.exp(density(x, 0.7, 0.5)) * (density(x, 0.7, 0.5) - density(x, -0.4, 2)));
    assertEquals(kl, TokenDivergence.gaussianKl(p, q), 1e-10);
    double largest = 0;
    for (int i = 0; i <= 200; i++) {
      double s = i / 200.0;
      double mass =
          integral(x -> Math.exp((1 - s) * density(x, 0.7, 0.5) + s * density(x, -0.4, 2)));
      largest = Math.max(largest, -Math.log(mass));
    }
    double chernoff = TokenDivergence.gaussianChernoff(p, q);
    // The grid misses the flat top by at most curvature · (1/400)².
    assertEquals(largest, chernoff, 1e-4);
    assertTrue(chernoff >= largest - 1e-10);
    assertEquals(chernoff, TokenDivergence.gaussianChernoff(q, p), 1e-12);
  }

  private static double integral(UnivariateFunction f) {
    return new IterativeLegendreGaussIntegrator(20, 1e-12, 1e-14).integrate(100_000, f, -20, 20);
  }

  private static double density(double x, double mean, double variance) {
    return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);
  }

  /** Coordinates that are independent add up, and a rotation changes nothing. */
  @Test
  void gaussianDivergencesAddAndTurn() {
    SimpleMatrix turn = new SimpleMatrix(2, 2, true, 0.6, -0.8, 0.8, 0.6);
    MultivariateGaussian p = gaussian(turn, 0.7, 0.1, 0.5, 1.5);
    MultivariateGaussian q = gaussian(turn, -0.4, 0.3, 2, 0.9);
    double sum =
        TokenDivergence.gaussianKl(line(0.7, 0.5), line(-0.4, 2))
            + TokenDivergence.gaussianKl(line(0.1, 1.5), line(0.3, 0.9));
    assertEquals(sum, TokenDivergence.gaussianKl(p, q), 1e-12);
    double chernoff = TokenDivergence.gaussianChernoff(p, q);
    assertTrue(chernoff > 0 && chernoff < TokenDivergence.gaussianKl(q, p));
    // Equal covariances: the known (1/8) squared distance.
    assertEquals(
        1.21 / 8 / 0.5, TokenDivergence.gaussianChernoff(line(0.7, 0.5), line(-0.4, 0.5)), 1e-14);
  }

  private static IsotropicGaussian line(double mean, double variance) {
    return new IsotropicGaussian(new SimpleMatrix(1, 1, true, mean), variance);
  }

  private static MultivariateGaussian gaussian(
      SimpleMatrix turn, double first, double second, double one, double two) {
    SimpleMatrix mean = new SimpleMatrix(1, 2, true, first, second).mult(turn.transpose());
    SimpleMatrix covariance = turn.mult(SimpleMatrix.diag(one, two)).mult(turn.transpose());
    return MultivariateGaussian.of(mean, covariance);
  }
}
