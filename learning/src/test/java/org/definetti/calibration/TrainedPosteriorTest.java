package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.experiment.Training;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.layer.DeepSetsLayer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.definetti.train.FreshSamples;
import org.definetti.train.HeadTargets;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import org.junit.jupiter.api.Test;

final class TrainedPosteriorTest {

  private static final int LENGTH = 6;

  private static double divergence(
      LatentModel<?> model, Attention attention, DistributionHead head) {
    Simulations simulations = Simulations.draw(LatentRows.of(model), 1000, LENGTH, Seed.of(7));
    PosteriorEstimator trained = PosteriorEstimator.trained(model, head, attention);
    JudgedPosterior judged = JudgedPosterior.of(simulations, 1, Seed.of(8), trained);
    return new ExpectedDivergence().judge(judged).value();
  }

  private static Attention fit(LatentModel<?> model, Training training) {
    return training
        .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
        .trainer(model, Objective.LATENT, LENGTH, Seed.of(3).child("data"))
        .fit(Seed.of(3).child("fit"))
        .attention();
  }

  /** At one length the posterior is a linear function of the average, so training finds it. */
  @Test
  void gaussianHeadsFindTheExactPosterior() {
    GaussianMean model = GaussianMean.of(2, 1, 1);
    TrainingOptions options = TrainingOptions.withDefaults().withSteps(400);
    for (DistributionHead head :
        new DistributionHead[] {
          DistributionHead.gaussian(2), DistributionHead.diagonalGaussian(2)
        }) {
      Training training = Training.of(MeanPoolingLayer::of).withHead(head).withOptions(options);
      // Untrained it is off by nats; the noise of 1000 simulations is below 0.01.
      assertEquals(0, divergence(model, fit(model, training), head), 0.02);
    }
  }

  @Test
  void histogramAndCategoricalHeadsLearnLawsThatAreNotNormal() {
    TrainingOptions options = TrainingOptions.withDefaults().withSteps(400).withLearningRate(0.01);
    BetaBernoulli coin = BetaBernoulli.of(1, 1);
    DistributionHead bins = DistributionHead.histogram(0, 1, 20);
    Training training = Training.of(DeepSetsLayer::of).withHead(bins).withOptions(options);
    assertEquals(0, divergence(coin, fit(coin, training), bins), 0.08);

    EqualMeanClusters clusters = EqualMeanClusters.of(0.5, 1, 3);
    DistributionHead which = DistributionHead.categorical(3);
    Training other = Training.of(DeepSetsLayer::of).withHead(which).withOptions(options);
    assertEquals(0, divergence(clusters, fit(clusters, other), which), 0.08);
  }

  @Test
  void headTargetsAreTheSourcesFollowedByZeros() {
    GaussianMean model = GaussianMean.of(2, 1, 1);
    DistributionHead head = DistributionHead.gaussian(2);
    FreshSamples fresh =
        FreshSamples.of(model, Objective.LATENT, Lengths.uniform(1, 5), Seed.of(1))
            .withBatchSize(4)
            .withMixedLengths();
    HeadTargets wide = HeadTargets.of(fresh, head);
    Batch own = fresh.batch(3);
    Batch widened = wide.batch(3);
    for (int i = 0; i < 4; i++) {
      assertEquals(own.length(i), widened.length(i));
      assertEquals(own.targets()[2 * i + 1], widened.targets()[5 * i + 1]);
      assertEquals(0f, widened.targets()[5 * i + 2]);
    }
    assertEquals(own.values(1)[7], widened.values(1)[7]);
    assertThrows(
        ShapeMismatchException.class, () -> HeadTargets.of(fresh, DistributionHead.gaussian(3)));
  }

  @Test
  void aFixedSetOfLatentsIsTheSameWithAHead() {
    GaussianMean model = GaussianMean.of(1, 1, 1);
    FixedDataSet set =
        FixedDataSet.draw(model, Objective.LATENT, new FixedDataSet.Size(8, 3), Seed.of(2));
    HeadTargets wide = HeadTargets.of(set, DistributionHead.gaussian(1));
    assertEquals(set.batch(1).targets()[5], wide.batch(1).targets()[10]);
    assertTrue(wide.toString().contains("gaussian-mean"));
  }
}
