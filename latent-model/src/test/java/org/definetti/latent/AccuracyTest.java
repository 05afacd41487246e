package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Long sequences and extreme scales, against decimal arithmetic with 50 digits. */
class AccuracyTest {

  private static final MathContext DIGITS = new MathContext(50);
  private static final int LENGTH = 100_000;

  private static BigDecimal exact(double value) {
    return new BigDecimal(value);
  }

  /** Compensated sums keep tokens of size 1 among tokens of size 1e12. */
  @Test
  void gaussianMeanOfManyTokensOfVeryDifferentSizes() {
    GaussianMean model = GaussianMean.of(1, 1, 1);
    RandomGenerator rng = Seed.of(5).generator();
    double[] rows = new double[LENGTH];
    BigDecimal sum = BigDecimal.ZERO;
    for (int l = 0; l < LENGTH; l++) {
      double large = 1e12 * Math.floor(3 * rng.nextDouble());
      rows[l] = Normal.draw(rng) + (l % 2 == 0 ? large : -large);
      sum = sum.add(exact(rows[l]));
    }
    Belief<SimpleMatrix> belief = model.prior().observe(Tokens.owning(model.tokenSpace(), rows));
    double expected = sum.divide(exact(LENGTH + 1), DIGITS).doubleValue();
    assertEquals(expected, belief.mean().get(0, 0), 4 * Math.ulp(expected));
  }

  /** The regression's mean and evidence after 1e5 tokens, two nearly collinear key coordinates. */
  @Test
  void regressionOfManyTokens() {
    double noise = 0.25;
    LinearRegression model = LinearRegression.of(2, 1, 2, noise);
    RandomGenerator rng = Seed.of(6).generator();
    double[] rows = new double[3 * LENGTH];
    BigDecimal[] s = new BigDecimal[6]; // sums of aa, ab, bb, av, bv, vv
    Arrays.fill(s, BigDecimal.ZERO);
    for (int l = 0; l < LENGTH; l++) {
      double a = Normal.draw(rng);
      double b = a + 1e-3 * Normal.draw(rng);
      double v = 0.3 * a - 1.2 * b + 0.5 * Normal.draw(rng);
      rows[3 * l] = a;
      rows[3 * l + 1] = b;
      rows[3 * l + 2] = v;
      double[][] factors = {{a, a}, {a, b}, {b, b}, {a, v}, {b, v}, {v, v}};
      for (int i = 0; i < 6; i++) {
        s[i] = s[i].add(exact(factors[i][0]).multiply(exact(factors[i][1])));
      }
    }
    Belief<SimpleMatrix> belief = model.prior().observe(Tokens.owning(model.tokenSpace(), rows));
    BigDecimal ridge = exact(noise / 2);
    BigDecimal p = s[0].add(ridge);
    BigDecimal q = s[2].add(ridge);
    BigDecimal determinant = p.multiply(q).subtract(s[1].multiply(s[1]));
    BigDecimal first = q.multiply(s[3]).subtract(s[1].multiply(s[4])).divide(determinant, DIGITS);
    BigDecimal second = p.multiply(s[4]).subtract(s[1].multiply(s[3])).divide(determinant, DIGITS);
    // Condition of S is about 4e6, its root 2e3; 1e5 rotations.
    assertEquals(first.doubleValue(), belief.mean().get(0, 0), 1e-10);
    assertEquals(second.doubleValue(), belief.mean().get(0, 1), 1e-10);

    BigDecimal rest = s[5].subtract(first.multiply(s[3])).subtract(second.multiply(s[4]));
    double logDeterminant =
        Math.log(determinant.divide(ridge.multiply(ridge), DIGITS).doubleValue());
    double expected =
        -0.5
            * (LENGTH * Math.log(2 * Math.PI * noise)
                + logDeterminant
                + rest.doubleValue() / noise);
    assertEquals(expected, belief.logEvidence(), 1e-12 * Math.abs(expected));
  }

  /**
   * The condition number is not squared: directions that no key has shown keep their prior, at any
   * scale.
   */
  @Test
  void unseenDirectionsKeepTheirPrior() {
    for (double ridge : new double[] {1e-24, 1e-12, 1, 1e12, 1e24}) {
      LinearRegression model = LinearRegression.of(3, 1, 1 / Math.sqrt(ridge), Math.sqrt(ridge));
      Token token = Token.pair(new double[] {1, 1, 0}, new double[] {2});
      Tokens repeated = Tokens.of(model.tokenSpace(), token, token, token);
      Belief<SimpleMatrix> belief = model.prior().observe(repeated);
      double along = 2 * 3 / (6 + ridge); // the mean on each of the two coordinates seen
      double tolerance = (1e-14 + 4e-16 * Math.sqrt(6 / ridge)) * along; // root of the condition
      assertEquals(along, belief.mean().get(0, 0), tolerance);
      assertEquals(along, belief.mean().get(0, 1), tolerance);
      assertEquals(0, belief.mean().get(0, 2));
      double prior = model.priorVariance();
      assertEquals(prior, belief.covariance().get(2, 2), 1e-12 * prior);
      Belief<SimpleMatrix> split =
          model
              .prior()
              .observe(repeated.prefix(1))
              .merge(model.prior().observe(repeated.prefix(2)));
      assertEquals(along, split.mean().get(0, 0), tolerance);
      assertTrue(Double.isFinite(belief.logEvidence()));
    }
  }
}
