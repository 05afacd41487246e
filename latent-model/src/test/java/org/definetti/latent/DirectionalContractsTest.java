package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.random.RandomGenerator;
import org.definetti.latent.directional.FiniteRotationRegression;
import org.definetti.latent.directional.RotationRegression;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The models of directions against the contract. */
class DirectionalContractsTest {

  /** Densities are with respect to the area of the sphere, not to volume. */
  interface OnTheSphere extends LatentModelContract<SimpleMatrix> {

    @Override
    default int sequences() {
      return 4_000;
    }

    @Override
    default int draws() {
      return 10_000;
    }

    /** The mean of the density over uniform directions, times the area, is one. */
    @Override
    @Test
    default void predictiveIntegratesToOne() {
      int d = model().tokenSpace().valueWidth();
      double area = d == 2 ? 2 * Math.PI : d == 3 ? 4 * Math.PI : Math.PI * Math.PI * 2;
      for (int length : new int[] {0, 6}) {
        RandomGenerator rng = Seed.of(20_003).child(length).generator();
        Belief<SimpleMatrix> belief = model().prior().observe(model().sample(length, rng).tokens());
        Predictive predictive = belief.predictive(model().drawQuery(rng));
        ContractChecks.Average density = new ContractChecks.Average("integral of the predictive");
        double[] value = new double[d];
        for (int n = 0; n < draws(); n++) {
          Sphere.fill(value, 0, d, rng);
          density.add(area * Math.exp(predictive.logProbability(value)));
        }
        density.assertMean(1);
      }
    }
  }

  @Nested
  class CircularMeans implements OnTheSphere {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return VonMisesFisherMean.of(2, 1.3);
    }
  }

  @Nested
  class SphericalMeansWithAPrior implements OnTheSphere {
    @Override
    public LatentModel<SimpleMatrix> model() {
      SimpleMatrix prior = new SimpleMatrix(1, 3, true, 0.4, -0.9, 0.2);
      return VonMisesFisherMean.of(3, 2.5).withPrior(prior);
    }
  }

  @Nested
  class MeansInFourDimensions implements OnTheSphere {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return VonMisesFisherMean.of(4, 3);
    }
  }

  @Nested
  class RotationsOfThePlane implements OnTheSphere {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return RotationRegression.of(2, 1.7);
    }
  }

  @Nested
  class RotationsOfAFiniteSet implements OnTheSphere {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return FiniteRotationRegression.ofSignedPermutations(3, 1.1);
    }
  }

  @Test
  void descriptionsAreReadBack() {
    VonMisesFisherMean mean =
        VonMisesFisherMean.of(3, 0.1).withPrior(new SimpleMatrix(1, 3, true, 0.1, -2.0, 1e-3));
    assertEquals(mean, VonMisesFisherMean.from(mean.description()));
    RotationRegression rotation = RotationRegression.of(2, 0.3);
    assertEquals(rotation, RotationRegression.from(rotation.description()));
    FiniteRotationRegression finite =
        FiniteRotationRegression.ofSignedPermutations(2, 4)
            .withPrior(new SimpleMatrix(1, 8, true, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0));
    assertEquals(finite, FiniteRotationRegression.from(finite.description()));
  }
}
