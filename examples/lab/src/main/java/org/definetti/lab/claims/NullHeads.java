package org.definetti.lab.claims;

import org.definetti.experiment.Training;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * The conjugate models and the heads of the claims on training a null token.
 *
 * <p>Both models have prior count 4 and a prior mean that is not that of any initial head, so that
 * logit log 4 and value of the null token have to be found: an initial head has logit 0.
 */
final class NullHeads {

  /** ν of both models. */
  static final double PRIOR_COUNT = 4;

  /** Four coordinates, prior variance 1, noise variance 4. */
  static final GaussianMean GAUSSIAN =
      GaussianMean.of(4, 1, PRIOR_COUNT).withPriorMean(new SimpleMatrix(1, 4, true, 1, -1, 0.5, 0));

  /** Three categories. */
  static final DirichletCategorical DIRICHLET = DirichletCategorical.of(0.8, 1.2, 2);

  private NullHeads() {}

  /** Returns the sum over coordinates of the prior variance of z = E(T | z) of the first model. */
  static double gaussianSpread() {
    return GAUSSIAN.priorMean().getNumCols();
  }

  /** Returns the same of the second: {@code (1 − Σ χ²) / (ν + 1)}. */
  static double dirichletSpread() {
    double norm = DIRICHLET.priorMean().normF();
    return (1 - norm * norm) / (PRIOR_COUNT + 1);
  }

  /** Returns training of a null-token head whose values pass unchanged. */
  static Training identityValues(int steps, int batchSize) {
    return with(
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withNullToken().withIdentityValues()),
        steps,
        batchSize);
  }

  /** Returns the same by cross-entropy, for outputs that are probability vectors. */
  static Training crossEntropy(int steps, int batchSize) {
    return identityValues(steps, batchSize).withLoss(Loss.crossEntropy());
  }

  /** Returns training of a null-token head with learned value map and readout. */
  static Training freeMaps(int steps, int batchSize) {
    return with(
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withNullToken()), steps, batchSize);
  }

  /** Returns training of a head whose values pass unchanged and that has no null token. */
  static Training withoutNullToken(int steps, int batchSize) {
    return with(
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withIdentityValues()), steps, batchSize);
  }

  private static Training with(Training training, int steps, int batchSize) {
    return training
        .withOptions(TrainingOptions.withDefaults().withSteps(steps))
        .withBatchSize(batchSize);
  }
}
