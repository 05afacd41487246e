package org.definetti.latent;

import org.definetti.latent.conjugate.GammaPoisson;
import org.definetti.latent.conjugate.MeanAndCovariance;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;

/** Gaussian families and counts against both contracts. */
class GaussianFamiliesContractsTest {

  private static final SimpleMatrix NOISE = new SimpleMatrix(2, 2, true, 1.4, -0.6, -0.6, 0.9);

  interface BothContracts extends LatentModelContract<SimpleMatrix>, BeliefContract<SimpleMatrix> {

    @Override
    LatentModel<SimpleMatrix> model();
  }

  @Nested
  class MultivariateGaussianMeans implements BothContracts {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return MultivariateGaussianMean.of(new SimpleMatrix(2, 2, true, 0.8, 0.3, 0.3, 2.1), NOISE)
          .withPriorMean(new SimpleMatrix(1, 2, true, 1.5, -0.5));
    }
  }

  /** One knowledge row: the prior covariance has rank one. */
  @Nested
  class MultivariateGaussianMeansOnALine implements BothContracts {
    @Override
    public LatentModel<SimpleMatrix> model() {
      SimpleMatrix knowledge = new SimpleMatrix(1, 2, true, 1.2, -0.7);
      return MultivariateGaussianMean.of(knowledge.transpose().mult(knowledge), NOISE);
    }
  }

  @Nested
  class NormalInverseWisharts
      implements LatentModelContract<MeanAndCovariance>, BeliefContract<MeanAndCovariance> {
    @Override
    public LatentModel<MeanAndCovariance> model() {
      SimpleMatrix scale = new SimpleMatrix(2, 2, true, 9.0, 3.0, 3.0, 14.0);
      // Enough degrees of freedom for the fourth moments that Monte Carlo errors rest on.
      return NormalInverseWishart.of(new SimpleMatrix(1, 2, true, 0.5, -1.0), 1.7, scale, 14);
    }

    @Override
    public double[] vector(MeanAndCovariance latent) {
      return latent.matrix().getDDRM().data;
    }
  }

  /** A mean far above zero, so that a normal law sums to one over the counts. */
  @Nested
  class GammaPoissons implements BothContracts {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GammaPoisson.of(30, 0.5);
    }
  }
}
