package org.definetti.latent;

import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.PeriodicKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.kernel.ScaledKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LatentFunction;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;

/** Regression with a general prior and Gaussian processes against both contracts. */
class RegressionContractsTest {

  @Nested
  class LinearRegressionsWithAGeneralPrior
      implements LatentModelContract<SimpleMatrix>, BeliefContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      SimpleMatrix mean = new SimpleMatrix(2, 2, true, 1.0, -0.4, 0.2, 0.9);
      SimpleMatrix covariance = new SimpleMatrix(2, 2, true, 1.3, 0.5, 0.5, 0.6);
      return LinearRegression.of(2, 2, 1, 0.4)
          .withPriorCovariance(covariance)
          .withPriorMean(mean)
          .withKeys(KeyLaw.GAUSSIAN);
    }
  }

  interface OfFunctions
      extends LatentModelContract<LatentFunction>, BeliefContract<LatentFunction> {

    @Override
    LatentModel<LatentFunction> model();

    @Override
    default int sequences() {
      return 5_000;
    }
  }

  @Nested
  class SmoothFunctionsOnTheSphere implements OfFunctions {
    @Override
    public LatentModel<LatentFunction> model() {
      return GaussianProcess.of(new RbfKernel(0.5), 3, 1.5, 0.25);
    }
  }

  @Nested
  class TwoRoughOutputs implements OfFunctions {
    @Override
    public LatentModel<LatentFunction> model() {
      MaternKernel kernel = new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, 0.8);
      return GaussianProcess.of(kernel, 2, 0.7, 0.3)
          .withValueWidth(2)
          .withKeys(KeyLaw.GAUSSIAN)
          .withLabelVariance(1.1);
    }
  }

  /** A level and a wave; the level's part of the kernel has rank one. */
  @Nested
  class LevelAndWave implements OfFunctions {
    @Override
    public LatentModel<LatentFunction> model() {
      SumKernel kernel =
          new SumKernel(new ScaledKernel(2, new ConstantKernel()), new PeriodicKernel(1.5, 1));
      return GaussianProcess.of(kernel, 1, 1, 0.5).withKeys(KeyLaw.GAUSSIAN);
    }
  }
}
