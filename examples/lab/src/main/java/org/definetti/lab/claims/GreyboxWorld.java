package org.definetti.lab.claims;

import java.util.List;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.experiment.Training;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.KernelRidgeLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.EarlyStopping;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * A model in which X4 asks what a derivation buys, with its four arms.
 *
 * <ul>
 *   <li>{@code derived-true-prior}: the exact attention.
 *   <li>{@code derived-learned}: the same form, its parameters fitted to n labelled sequences.
 *   <li>{@code transformer}: one block that knows nothing, fitted to the same n.
 *   <li>{@code derived-wrong-prior}: the exact attention of a prior variance three times too small.
 * </ul>
 *
 * <p>Of the n sequences a fifth is held out to stop the fit early, for both learned arms: what they
 * are told about the world is n sequences and no more.
 *
 * @param model the world
 * @param believed the world with the wrong prior
 * @param form the name of the derived attention
 * @param layer the derived form with parameters to learn
 * @param noise what is to be subtracted from the trace of a token's predictive covariance for that
 *     of a label, negative where labels are noisier
 */
record GreyboxWorld<Z>(
    LatentModel<Z> model,
    LatentModel<?> believed,
    String form,
    Function<Widths, Layer> layer,
    double noise) {

  static final String TRUE_PRIOR = "derived-true-prior";
  static final String LEARNED = "derived-learned";
  static final String TRANSFORMER = "transformer";
  static final String WRONG_PRIOR = "derived-wrong-prior";
  static final List<String> ARMS = List.of(TRUE_PRIOR, LEARNED, TRANSFORMER, WRONG_PRIOR);

  /** How many times too small the wrong prior variance is. */
  static final double WRONG = 3;

  static final int DIMENSION = 2;
  static final double GAUSSIAN_NOISE = 4;
  private static final double GAUSSIAN_LABEL = 0.1;
  private static final double REGRESSION_NOISE = 0.5;
  private static final double REGRESSION_LABEL = 0.05;
  private static final int WIDTH = 16;
  private static final int HEADS = 2;
  private static final int BATCH = 64;

  /** Returns M1: prior variance 1, noise variance 4, label variance 0.1, two coordinates. */
  static GreyboxWorld<?> gaussianMean() {
    return new GreyboxWorld<>(
        GaussianMean.of(DIMENSION, 1, GAUSSIAN_NOISE).withLabelVariance(GAUSSIAN_LABEL),
        GaussianMean.of(DIMENSION, 1 / WRONG, GAUSSIAN_NOISE),
        "null-token-softmax",
        widths -> SoftmaxHeadLayer.of(widths).withNullToken().withIdentityValues(),
        DIMENSION * (GAUSSIAN_NOISE - GAUSSIAN_LABEL));
  }

  /** Returns M5: keys on the circle, prior variance 1, noise 1/2, label variance 0.05. */
  static GreyboxWorld<?> regression() {
    return new GreyboxWorld<>(
        LinearRegression.of(DIMENSION, 1, 1, REGRESSION_NOISE).withLabelVariance(REGRESSION_LABEL),
        LinearRegression.of(DIMENSION, 1, 1 / WRONG, REGRESSION_NOISE),
        "cme",
        widths -> KernelRidgeLayer.linear(widths).withIdentityValues(),
        REGRESSION_NOISE - REGRESSION_LABEL);
  }

  String name() {
    return model.description().name();
  }

  /** Returns an arm's attention, after n sequences where it learns. */
  Attention attention(String arm, int n, int length, int steps, Seed seed) {
    return switch (arm) {
      case TRUE_PRIOR -> Derivation.of(model, form).attention();
      case WRONG_PRIOR -> Derivation.of(believed, form).attention();
      case LEARNED -> fit(Training.of(layer), 0.03, n, length, steps, seed);
      case TRANSFORMER ->
          fit(
              Training.of(GreyboxWorld::transformer)
                  .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1)),
              0.003,
              n,
              length,
              steps,
              seed);
      default ->
          throw new IllegalArgumentException("arm: expected one of " + ARMS + ", got " + arm);
    };
  }

  private static Layer transformer(Widths widths) {
    return TransformerLayer.of(widths)
        .withBlock(BlockShape.of(WIDTH, HEADS).withPreNorm())
        .withDepth(1);
  }

  private Attention fit(Training training, double rate, int n, int length, int steps, Seed seed) {
    int held = n / 5;
    return training
        .withSampleCount(n - held)
        .withBatchSize(BATCH)
        .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(rate))
        .withEarlyStopping(EarlyStopping.every(50).withPatience(10), held)
        // Both arms draw the same sequences: the seed of the data does not name the arm.
        .trainer(model, Objective.SUPERVISED, length, seed.child("data"))
        .fit(seed.child("fit"))
        .attention();
  }

  /**
   * Returns excess risks at a length over the Bayes risk, both averaged over fresh sequences.
   *
   * <p>The excess is the mean squared distance to the exact answer (D3), the Bayes risk the mean
   * trace of its covariance: neither contains the noise of a label.
   */
  double[] shares(List<Attention> attentions, int length, int sequences, Seed seed) {
    double[] excess = new double[attentions.size()];
    double bayes = 0;
    SimpleMatrix query = model.labelQuery();
    for (int s = 0; s < sequences; s++) {
      Sample<Z> sample = model.sample(length, seed.child(s).generator());
      Belief<Z> belief = model.prior().observe(sample.tokens());
      Predictive exact = belief.predictive(query);
      bayes += exact.covariance().trace() - noise;
      Context context = Context.of(model, sample.tokens());
      for (int i = 0; i < excess.length; i++) {
        SimpleMatrix out = attentions.get(i).attend(query, context);
        double distance = out.minus(exact.mean()).normF();
        excess[i] += distance * distance;
      }
    }
    for (int i = 0; i < excess.length; i++) {
      excess[i] /= bayes;
    }
    return excess;
  }

  /**
   * Returns the exact excess of M1 with a prior count ν' in place of ν, over the Bayes risk.
   *
   * <pre>{@code  (L² t2 + L s2) (1/(L + ν) - 1/(L + ν'))² / (label variance + s2 / (L + ν))  }
   * </pre>
   */
  static double wrongPriorShare(int length) {
    double right = 1 / (length + GAUSSIAN_NOISE);
    double wrong = 1 / (length + WRONG * GAUSSIAN_NOISE);
    double excess = length * (length + GAUSSIAN_NOISE) * (right - wrong) * (right - wrong);
    return excess / (GAUSSIAN_LABEL + GAUSSIAN_NOISE * right);
  }
}
