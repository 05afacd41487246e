package org.definetti.lab.claims;

import java.util.function.Function;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * Exact posterior means of the catalogue's models as functions of tokens and knowledge, and those
 * that must not pass: with frozen knowledge, a prior that leans to one side, tokens whose order
 * matters.
 */
final class PosteriorFunctions {

  static final double PRIOR_VARIANCE = 0.7;
  static final double NOISE_VARIANCE = 1.9;

  /** Measurements of a point around a fixed prior mean: the biased control. */
  static final NamedFunction BIASED =
      new NamedFunction(
          "a fixed prior mean",
          plan -> {
            GaussianMean model = gaussianMean(plan).withPriorMean(leaning(plan));
            return SequenceFunction.ofPredictive(knowledge -> model);
          });

  /** A prior covariance with fixed axes. */
  static final NamedFunction STRETCHED =
      new NamedFunction(
          "a fixed prior covariance",
          plan -> {
            SimpleMatrix axes = NamedFunction.weight("axes", plan.dimension(), plan.dimension());
            MultivariateGaussianMean model =
                MultivariateGaussianMean.of(axes.mult(axes.transpose()), noise(plan.dimension()));
            return SequenceFunction.ofPredictive(knowledge -> model);
          });

  /** A hidden state moves between fixed points: neither turns nor forgets the order. */
  static final NamedFunction ORDERED =
      new NamedFunction(
          "a hidden Markov model",
          plan -> {
            SimpleMatrix means = NamedFunction.weight("states", 2, plan.dimension());
            SimpleMatrix initial = new SimpleMatrix(1, 2, true, 0.5, 0.5);
            SimpleMatrix moves = new SimpleMatrix(2, 2, true, 0.9, 0.1, 0.2, 0.8);
            HiddenMarkov model = HiddenMarkov.gaussian(initial, moves, means, NOISE_VARIANCE);
            return SequenceFunction.ofPredictive(knowledge -> model);
          });

  private PosteriorFunctions() {}

  /** Returns the model of one point and isotropic noise. */
  static GaussianMean gaussianMean(AuditPlan plan) {
    return GaussianMean.of(plan.dimension(), PRIOR_VARIANCE, NOISE_VARIANCE);
  }

  /** Returns a vector that belongs to no input. */
  static SimpleMatrix leaning(AuditPlan plan) {
    return NamedFunction.weight("prior mean", 1, plan.dimension());
  }

  /** Returns the covariance of isotropic noise. */
  static SimpleMatrix noise(int dimension) {
    return SimpleMatrix.identity(dimension).scale(NOISE_VARIANCE);
  }

  /** Returns probabilities of k points, in proportion 1 to k. */
  static SimpleMatrix proportions(int k) {
    double[] weights = new double[k];
    for (int l = 0; l < k; l++) {
      weights[l] = (l + 1) / (0.5 * k * (k + 1));
    }
    return new SimpleMatrix(1, k, true, weights);
  }

  /** Returns the function of a model made of knowledge, whatever the sizes. */
  static NamedFunction predictive(String name, Function<SimpleMatrix, LatentModel<?>> model) {
    return new NamedFunction(name, plan -> SequenceFunction.ofPredictive(model));
  }

  /** Returns a function with knowledge that does not turn along: the frozen control. */
  static NamedFunction frozen(NamedFunction function) {
    return new NamedFunction(
        function.name() + ", frozen",
        plan ->
            function
                .of()
                .apply(plan)
                .withKnowledge(NamedFunction.weight("frozen", plan.knowledge(), plan.dimension())));
  }

  /** Returns the model whose latent is one of the knowledge rows. */
  static GaussianConcepts atoms(SimpleMatrix knowledge, double noiseVariance) {
    return GaussianConcepts.of(knowledge, noiseVariance)
        .withPrior(proportions(knowledge.getNumRows()));
  }

  /** Returns the model of MS6 at these sizes. */
  static ContaminatedMean contaminated(int dimension) {
    return ContaminatedMean.of(dimension, 1, 0.1, 10);
  }

  /** Returns rows as tokens of a model. */
  static Tokens tokens(LatentModel<?> model, SimpleMatrix rows) {
    return Tokens.ofRows(model.tokenSpace(), rows.getDDRM().data);
  }
}
