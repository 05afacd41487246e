package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.definetti.latent.mixture.DirichletProcess;
import org.definetti.latent.mixture.RandomMeasure;
import org.definetti.latent.mixture.TwoTopics;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The models of mixtures against the contract. */
class MixtureContractsTest {

  private static final SimpleMatrix TOPICS =
      new SimpleMatrix(2, 4, true, 0.6, 0.3, 0.1, 0.0, 0.05, 0.15, 0.2, 0.6);

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

  @Nested
  class TwoTopicModels implements Sized<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return TwoTopics.of(TOPICS).withPrior(1.4, 0.7);
    }
  }

  @Nested
  class TwoTopicsThatShareNoWord implements Sized<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return TwoTopics.of(new SimpleMatrix(2, 3, true, 0.5, 0.5, 0.0, 0.0, 0.0, 1.0));
    }
  }

  /** The latent as a vector is the mean of the measure, which is what beliefs speak of. */
  interface OfMeasures extends Sized<RandomMeasure> {

    @Override
    DirichletProcess model();

    @Override
    default double[] vector(RandomMeasure latent) {
      return latent.mean().getDDRM().data;
    }

    /** The masses of values seen and of a new one add to one; a new one has the base density. */
    @Override
    @Test
    default void predictiveIntegratesToOne() {
      double nu = model().concentration();
      for (int length : new int[] {0, 6}) {
        RandomGenerator rng = Seed.of(20_003).child(length).generator();
        Tokens tokens = model().sample(length, rng).tokens();
        Predictive predictive =
            model().prior().observe(tokens).predictive(model().tokenSpace().emptyQuery());
        Set<Token> seen = new HashSet<>();
        double mass = 0;
        for (int l = 0; l < length; l++) {
          if (seen.add(tokens.get(l))) {
            mass += Math.exp(predictive.logProbability(tokens.get(l).coordinates()));
          }
        }
        double[] other = model().base().draw(rng);
        double density =
            Math.exp(predictive.logProbability(other) - model().base().logProbability(other));
        assertClose(nu / (nu + length), density, tolerance(), "mass of new values");
        assertClose(1, mass + density, tolerance(), "mass of the predictive");
      }
    }
  }

  @Nested
  class DirichletProcesses implements OfMeasures {
    @Override
    public DirichletProcess model() {
      return DirichletProcess.of(1, 2.5, 1.7).withBaseMean(new SimpleMatrix(1, 1, true, 0.8));
    }
  }

  @Nested
  class DirichletProcessesOfFewAtoms implements OfMeasures {
    @Override
    public DirichletProcess model() {
      return DirichletProcess.of(2, 0.4, 0.9);
    }
  }

  @Test
  void descriptionsAreReadBack() {
    TwoTopics topics = TwoTopics.of(TOPICS).withPrior(0.3, 1e5);
    assertEquals(topics, TwoTopics.from(topics.description()));
    DirichletProcess process =
        DirichletProcess.of(2, 0.3, 7).withBaseMean(new SimpleMatrix(1, 2, true, 0.1, -4.0));
    assertEquals(process, DirichletProcess.from(process.description()));
  }
}
