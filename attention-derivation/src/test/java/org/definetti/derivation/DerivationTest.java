package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.latent.Belief;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LatentModel;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class DerivationTest {

  private static final double TOLERANCE = 1e-12;

  private final LinearRegression regression = LinearRegression.of(8, 1, 1, 0.1);

  /** M1 against the joint Gaussian of z and all tokens with its full covariance. */
  @Test
  void nullTokenSoftmaxConditionsTheJointGaussian() {
    double t2 = 0.7;
    double s2 = 1.9;
    SimpleMatrix priorMean = row(0.5, -2);
    GaussianMean model = GaussianMean.of(2, t2, s2).withPriorMean(row(0.5, -2));
    Derivation derivation = Derivation.of(model);
    assertEquals("null-token-softmax", derivation.form());
    assertEquals(Exactness.exact(), derivation.exactness());
    for (int length : new int[] {0, 1, 2, 7, 40}) {
      Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
      SimpleMatrix covariance = new SimpleMatrix(length, length);
      covariance.fill(t2); // every two tokens share z
      covariance = covariance.plus(SimpleMatrix.identity(length).scale(s2));
      SimpleMatrix cross = new SimpleMatrix(1, length);
      cross.fill(t2);
      SimpleMatrix exact = priorMean.copy();
      if (length > 0) {
        SimpleMatrix ones = new SimpleMatrix(length, 1);
        ones.fill(1);
        SimpleMatrix centred = tokens.values().minus(ones.mult(priorMean));
        exact = priorMean.plus(cross.mult(covariance.invert()).mult(centred));
      }
      assertTrue(exact.isIdentical(attend(derivation, model, tokens), TOLERANCE));
      if (length > 0) {
        SimpleMatrix control = attend(Derivation.of(model, "mean-pooling"), model, tokens);
        assertTrue(exact.minus(control).elementMaxAbs() > 1e-3);
      }
    }
  }

  /** M2 against quadrature of likelihood times prior on a grid of midpoints. */
  @Test
  void nullTokenSoftmaxIntegratesTheLikelihood() {
    BetaBernoulli model = BetaBernoulli.of(3, 2); // a polynomial integrand
    Derivation derivation = Derivation.of(model);
    for (int length : new int[] {0, 1, 5, 30}) {
      Tokens tokens = model.sample(length, Seed.of(2).child(length).generator()).tokens();
      double ones = length == 0 ? 0 : model.statistic(tokens).elementSum();
      double mass = 0;
      double moment = 0;
      int cells = 200_000;
      for (int i = 0; i < cells; i++) {
        double z = (i + 0.5) / cells;
        double density = Math.pow(z, 2 + ones) * Math.pow(1 - z, 1 + length - ones);
        mass += density;
        moment += z * density;
      }
      assertEquals(moment / mass, attend(derivation, model, tokens).get(0, 0), 1e-9);
    }
  }

  /** M3 and M1 against the model's own belief over three decades of lengths. */
  @Test
  void nullTokenSoftmaxIsExactAtEveryLength() {
    List<LatentModel<?>> models =
        List.of(
            DirichletCategorical.of(0.5, 1, 2.5, 1),
            GaussianMean.of(2, 0.7, 1.9).withPriorMean(row(0.5, -2)),
            BetaBernoulli.of(0.5, 4));
    for (LatentModel<?> model : models) {
      Derivation derivation = Derivation.of(model);
      Tokens tokens = model.sample(1000, Seed.of(4).generator()).tokens();
      for (int length : new int[] {0, 1, 2, 3, 10, 31, 100, 316, 1000}) {
        Tokens prefix = tokens.prefix(length);
        SimpleMatrix exact = predictiveMean(model, prefix);
        assertTrue(exact.isIdentical(attend(derivation, model, prefix), TOLERANCE));
      }
    }
  }

  /** A7: the exact size of what mean pooling gets wrong, within four standard errors. */
  @Test
  void meanPoolingMissesByItsKnownGap() {
    GaussianMean model = GaussianMean.of(1, 0.5, 2).withPriorMean(row(1));
    Derivation pooling = Derivation.of(model, "mean-pooling");
    assertInstanceOf(Exactness.KnownGap.class, pooling.exactness());
    double nu = 4;
    int trials = 4000;
    for (int length : new int[] {2, 16}) {
      double sum = 0;
      for (int trial = 0; trial < trials; trial++) {
        RandomGenerator rng = Seed.of(9).child(length).child(trial).generator();
        Tokens tokens = model.sample(length, rng).tokens();
        double gap = attend(pooling, model, tokens).minus(predictiveMean(model, tokens)).get(0, 0);
        sum += gap * gap;
      }
      double expected = nu * nu * 0.5 / (length * (length + nu));
      // A squared Gaussian has standard deviation √2 times its mean.
      assertEquals(expected, sum / trials, 4 * expected * Math.sqrt(2.0 / trials));
    }
  }

  @Test
  void cmeIsExactForRegression() {
    Derivation cme = Derivation.of(regression);
    assertEquals("cme", cme.form());
    assertEquals(Exactness.exact(), cme.exactness());
    KernelRidgeAttention attention = assertInstanceOf(KernelRidgeAttention.class, cme.attention());
    assertEquals(0.1, attention.ridge(), 1e-16);
    Tokens tokens = regression.sample(300, Seed.of(6).generator()).tokens();
    SimpleMatrix query = regression.drawQuery(Seed.of(7).generator());
    for (int length : new int[] {0, 1, 5, 8, 9, 300}) {
      Context context = Context.of(regression, tokens.prefix(length));
      Belief<SimpleMatrix> belief = regression.prior().observe(tokens.prefix(length));
      SimpleMatrix mean = belief.predictive(query).mean();
      assertTrue(mean.isIdentical(attention.attend(query, context), 1e-11));
      double variance = belief.predictive(query).covariance().get(0, 0);
      double ours = attention.predictiveVariance(query, context, 0.1).get(0, 0);
      assertEquals(variance, ours, 1e-11);
    }
  }

  @Test
  void softmaxFormsSayHowFarTheyGo() {
    assertEquals(List.of("cme", "corrected-softmax", "softmax"), forms(regression));
    Derivation corrected = Derivation.of(regression, "corrected-softmax", 0.25);
    Exactness.Rate rate = assertInstanceOf(Exactness.Rate.class, corrected.exactness());
    assertEquals(-1, rate.exponent());
    double constant = SoftmaxAsymptotics.of(regression, 0.25).gapConstant();
    assertEquals(constant, rate.constant());
    assertInstanceOf(
        Exactness.NotConsistent.class, Derivation.of(regression, "softmax").exactness());
    for (Derivation derivation : Derivation.all(regression)) {
      assertTrue(derivation.label().contains("temperature"), derivation.label());
      assertTrue(!derivation.explanation().isEmpty() && derivation.source().contains("["));
      assertTrue(derivation.toString().startsWith(derivation.form()));
    }
    assertEquals(List.of("cme"), forms(regression.withKeys(KeyLaw.GAUSSIAN)));
  }

  @Test
  void refusesWithTheReason() {
    assertMessage(
        "form: expected one of [cme, corrected-softmax, softmax] for linear-regression, got cmee",
        () -> Derivation.of(regression, "cmee"));
    LinearRegression gaussian = regression.withKeys(KeyLaw.GAUSSIAN);
    assertMessage(
        "form: expected one of [cme] for linear-regression (softmax forms: expected keys on",
        () -> Derivation.of(gaussian, "softmax"));
    assertMessage(
        "model: expected one with a derivation, got Undeclared",
        () -> Derivation.of(new Undeclared()));
    assertMessage(
        "temperature: expected finite and > 0, got -1.0",
        () -> Derivation.of(regression, "softmax", -1));
  }

  private static List<String> forms(LatentModel<?> model) {
    return Derivation.all(model).stream().map(Derivation::form).toList();
  }

  private static SimpleMatrix attend(Derivation derivation, LatentModel<?> model, Tokens tokens) {
    return derivation
        .attention()
        .attend(model.tokenSpace().emptyQuery(), Context.of(model, tokens));
  }

  private static SimpleMatrix predictiveMean(LatentModel<?> model, Tokens tokens) {
    return model.prior().observe(tokens).predictive(model.tokenSpace().emptyQuery()).mean();
  }

  private static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  private static void assertMessage(String start, org.junit.jupiter.api.function.Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.startsWith(start), message);
  }

  /** A model that declares nothing but how to draw. */
  static final class Undeclared implements LatentModel<Double> {
    @Override
    public TokenSpace tokenSpace() {
      return new RealTokens(1);
    }

    @Override
    public Belief<Double> prior() {
      throw new UnsupportedOperationException("no belief");
    }

    @Override
    public Double drawLatent(RandomGenerator rng) {
      return 0.0;
    }

    @Override
    public Token drawToken(Double latent, RandomGenerator rng) {
      return Token.real(latent);
    }
  }
}
