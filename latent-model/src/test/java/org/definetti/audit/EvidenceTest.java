package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class EvidenceTest {

  private static final double IDENTITY = 1e-10;
  private static final CategoricalConcepts CONCEPTS =
      CategoricalConcepts.of(
              new SimpleMatrix(3, 3, true, 0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.1, 0.8))
          .withPrior(new SimpleMatrix(1, 3, true, 0.5, 0.3, 0.2));

  private final RandomGenerator rng = Seed.of(5).generator();

  @Test
  void predictionsMultiplyToTheEvidence() {
    List<LatentModel<?>> models =
        List.of(
            GaussianMean.of(2, 0.5, 2),
            BetaBernoulli.of(0.6, 2.3),
            DirichletCategorical.of(0.4, 1, 2.5),
            CONCEPTS,
            LinearRegression.of(3, 2, 1.5, 0.4));
    for (LatentModel<?> model : models) {
      for (int length : new int[] {0, 1, 9}) {
        assertTrue(Evidence.chainGap(model, model.sample(length, rng).tokens()) <= IDENTITY);
      }
    }
  }

  /** By hand: three tosses of a coin with a uniform prior. */
  @Test
  void lossesOfAUniformCoin() {
    BetaBernoulli model = BetaBernoulli.of(1, 1);
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {1, 1, 0});
    double[] losses = {Math.log(2), Math.log(1.5), Math.log(4)};
    assertArrayEquals(losses, LogLoss.ofModel(model, tokens), 1e-15);
    assertEquals(Math.log(12), LogLoss.total(losses), 1e-15);
    assertEquals(0, LogLoss.total());
    double[] half =
        LogLoss.of(tokens, (seen, next) -> Math.log(0.5) - seen.length() + next.width());
    assertArrayEquals(new double[] {-0.306852819440, 0.693147180560, 1.693147180560}, half, 1e-11);
    assertArrayEquals(
        new double[] {0.5, 0.75}, LogLoss.regret(new double[] {1, 2}, new double[] {0.5, 1.75}));
    assertThrows(ShapeMismatchException.class, () -> LogLoss.regret(losses, new double[2]));
  }

  @Test
  void knowingTheConceptIsNeverMuchBetter() {
    double closest = Double.NEGATIVE_INFINITY;
    for (int code = 0; code < 243; code++) {
      double[] rows = new double[5];
      for (int l = 0, rest = code; l < 5; l++, rest /= 3) {
        rows[l] = rest % 3;
      }
      Tokens tokens = Tokens.ofRows(CONCEPTS.tokenSpace(), rows);
      double loss = LogLoss.total(LogLoss.ofModel(CONCEPTS, tokens));
      closest = Math.max(closest, Evidence.pathwiseExcess(CONCEPTS, tokens, loss));
      for (int z = 0; z < 3; z++) {
        double known = LogLoss.total(LogLoss.ofLatent(CONCEPTS, z, tokens));
        assertTrue(loss - known <= -Math.log(CONCEPTS.priorProbabilities().get(0, z)) + 1e-12);
      }
    }
    assertTrue(closest <= 1e-12 && closest > -0.05, "expected a bound nearly reached");
  }

  /** A predictor that spends its mass elsewhere breaks the bound. */
  @Test
  void anotherPredictorIsCaught() {
    Tokens zeros = Tokens.ofRows(CONCEPTS.tokenSpace(), new double[20]);
    double loss = LogLoss.total(LogLoss.of(zeros, (seen, next) -> Math.log(1.0 / 3)));
    assertTrue(Evidence.pathwiseExcess(CONCEPTS, zeros, loss) > 1);
  }

  @Test
  void freeEnergyIsLeastAtThePosterior() {
    Tokens tokens = CONCEPTS.sample(12, rng).tokens();
    FiniteBelief<Integer> belief = FiniteBelief.prior(CONCEPTS).observe(tokens);
    double[] posterior = belief.probabilities().getDDRM().data;
    double least = Evidence.freeEnergy(CONCEPTS, tokens, posterior);
    assertEquals(-belief.logEvidence(), least, IDENTITY);
    for (double[] other : new double[][] {{1, 0, 0}, {0.2, 0.3, 0.5}, {0, 0.5, 0.5}}) {
      double excess = 0; // KL(q ‖ posterior), written out
      for (int k = 0; k < 3; k++) {
        excess += other[k] == 0 ? 0 : other[k] * Math.log(other[k] / posterior[k]);
      }
      assertEquals(least + excess, Evidence.freeEnergy(CONCEPTS, tokens, other), IDENTITY);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Evidence.freeEnergy(CONCEPTS, tokens, new double[] {0.5, -0.5, 1}));
  }

  /** Against the joint Gaussian density of all values, by EJML's own solver and determinant. */
  @Test
  void fitComplexityAndNoiseAddUpToTheJointDensity() {
    for (int[] shape : new int[][] {{1, 3, 2}, {7, 3, 2}, {4, 6, 1}}) {
      SimpleMatrix features = normal(shape[0], shape[1]);
      SimpleMatrix values = normal(shape[0], shape[2]);
      SimpleMatrix covariance =
          features
              .mult(features.transpose())
              .scale(1.7)
              .plus(SimpleMatrix.identity(shape[0]).scale(0.4));
      double square = values.transpose().mult(covariance.solve(values)).trace();
      double expected =
          0.5 * square
              + 0.5 * shape[2] * Math.log(covariance.determinant())
              + 0.5 * shape[0] * shape[2] * Math.log(2 * Math.PI);
      LinearGaussianEvidence terms = LinearGaussianEvidence.of(features, values, 0.4, 1.7);
      assertEquals(expected, terms.total(), IDENTITY);
      assertTrue(terms.complexity() > 0);
    }
    SimpleMatrix none = new SimpleMatrix(0, 3);
    assertEquals(0, LinearGaussianEvidence.of(none, new SimpleMatrix(0, 2), 1, 1).total());
    assertThrows(
        ShapeMismatchException.class,
        () -> LinearGaussianEvidence.of(normal(3, 2), normal(4, 1), 1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearGaussianEvidence.of(normal(3, 2), normal(3, 1), 0, 1));
  }

  private SimpleMatrix normal(int rows, int columns) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  @Test
  void freeEnergyOfACoinsPosterior() {
    BetaBernoulli model = BetaBernoulli.of(1, 1);
    Tokens one = Tokens.of(model.tokenSpace(), Token.category(1));
    // E[-log z] under Beta(2, 1) is 1/2; KL(Beta(2,1) ‖ uniform) = log 2 - 1/2.
    double free = Evidence.freeEnergy(model.prior().observe(one), model.prior(), 0.5);
    assertEquals(Math.log(2), free, 1e-14);
  }
}
