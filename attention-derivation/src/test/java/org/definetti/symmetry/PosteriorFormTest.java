package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The forms of posterior means beside the models' own beliefs, at sizes that are all different. */
class PosteriorFormTest {

  private static final double IDENTITY = 1e-12;
  private static final SimpleMatrix PRIOR = new SimpleMatrix(1, 3, true, 0.2, 0.5, 0.3);
  private static final AuditPlan PLAN = AuditPlan.of(5, 3, 4);

  private final RandomGenerator rng = Seed.of(9).generator();

  private void assertSame(SequenceFunction expected, SequenceFunction actual, AuditPlan plan) {
    for (int trial = 0; trial < 4; trial++) {
      AuditInput input = plan.input(rng);
      SimpleMatrix mean = input.outputOf(expected);
      assertTrue(Distance.relative(input.outputOf(actual), mean) < IDENTITY);
    }
  }

  @Test
  void formsAreWhatTheModelsExpect() {
    assertSame(
        SequenceFunction.ofPredictive(z -> GaussianMean.of(4, 1.3, 0.7)),
        PosteriorForm.gaussianMean(1.3, 0.7),
        AuditPlan.of(5, 0, 4));
    assertSame(
        SequenceFunction.ofPredictive(z -> GaussianMean.of(4, 1.3, 0.7).withPriorMean(z)),
        PosteriorForm.gaussianMeanAround(1.3, 0.7),
        AuditPlan.of(5, 1, 4));
    assertSame(
        SequenceFunction.ofPredictive(z -> GaussianConcepts.of(z, 1.5).withPrior(PRIOR)),
        PosteriorForm.atoms(1.5, PRIOR),
        PLAN);
    assertSame(
        SequenceFunction.ofPredictive(
            z ->
                MultivariateGaussianMean.of(
                    z.transpose().mult(z), SimpleMatrix.identity(4).scale(0.7))),
        PosteriorForm.knownCovariance(0.7),
        PLAN);
    SimpleMatrix moves = new SimpleMatrix(3, 3, true, 0.8, 0.2, 0, 0.1, 0.6, 0.3, 0.5, 0.1, 0.4);
    assertSame(
        SequenceFunction.ofPredictive(z -> HiddenMarkov.gaussian(PRIOR, moves, z, 1.5)),
        PosteriorForm.hiddenMarkov(PRIOR, moves, 1.5),
        PLAN);
  }

  @Test
  void oneTokenIsDenoisedAsTheAtomsSay() {
    assertSame(
        PosteriorForm.atoms(0.6, PRIOR), PosteriorForm.denoiser(0.6, PRIOR), AuditPlan.of(1, 3, 4));
  }

  @Test
  void ridgeIsKernelRidgeAttention() {
    SimpleMatrix keys = SampleFunctions.normal(5, 3, rng);
    SimpleMatrix values = SampleFunctions.normal(5, 2, rng);
    SimpleMatrix queries = SampleFunctions.normal(4, 3, rng);
    Gram gram = Gram.of(queries, keys);
    SimpleMatrix linear = PosteriorForm.ridge(0.3, Gram::matrix).at(gram).mult(values);
    SimpleMatrix expected =
        KernelRidgeAttention.of(new LinearKernel(), 0.3).attend(queries, Context.of(keys, values));
    assertTrue(Distance.relative(linear, expected) < IDENTITY);
    Coefficients gaussian = PosteriorForm.ridge(0.3, PosteriorForm.gaussianKernel(0.8));
    expected =
        KernelRidgeAttention.of(new RbfKernel(0.8), 0.3).attend(queries, Context.of(keys, values));
    assertTrue(Distance.relative(gaussian.at(gram).mult(values), expected) < IDENTITY);
  }

  @Test
  void outliersWeighWhatTheModelSays() {
    ContaminatedMean model = ContaminatedMean.of(4, 1.3, 0.2, 7);
    ContaminatedForm form = ContaminatedForm.of(model);
    for (int n : new int[] {1, 3, 6}) {
      AuditInput input = AuditPlan.of(n, 0, 4).input(rng);
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), input.tokens().getDDRM().data);
      var posterior = form.posterior(Gram.of(input.tokens(), input.knowledge()));
      assertTrue(Distance.relative(posterior.weights(), model.tokenWeights(tokens)) < IDENTITY);
      SimpleMatrix covariance =
          input
              .tokens()
              .transpose()
              .mult(posterior.products())
              .mult(input.tokens())
              .plus(SimpleMatrix.identity(4).scale(posterior.multiple()));
      SimpleMatrix expected = model.prior().observe(tokens).covariance();
      assertTrue(Distance.relative(covariance, expected) < IDENTITY);
      assertTrue(
          Distance.relative(input.outputOf(form.mean()), model.prior().observe(tokens).mean())
              < IDENTITY);
    }
  }

  @Test
  void withoutTokensOnlyKnowledgeIsLeft() {
    SimpleMatrix none = new SimpleMatrix(0, 4);
    SimpleMatrix knowledge = SampleFunctions.normal(3, 4, rng);
    SimpleMatrix zero = new SimpleMatrix(1, 4);
    assertSameRow(zero, PosteriorForm.gaussianMean(1, 2).transform(none, knowledge));
    assertSameRow(zero, PosteriorForm.direction(4, 2).transform(none, knowledge));
    assertSameRow(zero, PosteriorForm.knownCovariance(2).transform(none, knowledge));
    SimpleMatrix average = new SimpleMatrix(1, 3, true, 1 / 3.0, 1 / 3.0, 1 / 3.0).mult(knowledge);
    assertSameRow(average, PosteriorForm.gaussianMeanAround(1, 2).transform(none, knowledge));
    assertSameRow(average, PosteriorForm.vocabulary(0.4).transform(none, knowledge));
    SimpleMatrix prior = PRIOR.mult(knowledge);
    assertSameRow(prior, PosteriorForm.atoms(2, PRIOR).transform(none, knowledge));
    SimpleMatrix moves = SimpleMatrix.identity(3);
    assertSameRow(prior, PosteriorForm.hiddenMarkov(PRIOR, moves, 2).transform(none, knowledge));
  }

  private static void assertSameRow(SimpleMatrix expected, SimpleMatrix actual) {
    assertTrue(expected.isIdentical(actual, IDENTITY), actual::toString);
  }

  /** Tokens that cancel: the sum has no direction, and its weight is the limit. */
  @Test
  void directionsThatCancelLeaveNothing() {
    SimpleMatrix opposite = new SimpleMatrix(2, 3, true, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0);
    SimpleMatrix none = new SimpleMatrix(0, 3);
    EquivariantForm form = PosteriorForm.direction(3, 2.5);
    assertSameRow(new SimpleMatrix(1, 3), form.transform(opposite, none));
    assertEquals(2.5 / 3, form.coefficients(Gram.of(opposite, none)).get(0, 1), 1e-15);
  }

  @Test
  void badInputIsNamed() {
    SimpleMatrix two = new SimpleMatrix(2, 4);
    SimpleMatrix none = new SimpleMatrix(0, 4);
    List<Runnable> calls =
        List.of(
            () -> PosteriorForm.gaussianMean(0, 1),
            () -> PosteriorForm.atoms(1, new SimpleMatrix(1, 2, true, 0.4, 0.4)),
            () -> PosteriorForm.atoms(1, PRIOR).transform(two, two),
            () -> PosteriorForm.gaussianMeanAround(1, 1).transform(two, none),
            () -> PosteriorForm.vocabulary(Double.NaN),
            () -> PosteriorForm.direction(1, 2),
            () -> PosteriorForm.ridge(-1, Gram::matrix),
            () ->
                ContaminatedForm.of(
                    ContaminatedMean.of(2, 1, 1, 4)
                        .withPriorMean(new SimpleMatrix(1, 2, true, 1.0, 0.0))),
            () ->
                ContaminatedForm.of(ContaminatedMean.of(4, 1, 1, 4))
                    .posterior(Gram.of(new SimpleMatrix(15, 4), none)));
    for (Runnable call : calls) {
      assertThrows(IllegalArgumentException.class, call::run);
    }
  }
}
