package org.definetti.latent.numerical;

import java.util.List;
import org.definetti.latent.BeliefContract;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentModelContract;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;

/** Numerical beliefs against the contract of any belief. */
class NumericalContractsTest {

  // The lattice moves with the order of tokens, so answers agree only as far as they are accurate.
  private static final double QUADRATURE = 1e-8;

  interface BothContracts extends LatentModelContract<SimpleMatrix>, BeliefContract<SimpleMatrix> {

    @Override
    LatentModel<SimpleMatrix> model();

    @Override
    default int draws() {
      return 4000;
    }

    @Override
    default int sequences() {
      return 1000;
    }

    @Override
    default double tolerance() {
      return QUADRATURE;
    }
  }

  // Made once: what a lambda does cannot be compared, so a model equals itself only.
  private static final LatentModel<SimpleMatrix> GAUSSIAN =
      KnownModels.gaussian(GaussianMean.of(1, 0.7, 1.9));
  private static final LatentModel<SimpleMatrix> REGRESSION =
      KnownModels.regression(LinearRegression.of(2, 1, 1.5, 0.4));
  private static final LatentModel<SimpleMatrix> COIN =
      KnownModels.coin(BetaBernoulli.of(0.6, 2.3), 0.6, 2.3);
  private static final LatentModel<SimpleMatrix> LIST =
      KnownModels.gaussian(GaussianMean.of(2, 1, 2))
          .withBelief(
              m ->
                  Enumeration.of(
                      m,
                      List.of(
                          new SimpleMatrix(1, 2, true, -1.0, 0.0),
                          new SimpleMatrix(1, 2, true, 1.0, 1.0),
                          new SimpleMatrix(1, 2, true, 0.0, 3.0)),
                      new SimpleMatrix(1, 3, true, 0.5, 0.2, 0.3)));
  private static final LatentModel<SimpleMatrix> DRAWS =
      KnownModels.gaussian(GaussianMean.of(2, 1, 2))
          .withBelief(m -> ImportanceSampling.of(m, Seed.of(3)).withDraws(300));

  @Nested
  class QuadraturesOfGaussianMeans implements BothContracts {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GAUSSIAN;
    }
  }

  @Nested
  class QuadraturesOfRegressions implements BothContracts {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return REGRESSION;
    }

    @Override
    public int sequences() {
      return 300;
    }
  }

  @Nested
  class QuadraturesOfCoins implements BeliefContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return COIN;
    }

    @Override
    public int draws() {
      return 4000;
    }

    @Override
    public double tolerance() {
      return QUADRATURE;
    }
  }

  @Nested
  class Enumerations implements BeliefContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return LIST;
    }
  }

  @Nested
  class Draws implements BeliefContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return DRAWS;
    }

    @Override
    public int draws() {
      return 4000;
    }
  }
}
