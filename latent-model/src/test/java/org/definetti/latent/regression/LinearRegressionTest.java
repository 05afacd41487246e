package org.definetti.latent.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.Belief;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class LinearRegressionTest {

  private static final double ULPS = 1e-14; // a handful of roundings

  private final LinearRegression model = LinearRegression.of(2, 1, 2, 0.5);

  @Test
  void posteriorOfOneTokenByHand() {
    Token token = Token.pair(new double[] {3, 4}, new double[] {2});
    Belief<SimpleMatrix> belief = model.prior().observe(Tokens.of(model.tokenSpace(), token));
    // λ = 1/4, |k|² = 25: z̄ = 2 k / 25.25 and S⁻¹ = (I - k kᵀ / 25.25) / λ
    assertTrue(belief.mean().isIdentical(new SimpleMatrix(1, 2, true, 6 / 25.25, 8 / 25.25), ULPS));
    assertEquals(0.5 * 4 * (1 - 9 / 25.25), belief.covariance().get(0, 0), ULPS);
    assertEquals(0.5 * 4 * (-12 / 25.25), belief.covariance().get(0, 1), ULPS);
    SimpleMatrix along = new SimpleMatrix(1, 2, true, 0.6, 0.8);
    double leverage = 4 * (1 - 25 / 25.25);
    assertEquals(10 / 25.25, belief.predictive(along).mean().get(0, 0), ULPS);
    assertEquals(0.5 * (1 + leverage), belief.predictive(along).covariance().get(0, 0), ULPS);
  }

  @Test
  void keysFollowTheirLaw() {
    double[] sphere = model.drawQuery(Seed.of(1).generator()).getDDRM().data;
    assertEquals(1, Math.hypot(sphere[0], sphere[1]), ULPS);
    LinearRegression gaussian = model.withKeys(KeyLaw.GAUSSIAN);
    double[] free = gaussian.drawQuery(Seed.of(1).generator()).getDDRM().data;
    assertNotEquals(1, Math.hypot(free[0], free[1]), 1e-3);
    assertNotEquals(model, gaussian);
    assertEquals(model, LinearRegression.of(2, 1, 2, 0.5));
    assertEquals(model.hashCode(), LinearRegression.of(2, 1, 2, 0.5).hashCode());
  }

  @Test
  void describesAllItsHyperparameters() {
    assertEquals(
        "linear-regression v1 {keys=sphere}{key-width=2.0, value-width=1.0, prior-variance=2.0,"
            + " noise-variance=0.5, label-variance=0.5}",
        model.description().text());
  }

  @Test
  void refusesWhatDoesNotFitByName() {
    Exception variance =
        assertThrows(IllegalArgumentException.class, () -> LinearRegression.of(2, 1, 1, -1));
    assertEquals("noiseVariance: expected finite and > 0, got -1.0", variance.getMessage());
    Exception query =
        assertThrows(
            ShapeMismatchException.class, () -> model.prior().predictive(new SimpleMatrix(1, 3)));
    assertEquals("query: expected shape (1, 2), got (1, 3)", query.getMessage());
    LinearRegression wider = LinearRegression.of(3, 1, 2, 0.5);
    assertThrows(
        ShapeMismatchException.class,
        () -> model.prior().observe(wider.sample(1, Seed.of(1).generator()).tokens()));
    assertThrows(IllegalArgumentException.class, () -> model.prior().merge(wider.prior()));
    assertThrows(IllegalArgumentException.class, () -> model.prior().klNats(wider.prior()));
  }
}
