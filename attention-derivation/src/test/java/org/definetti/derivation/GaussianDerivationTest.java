package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.PeriodicKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GammaPoisson;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Attention derived from Gaussian processes, general regression priors and Gaussian families. */
class GaussianDerivationTest {

  private static final double IDENTITY = 1e-10;

  private static final SimpleMatrix COVARIANCE =
      new SimpleMatrix(3, 3, true, 1.3, 0.5, -0.2, 0.5, 0.6, 0.1, -0.2, 0.1, 2.0);

  /** B1: kernel ridge attention is the predictive mean, and knows the predictive variance. */
  @Test
  void kernelRidgeIsExactForEveryKernel() {
    SumKernel sum = new SumKernel(new ConstantKernel(), new PeriodicKernel(2, 1));
    List<LinearGaussianModel<?>> models =
        List.of(
            GaussianProcess.of(new RbfKernel(0.5), 3, 1.5, 0.25).withValueWidth(2),
            GaussianProcess.of(
                new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, 0.6), 3, 0.7, 0.1),
            GaussianProcess.of(sum, 3, 2, 0.3),
            LinearRegression.of(3, 2, 5, 0.4).withPriorCovariance(COVARIANCE));
    for (LinearGaussianModel<?> model : models) {
      Derivation derivation = Derivation.of(model);
      assertEquals("cme", derivation.form());
      assertEquals(Exactness.exact(), derivation.exactness());
      for (int length : new int[] {0, 1, 6, 40}) {
        assertExact(model, derivation, length);
      }
    }
  }

  private static void assertExact(LinearGaussianModel<?> model, Derivation derivation, int length) {
    Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
    Context context = Context.of(model, tokens);
    SimpleMatrix query = model.drawQuery(Seed.of(2).generator());
    Predictive exact = model.prior().observe(tokens).predictive(query);
    SimpleMatrix attended = derivation.attention().attend(query, context);
    assertTrue(exact.mean().isIdentical(attended, IDENTITY), model + " at " + length);
    KernelRidgeAttention cme = (KernelRidgeAttention) derivation.attention();
    double variance = cme.predictiveVariance(query, context, model.noiseVariance()).get(0);
    assertEquals(exact.covariance().get(0, 0), variance, IDENTITY);
  }

  /** A prior mean other than zero is taken from the values and added at the query. */
  @Test
  void aPriorMeanIsAddedToKernelRidge() {
    SimpleMatrix mean = new SimpleMatrix(2, 3, true, 1.0, 0.0, -2.0, 0.5, 3.0, 1.0);
    LinearRegression model =
        LinearRegression.of(3, 2, 5, 0.4).withPriorCovariance(COVARIANCE).withPriorMean(mean);
    Derivation derivation = Derivation.of(model);
    assertEquals("cme", derivation.form());
    assertEquals(List.of("cme"), Derivation.all(model).stream().map(Derivation::form).toList());
    assertThrows(IllegalArgumentException.class, () -> SoftmaxAsymptotics.of(model, 0.25));
    SimpleMatrix query = model.drawQuery(Seed.of(5).generator());
    for (int length : new int[] {0, 1, 6, 40}) {
      Tokens tokens = model.sample(length, Seed.of(3).child(length).generator()).tokens();
      Context context = Context.of(model, tokens);
      SimpleMatrix exact = model.prior().observe(tokens).predictive(query).mean();
      assertTrue(exact.isIdentical(derivation.attention().attend(query, context), IDENTITY));
      // The control: kernel ridge that knows nothing of the mean is wrong.
      Attention centred = KernelRidgeAttention.of(model.kernel(), 0.4);
      assertTrue(exact.minus(centred.attend(query, context)).elementMaxAbs() > 1e-3);
    }
    Context context = Context.of(model, model.sample(5, Seed.of(3).generator()).tokens());
    Exception readOut =
        assertThrows(
            UnsupportedOperationException.class,
            () -> BeliefReadout.of(model, derivation.attention(), context));
    assertTrue(readOut.getMessage().contains("prior mean"), readOut.getMessage());
  }

  /**
   * The mean of a new token is linear in the tokens even with unknown covariance, and for counts.
   */
  @Test
  void nullTokenSoftmaxIsExact() {
    SimpleMatrix scale = new SimpleMatrix(2, 2, true, 3.0, 1.0, 1.0, 2.0);
    List<LatentModel<?>> models =
        List.of(
            NormalInverseWishart.of(new SimpleMatrix(1, 2, true, 1.0, -1.0), 1.7, scale, 6),
            GammaPoisson.of(2.5, 0.7));
    for (LatentModel<?> model : models) {
      Derivation derivation = Derivation.of(model);
      assertEquals("null-token-softmax", derivation.form());
      for (int length : new int[] {0, 1, 9}) {
        Tokens tokens = model.sample(length, Seed.of(4).child(length).generator()).tokens();
        SimpleMatrix query = model.tokenSpace().emptyQuery();
        Belief<?> belief = model.prior().observe(tokens);
        SimpleMatrix exact = belief.predictive(query).mean();
        SimpleMatrix attended = derivation.attention().attend(query, Context.of(model, tokens));
        assertTrue(exact.isIdentical(attended, IDENTITY), model + " at " + length);
      }
    }
  }

  /** Another number of prior tokens in each direction: a null-token head for each. */
  @Test
  void aFullCovarianceTakesAHeadADirection() {
    SimpleMatrix noise = new SimpleMatrix(3, 3, true, 2, 0.3, 0, 0.3, 1, -0.4, 0, -0.4, 0.5);
    SimpleMatrix knowledge = new SimpleMatrix(2, 3, true, 1, 0.5, -1, 0, 2, 1);
    SimpleMatrix singular = knowledge.transpose().mult(knowledge); // MS7: rank two of three
    SimpleMatrix mean = new SimpleMatrix(1, 3, true, 1, -2, 0.5);
    for (SimpleMatrix prior : List.of(COVARIANCE, singular, new SimpleMatrix(3, 3))) {
      MultivariateGaussianMean model =
          MultivariateGaussianMean.of(prior, noise).withPriorMean(mean);
      Derivation derivation = Derivation.of(model);
      assertEquals("multi-head-null-token", derivation.form());
      for (int length : new int[] {0, 1, 7, 300}) {
        Tokens tokens = model.sample(length, Seed.of(6).child(length).generator()).tokens();
        SimpleMatrix exact = mean;
        if (length > 0) { // m0 + (x̄ − m0) (S0 + S/L)⁻¹ S0
          SimpleMatrix average = new SimpleMatrix(1, 3);
          for (int l = 0; l < length; l++) {
            average = average.plus(1.0 / length, tokens.values().rows(l, l + 1));
          }
          SimpleMatrix gain = prior.plus(1.0 / length, noise).invert().mult(prior);
          exact = mean.plus(average.minus(mean).mult(gain));
        }
        SimpleMatrix query = model.tokenSpace().emptyQuery();
        Context context = Context.of(model, tokens);
        assertTrue(exact.isIdentical(derivation.attention().attend(query, context), IDENTITY));
      }
    }
    assertEquals(
        "2", Derivation.of(MultivariateGaussianMean.of(singular, noise)).parameters().get("heads"));
  }
}
