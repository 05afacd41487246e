package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gaussian beliefs against conditioning of the full joint covariance of latent and tokens. */
class JointGaussianOracleTest {

  // The oracle inverts matrices of condition up to 1e3; the rest is rounding.
  private static final double IDENTITY = 1e-10;

  private final GaussianMean meanModel =
      GaussianMean.of(2, 0.7, 1.9).withPriorMean(new SimpleMatrix(1, 2, true, 1.5, -0.5));
  private final LinearRegression regression =
      LinearRegression.of(3, 2, 1.5, 0.4).withKeys(KeyLaw.GAUSSIAN);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 20})
  void gaussianMean(int length) {
    Tokens tokens = meanModel.sample(length, Seed.of(1).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = meanModel.prior().observe(tokens);
    double evidence = 0;
    for (int i = 0; i < 2; i++) { // coordinates are independent
      JointGaussian joint = jointOfMean(i, length);
      double[] observed = tokens.values().extractVector(false, i).getDDRM().data;
      JointGaussian posterior = joint.first(2, observed); // the latent, then a new token
      assertClose(posterior.mean().get(0), belief.mean().get(0, i), IDENTITY, "mean");
      assertClose(
          posterior.covariance().get(0, 0), belief.covariance().get(i, i), IDENTITY, "variance");
      Predictive predictive = belief.predictive(meanModel.tokenSpace().emptyQuery());
      assertClose(posterior.mean().get(1), predictive.mean().get(0, i), IDENTITY, "predictive");
      assertClose(
          posterior.covariance().get(1, 1), predictive.covariance().get(i, i), IDENTITY, "its");
      evidence += joint.last(2).logDensity(observed);
    }
    assertClose(evidence, belief.logEvidence(), IDENTITY, "log evidence");
  }

  // (z, new token, tokens) of one coordinate
  private JointGaussian jointOfMean(int coordinate, int length) {
    int n = length + 2;
    SimpleMatrix mean = new SimpleMatrix(n, 1);
    SimpleMatrix covariance = new SimpleMatrix(n, n);
    for (int i = 0; i < n; i++) {
      mean.set(i, 0, coordinate == 0 ? 1.5 : -0.5);
      for (int j = 0; j < n; j++) {
        covariance.set(i, j, 0.7 + (i == j && i > 0 ? 1.9 : 0));
      }
    }
    return new JointGaussian(mean, covariance);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 25})
  void linearRegression(int length) {
    Tokens tokens = regression.sample(length, Seed.of(2).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = regression.prior().observe(tokens);
    SimpleMatrix query = regression.drawQuery(Seed.of(3).generator());
    Predictive predictive = belief.predictive(query);
    double evidence = 0;
    for (int output = 0; output < 2; output++) {
      JointGaussian joint = jointOfRegression(query, tokens.keys(), 1.5, 0.4);
      double[] observed = tokens.values().extractVector(false, output).getDDRM().data;
      JointGaussian posterior = joint.first(4, observed); // the row of z, then a new value
      for (int i = 0; i < 3; i++) {
        assertClose(posterior.mean().get(i), belief.mean().get(output, i), IDENTITY, "mean");
        for (int j = 0; j < 3; j++) {
          double expected = posterior.covariance().get(i, j);
          double actual = belief.covariance().get(output * 3 + i, output * 3 + j);
          assertClose(expected, actual, IDENTITY, "covariance");
          assertEquals(0, belief.covariance().get(i, 3 + j), "outputs are independent");
        }
      }
      assertClose(posterior.mean().get(3), predictive.mean().get(0, output), IDENTITY, "value");
      assertClose(
          posterior.covariance().get(3, 3),
          predictive.covariance().get(output, output),
          IDENTITY,
          "variance of the value");
      evidence += joint.last(4).logDensity(observed);
    }
    assertClose(evidence, belief.logEvidence(), IDENTITY, "log evidence");
  }

  // (row of z, value at the query, values at the keys) of one output
  private static JointGaussian jointOfRegression(
      SimpleMatrix query, SimpleMatrix keys, double priorVariance, double noiseVariance) {
    int d = keys.getNumCols();
    SimpleMatrix design = SimpleMatrix.identity(d).combine(d, 0, query).combine(d + 1, 0, keys);
    SimpleMatrix covariance = design.mult(design.transpose()).scale(priorVariance);
    for (int i = d; i < covariance.getNumRows(); i++) {
      covariance.set(i, i, covariance.get(i, i) + noiseVariance);
    }
    return new JointGaussian(new SimpleMatrix(design.getNumRows(), 1), covariance);
  }

  /** The control: a ridge off by a factor of two is far outside the tolerance. */
  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void aRidgeOffByTwoIsSeen(int length) {
    Tokens tokens = regression.sample(length, Seed.of(2).child(length).generator()).tokens();
    Belief<SimpleMatrix> wrong = LinearRegression.of(3, 2, 0.75, 0.4).prior().observe(tokens);
    Belief<SimpleMatrix> right = regression.prior().observe(tokens);
    assertThrows(AssertionError.class, () -> assertClose(right.mean(), wrong.mean(), 1e-3, "mean"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void momentsReadOutOfAnAttentionGiveTheSameBelief(int length) {
    Tokens tokens = regression.sample(length, Seed.of(4).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = regression.prior().observe(tokens);
    SimpleMatrix rows = belief.covariance().extractMatrix(0, 3, 0, 3);
    Belief<SimpleMatrix> readOut = regression.posterior(length, belief.mean(), rows);
    assertClose(belief.mean(), readOut.mean(), IDENTITY, "mean");
    assertClose(belief.covariance(), readOut.covariance(), IDENTITY, "covariance");
    assertEquals(0, belief.klNats(readOut), IDENTITY);
    Tokens more = regression.sample(5, Seed.of(5).generator()).tokens();
    assertClose(belief.observe(more).mean(), readOut.observe(more).mean(), IDENTITY, "after more");
    assertThrows(UnsupportedOperationException.class, readOut::logEvidence);
    assertThrows(UnsupportedOperationException.class, () -> belief.merge(readOut));
    assertThrows(
        NotPositiveDefiniteException.class,
        () -> regression.posterior(length, belief.mean(), rows.scale(-1)));
  }
}
