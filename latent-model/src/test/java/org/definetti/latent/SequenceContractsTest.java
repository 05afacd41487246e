package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.MarkovChain;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The models whose order matters, or that end, against what holds for every model. */
class SequenceContractsTest {

  static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  static SimpleMatrix rows(double[]... rows) {
    return new SimpleMatrix(rows);
  }

  static final HiddenMarkov HIDDEN_MARKOV =
      HiddenMarkov.of(
          row(0.6, 0.3, 0.1),
          rows(
              new double[] {0.8, 0.2, 0}, new double[] {0.1, 0.6, 0.3}, new double[] {0.3, 0, 0.7}),
          rows(new double[] {0.7, 0.3, 0}, new double[] {0, 0.2, 0.8}, new double[] {0.1, 0.8, 0.1}));

  static final HiddenMarkov GAUSSIAN_HIDDEN_MARKOV =
      HiddenMarkov.gaussian(
          row(0.5, 0.5),
          rows(new double[] {0.9, 0.1}, new double[] {0.3, 0.7}),
          rows(new double[] {-1, 0.5}, new double[] {1.5, 0}),
          0.6);

  static final MarkovChain MARKOV_CHAIN =
      MarkovChain.of(
              rows(
                  new double[] {2, 0.5, 1}, new double[] {0.4, 1, 2.5}, new double[] {3, 1, 0.7}))
          .withInitial(row(0.2, 0.5, 0.3));

  static final AutoRegression AUTO_REGRESSION = AutoRegression.of(0.7, 1.3, 0.4).withPriorMean(2);

  static final IndexTied INDEX_TIED =
      IndexTied.of(
          row(0.3, 0.7),
          List.of(
              rows(new double[] {0.7, 0.2, 0.1}, new double[] {0.1, 0.8, 0.1}),
              rows(new double[] {0.1, 0.1, 0.8}, new double[] {0.4, 0.2, 0.4})));

  static final Urn URN = Urn.of(6, 6);

  private static double[] oneHot(int width, int index) {
    double[] vector = new double[width];
    vector[index] = 1;
    return vector;
  }

  @Nested
  class HiddenMarkovModels implements SequenceContract<Integer> {
    @Override
    public LatentModel<Integer> model() {
      return HIDDEN_MARKOV;
    }

    @Override
    public double[] vector(Integer latent) {
      return oneHot(3, latent);
    }
  }

  @Nested
  class GaussianHiddenMarkovModels implements SequenceContract<Integer> {
    @Override
    public LatentModel<Integer> model() {
      return GAUSSIAN_HIDDEN_MARKOV;
    }

    @Override
    public double[] vector(Integer latent) {
      return oneHot(2, latent);
    }
  }

  @Nested
  class MarkovChains implements SequenceContract<MarkovChain.Next> {
    @Override
    public LatentModel<MarkovChain.Next> model() {
      return MARKOV_CHAIN;
    }

    @Override
    public double[] vector(MarkovChain.Next latent) {
      return latent.transition().getDDRM().data;
    }
  }

  @Nested
  class AutoRegressions implements SequenceContract<AutoRegression.Next> {
    @Override
    public LatentModel<AutoRegression.Next> model() {
      return AUTO_REGRESSION;
    }

    @Override
    public double[] vector(AutoRegression.Next latent) {
      return new double[] {latent.level()};
    }
  }

  @Nested
  class IndexTiedPositions implements SequenceContract<IndexTied.Next> {
    @Override
    public LatentModel<IndexTied.Next> model() {
      return INDEX_TIED;
    }

    @Override
    public double[] vector(IndexTied.Next latent) {
      return oneHot(2, latent.concept());
    }
  }

  @Nested
  class Urns implements SequenceContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return URN;
    }

    /** Two beliefs certain of different things are infinitely far apart. */
    @Test
    @Override
    public void divergenceIsTheExpectedLogRatio() {
      Tokens tokens = URN.sample(5, Seed.of(1).generator()).tokens();
      Belief<SimpleMatrix> mine = URN.prior().observe(tokens);
      assertEquals(0, mine.klNats(mine));
      assertEquals(Double.POSITIVE_INFINITY, mine.klNats(URN.prior()));
    }
  }
}
