package org.definetti.latent.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.JointGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link LinearRegression} with any prior mean and covariance against conditioning of the joint
 * Gaussian of a row of z, a new value and all values.
 */
class GeneralRegressionOracleTest {

  private static final double IDENTITY = 1e-10;

  private static final SimpleMatrix MEAN =
      new SimpleMatrix(2, 3, true, 1.0, -0.4, 0.2, 0.9, 2.0, -1.0);
  private static final SimpleMatrix COVARIANCE =
      new SimpleMatrix(3, 3, true, 1.3, 0.5, -0.2, 0.5, 0.6, 0.1, -0.2, 0.1, 2.0);

  private final LinearRegression model =
      LinearRegression.of(3, 2, 7, 0.4)
          .withPriorMean(MEAN)
          .withPriorCovariance(COVARIANCE)
          .withKeys(KeyLaw.GAUSSIAN);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 25})
  void posteriorPredictiveAndEvidence(int length) {
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    SimpleMatrix query = model.drawQuery(Seed.of(2).generator());
    Predictive predictive = belief.predictive(query);
    SimpleMatrix design = SimpleMatrix.identity(3).concatRows(query, tokens.keys());
    SimpleMatrix covariance = design.mult(COVARIANCE).mult(design.transpose());
    for (int i = 3; i < covariance.getNumRows(); i++) {
      covariance.set(i, i, covariance.get(i, i) + 0.4);
    }
    double evidence = 0;
    for (int output = 0; output < 2; output++) {
      SimpleMatrix mean = design.mult(MEAN.extractVector(true, output).transpose());
      JointGaussian joint = new JointGaussian(mean, covariance);
      double[] observed = tokens.values().extractVector(false, output).getDDRM().data;
      JointGaussian posterior = length == 0 ? joint : joint.first(4, observed);
      for (int i = 0; i < 3; i++) {
        assertEquals(posterior.mean().get(i), belief.mean().get(output, i), IDENTITY);
        for (int j = 0; j < 3; j++) {
          double actual = belief.covariance().get(3 * output + i, 3 * output + j);
          assertEquals(posterior.covariance().get(i, j), actual, IDENTITY);
        }
      }
      assertEquals(posterior.mean().get(3), predictive.mean().get(output), IDENTITY);
      assertEquals(
          posterior.covariance().get(3, 3), predictive.covariance().get(output, output), IDENTITY);
      evidence += length == 0 ? 0 : joint.last(4).logDensity(observed);
    }
    assertEquals(evidence, belief.logEvidence(), IDENTITY * Math.max(1, Math.abs(evidence)));
  }

  /** M5: kernel ridge of v - Z0 k with kernel kᵀ C k' and ridge s2, by a general solver. */
  @Test
  void isKernelRidgeOfTheCentredValues() {
    Tokens tokens = model.sample(9, Seed.of(3).generator()).tokens();
    SimpleMatrix query = model.drawQuery(Seed.of(4).generator());
    SimpleMatrix keys = tokens.keys();
    SimpleMatrix centred = tokens.values().minus(keys.mult(MEAN.transpose()));
    SimpleMatrix gram = model.kernel().gram(keys, keys).plus(SimpleMatrix.identity(9).scale(0.4));
    SimpleMatrix expected =
        model
            .kernel()
            .gram(query, keys)
            .mult(gram.solve(centred))
            .plus(query.mult(MEAN.transpose()));
    SimpleMatrix actual = model.prior().observe(tokens).predictive(query).mean();
    assertTrue(expected.isIdentical(actual, IDENTITY));
    assertEquals(1, model.priorVariance());
    assertFalse(model.isCentred());
    assertTrue(model.withPriorMean(new SimpleMatrix(2, 3)).isCentred());
  }

  /** The covariance t2 I set as a matrix gives the same beliefs as t2. */
  @Test
  void anIsotropicCovarianceIsTheDefault() {
    LinearRegression plain = LinearRegression.of(3, 2, 1.7, 0.4);
    LinearRegression general = plain.withPriorCovariance(SimpleMatrix.identity(3).scale(1.7));
    Tokens tokens = plain.sample(11, Seed.of(5).generator()).tokens();
    Belief<SimpleMatrix> expected = plain.prior().observe(tokens);
    Belief<SimpleMatrix> actual = general.prior().observe(tokens);
    assertTrue(expected.mean().isIdentical(actual.mean(), 1e-13));
    assertEquals(expected.logEvidence(), actual.logEvidence(), 1e-12);
    assertEquals(0, expected.klNats(actual), 1e-12);
    assertNotEquals(plain, general);
    assertTrue(
        plain
            .drawLatent(Seed.of(6).generator())
            .isIdentical(general.drawLatent(Seed.of(6).generator()), 1e-14));
  }

  /** A hundred thousand tokens and widely different prior variances stay in step with a shift. */
  @Test
  void manyTokensAndExtremeVariances() {
    SimpleMatrix covariance = SimpleMatrix.diag(1e-12, 1, 1e12);
    LinearRegression centred =
        LinearRegression.of(3, 2, 1, 0.4).withPriorCovariance(covariance).withKeys(KeyLaw.GAUSSIAN);
    RandomGenerator rng = Seed.of(7).generator();
    int length = 100_000;
    double[] rows = new double[5 * length];
    double[] moved = new double[5 * length];
    for (int l = 0; l < length; l++) {
      for (int j = 0; j < 3; j++) {
        rows[5 * l + j] = Normal.draw(rng);
        moved[5 * l + j] = rows[5 * l + j];
      }
      for (int i = 0; i < 2; i++) {
        rows[5 * l + 3 + i] = rows[5 * l + 1] - 3 * rows[5 * l + 2] + Normal.draw(rng);
        moved[5 * l + 3 + i] = rows[5 * l + 3 + i];
        for (int j = 0; j < 3; j++) {
          moved[5 * l + 3 + i] += MEAN.get(i, j) * rows[5 * l + j];
        }
      }
    }
    Belief<SimpleMatrix> expected =
        centred.prior().observe(Tokens.ofRows(centred.tokenSpace(), rows));
    Belief<SimpleMatrix> actual =
        centred.withPriorMean(MEAN).prior().observe(Tokens.ofRows(centred.tokenSpace(), moved));
    double evidence = expected.logEvidence();
    assertEquals(evidence, actual.logEvidence(), 1e-10 * Math.abs(evidence));
    assertTrue(expected.mean().plus(MEAN).isIdentical(actual.mean(), 1e-10));
    assertEquals(1e-12, expected.covariance().get(0, 0), 1e-18); // never learnt: 1e5 << 1e12
  }

  @Test
  void isBuiltAgainAndRefusesByName() {
    assertEquals(model, LinearRegression.from(model.description()));
    LinearRegression meanOnly = LinearRegression.of(3, 2, 7, 0.4).withPriorMean(MEAN);
    assertEquals(meanOnly, LinearRegression.from(meanOnly.description()));
    assertNotEquals(meanOnly, model);
    assertThrows(
        NotPositiveDefiniteException.class, () -> model.withPriorCovariance(COVARIANCE.scale(-1)));
    assertThrows(ShapeMismatchException.class, () -> model.withPriorMean(new SimpleMatrix(3, 2)));
    assertThrows(
        ShapeMismatchException.class, () -> model.withPriorCovariance(SimpleMatrix.identity(2)));
  }
}
