package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.ConceptAttention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class BeliefReadoutTest {

  private static final double TOLERANCE = 1e-9; // L = 1000 through 1 / w0

  private final GaussianMean gaussian =
      GaussianMean.of(2, 0.7, 1.9).withPriorMean(new SimpleMatrix(1, 2, true, 0.5, -2.0));
  private final LinearRegression regression = LinearRegression.of(5, 2, 1.5, 0.1);

  @Test
  void invertsTheNullTokenToCountAndSum() {
    List<ConjugateModel<?>> models =
        List.of(gaussian, DirichletCategorical.of(0.5, 1, 2.5, 1), BetaBernoulli.of(0.5, 4));
    for (ConjugateModel<?> model : models) {
      for (int length : new int[] {0, 1, 2, 17, 1000}) {
        assertReadsOut(model, length);
      }
    }
  }

  private static <Z> void assertReadsOut(LatentModel<Z> model, int length) {
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    Attention attention = Derivation.of(model).attention();
    Belief<Z> readOut = BeliefReadout.of(model, attention, Context.of(model, tokens));
    Belief<Z> exact = model.prior().observe(tokens);
    assertEquals(length, readOut.count(), TOLERANCE);
    assertTrue(exact.mean().isIdentical(readOut.mean(), TOLERANCE));
    assertEquals(0, exact.klNats(readOut), TOLERANCE);
  }

  @Test
  void readsAWrongBeliefOutOfAWrongNullToken() {
    Tokens tokens = gaussian.sample(10, Seed.of(2).generator()).tokens();
    Context context = Context.of(gaussian, tokens);
    double twice = 2 * gaussian.priorCount();
    Attention wrong =
        SoftmaxAttention.of(1).withNullToken(NullToken.ofCount(twice, gaussian.priorMean()));
    Belief<SimpleMatrix> readOut = BeliefReadout.of(gaussian, wrong, context);
    // 10 tokens against a prior worth twice as much look like 5.
    assertEquals(5, readOut.count(), TOLERANCE);
    assertTrue(gaussian.prior().observe(tokens).klNats(readOut) > 0.01);
  }

  @Test
  void readsMeanAndCovarianceOutOfKernelRidge() {
    Tokens tokens = regression.sample(200, Seed.of(3).generator()).tokens();
    Attention cme = Derivation.of(regression).attention();
    for (int length : new int[] {0, 1, 4, 6, 200}) {
      Tokens prefix = tokens.prefix(length);
      Context context = Context.of(regression, prefix);
      Belief<SimpleMatrix> readOut = BeliefReadout.of(regression, cme, context);
      Belief<SimpleMatrix> exact = regression.prior().observe(prefix);
      assertTrue(exact.mean().isIdentical(readOut.mean(), TOLERANCE));
      assertTrue(exact.covariance().isIdentical(readOut.covariance(), TOLERANCE));
      assertEquals(0, exact.klNats(readOut), TOLERANCE);
      assertEquals(length, readOut.count());
    }
    // The control: a ridge off by a factor of two is a wrong belief.
    Attention wrong = KernelRidgeAttention.of(new LinearKernel(), 2 * 0.1 / 1.5);
    Belief<SimpleMatrix> readOut =
        BeliefReadout.of(regression, wrong, Context.of(regression, tokens.prefix(4)));
    assertTrue(regression.prior().observe(tokens.prefix(4)).klNats(readOut) > 0.01);
  }

  @Test
  void readsTheProbabilitiesOfConceptsOutOfTheDictionary() {
    EqualMeanClusters clusters = EqualMeanClusters.of(0.5, 1, 2);
    for (int length : new int[] {0, 1, 9, 300}) {
      assertReadsOut(clusters, length);
    }
    Tokens tokens = clusters.sample(9, Seed.of(6).generator()).tokens();
    ConceptAttention right = (ConceptAttention) Derivation.of(clusters).attention();
    Belief<Integer> averaged =
        BeliefReadout.of(clusters, right.averagingEvidence(), Context.of(clusters, tokens));
    assertTrue(clusters.prior().observe(tokens).klNats(averaged) > 0.01);
  }

  @Test
  void saysWhyNoBeliefIsDetermined() {
    Tokens tokens = gaussian.sample(5, Seed.of(4).generator()).tokens();
    Context context = Context.of(gaussian, tokens);
    assertNone("its null token has weight 0", gaussian, SoftmaxAttention.of(1), context);
    assertNone("it gives no weights", gaussian, (q, c) -> q, context);
    Tokens pairs = regression.sample(5, Seed.of(5).generator()).tokens();
    Context pairContext = Context.of(regression, pairs);
    assertNone("its outputs give at best", regression, SoftmaxAttention.of(1), pairContext);
    LatentModel<Double> undeclared = new DerivationTest.Undeclared();
    assertNone("the model declares neither", undeclared, SoftmaxAttention.of(1), context);
  }

  private static void assertNone(
      String reason, LatentModel<?> model, Attention attention, Context context) {
    UnsupportedOperationException refusal =
        assertThrows(
            UnsupportedOperationException.class, () -> BeliefReadout.of(model, attention, context));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("because " + reason), message);
  }
}
