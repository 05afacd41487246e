package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.KernelRidgeLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.definetti.train.LossPoint;
import org.definetti.train.TrainingOptions;
import org.definetti.train.TrainingResult;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Training on the next token at every position, by every kind of loss. */
class NextTokenTrainingTest {

  private static final int LENGTH = 8;

  private static Training identity(int steps) {
    return options(
        Training.of(w -> SoftmaxHeadLayer.of(w).withNullToken().withIdentityValues()), steps, 0.05);
  }

  private static Training transformer(int steps) {
    return options(
        Training.of(
            w -> TransformerLayer.of(w).withBlock(BlockShape.of(8, 2).withPreNorm()).withDepth(1)),
        steps,
        0.01);
  }

  private static Training options(Training training, int steps, double rate) {
    return training
        .withBatchSize(32)
        .withLengths(Lengths.fixed(LENGTH))
        .withOptions(
            TrainingOptions.withDefaults()
                .withSteps(steps)
                .withLearningRate(rate)
                .withLogEvery(10));
  }

  /** The null token of a trained head is the prior: log of its count, and its mean. */
  private static void assertFindsThePrior(Training training, ConjugateModel<?> model) {
    Attention attention =
        training
            .trainer(model, Objective.NEXT_TOKEN, LENGTH, Seed.of(3))
            .fit(Seed.of(4))
            .attention();
    Tokens none = model.sample(0, Seed.of(5).generator()).tokens();
    SimpleMatrix prior = attention.attend(model.tokenSpace().emptyQuery(), Context.of(model, none));
    // Of a target of row 0, of which training saw 4800: its mean is known to 0.015 of that.
    double spread = Math.sqrt(model.prior().predictive(query(model)).covariance().get(0, 0));
    assertTrue(
        prior.minus(model.priorMean()).elementMaxAbs() < 0.1 * spread,
        () -> model + ": row of the empty prefix " + prior);
    Tokens tokens = model.sample(LENGTH, Seed.of(6).generator()).tokens();
    SimpleMatrix exact = model.prior().observe(tokens).predictive(query(model)).mean();
    SimpleMatrix out = attention.attend(query(model), Context.of(model, tokens));
    assertTrue(out.minus(exact).elementMaxAbs() < 0.1 * spread, () -> model + ": " + out);
  }

  private static SimpleMatrix query(ConjugateModel<?> model) {
    return model.tokenSpace().emptyQuery();
  }

  @Test
  void aHeadFindsThePriorByEveryLoss() {
    assertFindsThePrior(identity(150), GaussianMean.of(2, 1, 2));
    assertFindsThePrior(identity(150), BetaBernoulli.of(1, 2));
    assertFindsThePrior(
        identity(150).withLoss(Loss.crossEntropy()), DirichletCategorical.of(0.5, 1, 1.5));
  }

  private static double firstOverLast(Training training, LatentModel<?> of) {
    TrainingResult result =
        training.trainer(of, Objective.NEXT_TOKEN, LENGTH, Seed.of(3)).fit(Seed.of(4));
    LossPoint first = result.log().get(0);
    LossPoint last = result.log().get(result.log().size() - 1);
    assertTrue(Double.isFinite(last.loss()));
    return first.loss() - last.loss();
  }

  /** Every kind of output goes down from where it started, by far more than its noise. */
  @Test
  void aTransformerLearnsByEveryHead() {
    DirichletCategorical dice = DirichletCategorical.of(0.2, 0.2, 0.6);
    GaussianMean mean = GaussianMean.of(1, 4, 0.25);
    LinearRegression regression = LinearRegression.of(2, 1, 1, 0.1);
    assertTrue(
        firstOverLast(transformer(60).withHead(DistributionHead.categorical(3)), dice) > 0.1);
    assertTrue(
        firstOverLast(transformer(60).withHead(DistributionHead.diagonalGaussian(1)), mean) > 0.5);
    assertTrue(
        firstOverLast(transformer(60).withHead(DistributionHead.histogram(-6, 6, 12)), mean) > 0.3);
    assertTrue(firstOverLast(transformer(60), regression) > 0.1);
  }

  /** In-context regression: the ridge is found, λ = noise over prior variance. */
  @Test
  void kernelRidgeFindsTheRidge() {
    LinearRegression model = LinearRegression.of(2, 1, 1, 0.5);
    Training training =
        options(
            Training.of((Widths w) -> (Layer) KernelRidgeLayer.linear(w).withIdentityValues()),
            150,
            0.05);
    double ridge =
        training
            .trainer(model, Objective.NEXT_TOKEN, LENGTH, Seed.of(3))
            .fit(Seed.of(4))
            .parameters()
            .matrix("log.ridge")
            .get(0, 0);
    assertEquals(Math.log(0.5), ridge, 0.25);
  }

  /** The sweep knows the objective by its label and evaluates the last row. */
  @Test
  void aSweepHasACurveOfIt() {
    Results results =
        Sweep.of(GaussianMean.of(1, 1, 1))
            .withLengths(2, LENGTH)
            .withSeeds(2)
            .withSequences(50)
            .withObjectives(Objective.MASKED, Objective.NEXT_TOKEN)
            .withTrained("null-token-softmax", identity(100))
            .execute(7)
            .results();
    double worst = 0;
    for (Curve curve : results.curves()) {
      if (curve.key().metric().equals(Metric.SQUARED_GAP.label())
          && curve.key().axis("objective").equals("next-token")) {
        for (CurvePoint point : curve.points()) {
          worst = Math.max(worst, point.mean());
        }
      }
    }
    assertTrue(worst > 0 && worst < 0.02, "squared gap " + worst);
  }
}
