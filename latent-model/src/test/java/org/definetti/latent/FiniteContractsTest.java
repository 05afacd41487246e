package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.RegressionConcepts;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Models of finite latents against the contract; one of them is a user's own. */
class FiniteContractsTest {

  /** The contract, with as many draws as keep the class within seconds. */
  interface Sized<Z> extends LatentModelContract<Z> {

    @Override
    default int sequences() {
      return 4_000;
    }

    @Override
    default int draws() {
      return 10_000;
    }
  }

  private static SimpleMatrix matrix(int rows, double... numbers) {
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  @Nested
  class CategoricalConceptsOfE6 implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return CategoricalConcepts.of(
          matrix(3, 0.6, 0.2, 0.1, 0.1, 0.3, 0.5, 0.15, 0.05, 0.3, 0.2, 0.35, 0.15));
    }
  }

  @Nested
  class CategoricalConceptsWithZeros implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return CategoricalConcepts.of(matrix(4, 0.5, 0.5, 0, 0.2, 0.3, 0.5, 0.6, 0, 0.4, 0, 0, 1))
          .withPrior(matrix(1, 0.5, 0.3, 0.2, 0.0));
    }

    /** Here one belief excludes what the other allows. */
    @Override
    public void divergenceIsTheExpectedLogRatio() {}

    @Test
    void divergenceFromABeliefThatExcludesMoreIsInfinite() {
      Belief<Integer> prior = model().prior();
      Belief<Integer> third = prior.observe(Tokens.ofRows(model().tokenSpace(), new double[] {2}));
      assertEquals(Double.POSITIVE_INFINITY, prior.klNats(third));
      // Only the second and third dice show it: 0.3 · 0.5 and 0.2 · 0.4 of 0.23.
      double[] odds = {0.15 / 0.23, 0.08 / 0.23};
      double expected = odds[0] * Math.log(odds[0] / 0.3) + odds[1] * Math.log(odds[1] / 0.2);
      assertEquals(expected, third.klNats(prior), 1e-14);
    }
  }

  @Nested
  class GaussianConceptsOfOneCovariance implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return GaussianConcepts.of(matrix(3, 1, 0, -0.5, 0.8, 0, -0.4), matrix(2, 2, 0.6, 0.6, 1.0))
          .withPrior(matrix(1, 0.5, 0.2, 0.3));
    }
  }

  @Nested
  class GaussianConceptsOfOwnCovariances implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return GaussianConcepts.of(
          matrix(2, 0.5, 0, 0.2, 0.3),
          List.of(matrix(2, 1.2, -0.3, -0.3, 1.0), matrix(2, 0.8, 0.2, 0.2, 1.2)));
    }
  }

  @Nested
  class RegressionConceptsOnTheSphere implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return RegressionConcepts.of(
          List.of(
              matrix(2, 1, 0, 0, 1, 0.5, 0),
              matrix(2, 0, 1, 0.3, -1, 0, 0),
              matrix(2, new double[6])),
          2.5);
    }
  }

  @Nested
  class RegressionConceptsWithGaussianKeys implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return RegressionConcepts.of(List.of(matrix(1, 1, 0.5), matrix(1, -0.2, 0.7)), 1.3)
          .withKeys(KeyLaw.GAUSSIAN)
          .withLabelVariance(0.01)
          .withPrior(matrix(1, 0.25, 0.75));
    }
  }

  @Nested
  class EqualMeans implements Sized<Integer> {
    @Override
    public FiniteLatentModel<Integer> model() {
      return EqualMeanClusters.of(0.5, 1, 2).withPrior(matrix(1, 0.3, 0.3, 0.4));
    }
  }

  /** The latent is the row θ, so mean and covariance are those of θ. */
  @Nested
  class TopicsOnAGrid implements Sized<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return Topics.of(
          Topics.simplexGrid(3, 4),
          matrix(3, 0.7, 0.2, 0.05, 0.05, 0.3, 0.5, 0.15, 0.05, 0.2, 0.1, 0.3, 0.4));
    }
  }

  @Nested
  class SparseConjunction implements Sized<List<Integer>> {
    @Override
    public LatentModel<List<Integer>> model() {
      return SparseBoolean.of(SparseRule.CONJUNCTION, 4, 2).withNoise(0.3);
    }
  }

  @Nested
  class SparseParity implements Sized<List<Integer>> {
    @Override
    public LatentModel<List<Integer>> model() {
      return SparseBoolean.of(SparseRule.PARITY, 4, 3).withNoise(0.3).withOneProbability(0.6);
    }
  }

  /** A user's model: one of three coins, known by its bias. */
  record Coins() implements FiniteLatentModel<Double> {

    @Override
    public TokenSpace tokenSpace() {
      return new CategoricalTokens(2);
    }

    @Override
    public List<Double> latents() {
      return List.of(0.1, 0.5, 0.9);
    }

    @Override
    public SimpleMatrix priorProbabilities() {
      return new SimpleMatrix(1, 3, true, 0.25, 0.5, 0.25);
    }

    @Override
    public double logLikelihood(Double bias, Token token) {
      return Math.log(token.at(0) == 1 ? bias : 1 - bias);
    }

    @Override
    public Token drawToken(Double bias, RandomGenerator rng) {
      return Token.category(rng.nextDouble() < bias ? 1 : 0);
    }

    @Override
    public Belief<Double> prior() {
      return FiniteBelief.prior(this);
    }
  }

  @Nested
  class CoinsOfAUser implements Sized<Double> {
    @Override
    public LatentModel<Double> model() {
      return new Coins();
    }
  }
}
