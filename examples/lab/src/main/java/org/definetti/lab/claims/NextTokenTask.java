package org.definetti.lab.claims;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.special.Gamma;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.kernel.LinearKernel;
import org.definetti.lab.claims.NextTokenScores.Reading;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.CausalNullHeadLayer;
import org.definetti.layer.KernelRidgeLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.DataSource;
import org.definetti.train.FreshSamples;
import org.definetti.train.HeadTargets;
import org.definetti.train.Lengths;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The models of NT1, each with its exact comparator, a control of the same kind that cannot be
 * exact, a transformer, and the log evidence of a sequence without the model's beliefs.
 *
 * @param model the model
 * @param comparator one parameter set for all positions, exact when derived
 * @param wrong trained the same way, but without what makes the comparator exact
 * @param evidence log P of tokens, for pairs of their values given their keys
 */
record NextTokenTask(
    LatentModel<?> model, Learner comparator, Learner wrong, ToDoubleFunction<Tokens> evidence) {

  private static final double A = 1.3;
  private static final double B = 2.45;
  private static final double[] ALPHA = {0.7, 1.55, 2.3};
  private static final double PRIOR_VARIANCE = 1;
  private static final double NOISE_VARIANCE = 2;
  private static final double REGRESSION_NOISE = 0.5;
  private static final int KEYS = 3;

  /**
   * A layer and how it is trained.
   *
   * @param layer for the widths of the batches
   * @param loss of an output row
   * @param head the law its output says, or null
   * @param reading how scores read its output
   * @param rate the learning rate
   */
  record Learner(
      Function<Widths, Layer> layer,
      Loss loss,
      @Nullable DistributionHead head,
      Reading reading,
      double rate) {

    Layer layer(LatentModel<?> model) {
      Widths widths = Objective.NEXT_TOKEN.widths(model);
      if (head != null) {
        widths = new Widths(widths.key(), widths.value(), head.outputs());
      }
      return Layers.atEveryPrefix(layer.apply(widths), model.tokenSpace());
    }

    /** Trains on fresh sequences that show {@code length} tokens. */
    Parameters fit(LatentModel<?> model, int length, int steps, Seed seed) {
      return trainer(model, length, steps, seed).fit(seed.child("fit")).parameters();
    }

    /** Trains the same from given parameters. */
    Parameters fit(LatentModel<?> model, int length, int steps, Parameters initial, Seed seed) {
      return trainer(model, length, steps, seed).fit(initial).parameters();
    }

    private Trainer trainer(LatentModel<?> model, int length, int steps, Seed seed) {
      DataSource data =
          FreshSamples.of(model, Objective.NEXT_TOKEN, Lengths.fixed(length), seed.child("data"))
              .withBatchSize(32);
      return Trainer.of(layer(model), head == null ? data : HeadTargets.of(data, head), loss)
          .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
          .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(rate));
    }
  }

  private static final Learner NULL_HEAD =
      new Learner(CausalNullHeadLayer::of, Loss.squaredError(), null, Reading.PROBABILITIES, 0.1);

  private static final Learner NO_NULL_TOKEN =
      new Learner(
          widths -> SoftmaxHeadLayer.of(widths).withIdentityValues(),
          Loss.squaredError(),
          null,
          Reading.PROBABILITIES,
          0.1);

  private static Learner reading(Learner learner, Reading reading) {
    return new Learner(learner.layer, learner.loss, learner.head, reading, learner.rate);
  }

  private static Learner by(Learner learner, Loss loss) {
    return new Learner(learner.layer, loss, learner.head, learner.reading, learner.rate);
  }

  /** Returns the tasks: beta-bernoulli, dirichlet-categorical, gaussian-mean, regression. */
  static List<NextTokenTask> all() {
    return List.of(
        new NextTokenTask(
            BetaBernoulli.of(A, B), NULL_HEAD, NO_NULL_TOKEN, tokens -> dirichlet(tokens, B, A)),
        new NextTokenTask(
            DirichletCategorical.of(ALPHA),
            by(NULL_HEAD, Loss.crossEntropy()),
            by(NO_NULL_TOKEN, Loss.crossEntropy(0.01)),
            tokens -> dirichlet(tokens, ALPHA)),
        new NextTokenTask(
            GaussianMean.of(2, PRIOR_VARIANCE, NOISE_VARIANCE),
            reading(NULL_HEAD, Reading.MEAN),
            reading(NO_NULL_TOKEN, Reading.MEAN),
            NextTokenTask::gaussian),
        new NextTokenTask(
            LinearRegression.of(KEYS, 1, PRIOR_VARIANCE, REGRESSION_NOISE),
            new Learner(
                widths -> KernelRidgeLayer.linear(widths).withIdentityValues(),
                Loss.squaredError(),
                null,
                Reading.MEAN,
                0.03),
            new Learner(
                widths -> LinearAttentionLayer.of(widths).withIdentityValues(),
                Loss.squaredError(),
                null,
                Reading.MEAN,
                0.03),
            NextTokenTask::regression));
  }

  /** Returns the name of the model. */
  String name() {
    return model.description().name();
  }

  /** Returns the transformer of this task: two causal blocks of width 32 without positions. */
  Learner transformer() {
    int width = Objective.NEXT_TOKEN.widths(model).target();
    Function<Widths, Layer> layer =
        widths -> TransformerLayer.of(widths).withBlock(BlockShape.of(32, 4).withPreNorm());
    if (comparator.reading != Reading.PROBABILITIES) {
      return new Learner(layer, Loss.squaredError(), null, Reading.MEAN, 0.003);
    }
    if (width == 1) {
      return new Learner(layer, Loss.logistic(), null, Reading.LOGITS, 0.003);
    }
    DistributionHead head = DistributionHead.categorical(width);
    return new Learner(layer, head.loss(), head, Reading.LOGITS, 0.003);
  }

  /**
   * Returns the derived parameters of the comparator: null token of count ν and mean χ0, or ridge.
   *
   * @param factor of the prior count or the ridge, 1 for the exact ones
   */
  Parameters derived(double factor) {
    Layer layer = comparator.layer(model);
    if (model instanceof ConjugateModel<?> conjugate) {
      double logit = Math.log(factor * conjugate.priorCount());
      return Parameters.zeros(layer.shapes())
          .with("null.logit", new SimpleMatrix(1, 1, true, logit))
          .with("null.value", conjugate.priorMean());
    }
    double ridge = factor * REGRESSION_NOISE / PRIOR_VARIANCE;
    return KernelRidgeLayer.linear(layer.widths())
        .withIdentityValues()
        .parameters(KernelRidgeAttention.of(new LinearKernel(), ridge));
  }

  /** {@code Γ(ν) / Γ(ν + n) Π Γ(α_w + n_w) / Γ(α_w)}. */
  private static double dirichlet(Tokens tokens, double... alpha) {
    double[] counts = alpha.clone();
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    double total = 0;
    double log = 0;
    for (int w = 0; w < alpha.length; w++) {
      total += alpha[w];
      log += Gamma.logGamma(counts[w]) - Gamma.logGamma(alpha[w]);
    }
    return log + Gamma.logGamma(total) - Gamma.logGamma(total + tokens.length());
  }

  private static double gaussian(Tokens tokens) {
    JointGaussian joint =
        JointGaussian.observed(
            tokens.length(), (i, j) -> PRIOR_VARIANCE + (i == j ? NOISE_VARIANCE : 0));
    return joint.logDensity(column(tokens, 0)) + joint.logDensity(column(tokens, 1));
  }

  private static double regression(Tokens tokens) {
    return JointGaussian.observed(
            tokens.length(),
            (i, j) -> {
              double product = 0;
              for (int k = 0; k < KEYS; k++) {
                product += tokens.at(i, k) * tokens.at(j, k);
              }
              return PRIOR_VARIANCE * product + (i == j ? REGRESSION_NOISE : 0);
            })
        .logDensity(column(tokens, KEYS));
  }

  private static double[] column(Tokens tokens, int j) {
    double[] column = new double[tokens.length()];
    for (int l = 0; l < column.length; l++) {
      column[l] = tokens.at(l, j);
    }
    return column;
  }
}
