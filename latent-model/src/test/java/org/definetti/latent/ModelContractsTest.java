package org.definetti.latent;

import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;

/** Every model and its beliefs against the contract. */
class ModelContractsTest {

  @Nested
  class GaussianMeans implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GaussianMean.of(2, 0.7, 1.9).withPriorMean(new SimpleMatrix(1, 2, true, 1.5, -0.5));
    }
  }

  @Nested
  class GaussianMeansWithQuietLabels implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GaussianMean.of(1, 3, 0.2).withLabelVariance(1e-6);
    }
  }

  @Nested
  class BetaBernoullis implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return BetaBernoulli.of(0.6, 2.3);
    }
  }

  @Nested
  class DirichletCategoricals implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return DirichletCategorical.of(0.4, 1, 2.5);
    }
  }

  @Nested
  class LinearRegressionsOnTheSphere implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return LinearRegression.of(3, 2, 1.5, 0.4);
    }
  }

  @Nested
  class LinearRegressionsWithGaussianKeys implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return LinearRegression.of(2, 1, 0.3, 1.2).withKeys(KeyLaw.GAUSSIAN).withLabelVariance(2);
    }
  }
}
