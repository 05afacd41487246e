package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.definetti.latent.conjugate.GaussianGroups;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.mixture.StudentMean;
import org.definetti.latent.regression.LogisticRegression;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Contaminated, heavy-tailed, binary and grouped tokens against the contract. */
class ExtensionContractsTest {

  // The lattice moves with the order of tokens, so answers agree only as far as they are accurate.
  private static final double QUADRATURE = 1e-8;

  private static final SimpleMatrix MEAN = new SimpleMatrix(1, 2, true, 0.8, -0.3);

  /** The contract, with as many draws as keep the class within seconds. */
  interface Sized extends LatentModelContract<SimpleMatrix> {

    @Override
    default int sequences() {
      return 3_000;
    }

    @Override
    default int draws() {
      return 6_000;
    }
  }

  /** A posterior of theirs costs hundreds of likelihoods. */
  interface ByQuadrature extends LatentModelContract<SimpleMatrix> {

    @Override
    default double tolerance() {
      return QUADRATURE;
    }

    @Override
    default int sequences() {
      return 600;
    }

    @Override
    default int draws() {
      return 1_500;
    }
  }

  @Nested
  class ContaminatedMeans implements Sized {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return ContaminatedMean.of(2, 1.5, 0.2, 6).withPriorMean(MEAN);
    }
  }

  /** The narrow law is the rare one. */
  @Nested
  class ContaminatedMeansOfMostlyOutliers implements Sized {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return ContaminatedMean.of(1, 0.7, 3, 0.1).withOutlierProbability(0.2);
    }
  }

  @Nested
  class GaussianGroupings implements Sized {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GaussianGroups.of(3, 1.2, 0.5, 0.8);
    }
  }

  @Nested
  class GaussianGroupingsOfSeveralNumbers implements Sized {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GaussianGroups.of(2, 0.4, 2, 1.5).withPriorMean(MEAN);
    }
  }

  // Nine degrees of freedom: Monte Carlo errors rest on fourth moments.
  @Nested
  class StudentMeans implements ByQuadrature {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return StudentMean.of(1, 1.3, 0.6, 9).withPriorMean(new SimpleMatrix(1, 1, true, -0.5));
    }
  }

  @Nested
  class StudentMeansInThePlane implements ByQuadrature {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return StudentMean.of(2, 0.8, 1.1, 9).withPriorMean(MEAN);
    }

    @Override
    public int sequences() {
      return 30;
    }

    @Override
    public int draws() {
      return 600;
    }
  }

  @Nested
  class LogisticRegressions implements ByQuadrature {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return LogisticRegression.of(1, 3);
    }
  }

  @Nested
  class LogisticRegressionsInThePlane implements ByQuadrature {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return LogisticRegression.of(2, 4).withKeys(KeyLaw.SPHERE);
    }

    @Override
    public int sequences() {
      return 30;
    }

    @Override
    public int draws() {
      return 200;
    }
  }

  @Test
  void descriptionsAreReadBack() {
    ContaminatedMean contaminated =
        ContaminatedMean.of(2, 1.5, 0.2, 6).withPriorMean(MEAN).withOutlierProbability(0);
    assertEquals(contaminated, ContaminatedMean.from(contaminated.description()));
    GaussianGroups groups = GaussianGroups.of(3, 1e-12, 1e12, 0.1).withPriorMean(MEAN);
    assertEquals(groups, GaussianGroups.from(groups.description()));
    StudentMean student = StudentMean.of(2, 0.5, 3, 2.5).withPriorMean(MEAN);
    assertEquals(student, StudentMean.from(student.description()));
    LogisticRegression logistic = LogisticRegression.of(3, 0.1).withKeys(KeyLaw.SPHERE);
    assertEquals(logistic, LogisticRegression.from(logistic.description()));
    for (LatentModel<?> model : new LatentModel<?>[] {contaminated, groups, student, logistic}) {
      assertEquals(model.hashCode(), model.hashCode());
    }
  }
}
