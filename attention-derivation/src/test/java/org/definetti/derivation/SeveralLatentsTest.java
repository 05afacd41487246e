package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.EvidenceMixtureAttention;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** B4 and B5: attentions that follow from a stated assumption. */
class SeveralLatentsTest {

  private static final double IDENTITY = 1e-10;

  private final LinearRegression linear =
      LinearRegression.of(3, 1, 1.5, 0.25).withKeys(KeyLaw.GAUSSIAN);
  private final GaussianProcess radial =
      GaussianProcess.of(new RbfKernel(0.5), 3, 0.8, 0.25).withKeys(KeyLaw.GAUSSIAN);
  private final List<LinearGaussianModel<?>> both = List.of(linear, radial);

  @Test
  void independentLatentsHaveAHeadEach() {
    Derivation derivation = SeveralLatents.independent(both);
    Tokens first = linear.sample(9, Seed.of(1).generator()).tokens();
    Tokens second = radial.sample(9, Seed.of(2).generator()).tokens();
    Context context =
        Context.of(
            first.keys().concatColumns(second.keys()),
            first.values().concatColumns(second.values()));
    SimpleMatrix query = linear.labelQuery().concatColumns(second.keys().rows(0, 1).scale(0.5));
    SimpleMatrix out = derivation.attention().attend(query, context);
    SimpleMatrix a = linear.prior().observe(first).predictive(query.cols(0, 3)).mean();
    SimpleMatrix b = radial.prior().observe(second).predictive(query.cols(3, 6)).mean();
    assertTrue(a.concatColumns(b).isIdentical(out, IDENTITY));
  }

  /** Given the sum, no head alone is right: conditioning the joint Gaussian of both functions. */
  @Test
  void additiveLatentsShareAHead() {
    Derivation derivation = SeveralLatents.additive(both);
    SimpleMatrix keys = normal("keys", 7, 3);
    SimpleMatrix values = normal("values", 7, 1);
    SimpleMatrix query = normal("query", 1, 3);
    SimpleMatrix covariance = new SimpleMatrix(7, 7);
    SimpleMatrix cross = new SimpleMatrix(1, 7);
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 7; j++) {
        covariance.set(
            i, j, covariance(keys.rows(i, i + 1), keys.rows(j, j + 1)) + (i == j ? 0.5 : 0));
      }
      cross.set(0, i, covariance(query, keys.rows(i, i + 1)));
    }
    SimpleMatrix exact = cross.mult(covariance.invert()).mult(values);
    SimpleMatrix out = derivation.attention().attend(query, Context.of(keys, values));
    assertTrue(exact.isIdentical(out, IDENTITY));
    SimpleMatrix sumOfHeads =
        Derivation.of(linear)
            .attention()
            .attend(query, Context.of(keys, values))
            .plus(Derivation.of(radial).attention().attend(query, Context.of(keys, values)));
    assertTrue(exact.minus(sumOfHeads).elementMaxAbs() > 1e-2);
  }

  private static double covariance(SimpleMatrix a, SimpleMatrix b) {
    double square = Math.pow(a.minus(b).normF(), 2);
    return 1.5 * a.mult(b.transpose()).get(0) + 0.8 * Math.exp(-square / (2 * 0.5));
  }

  /** Evidence by the models' own beliefs, heads by theirs. */
  @Test
  void anUncertainLatentMixesHeadsByEvidence() {
    SimpleMatrix priors = new SimpleMatrix(1, 2, true, 0.3, 0.7);
    Derivation derivation = SeveralLatents.uncertain(both, priors);
    SimpleMatrix query = linear.labelQuery();
    double largest = 0;
    for (int length : new int[] {0, 1, 5, 20}) {
      Tokens tokens = radial.sample(length, Seed.of(3).child(length).generator()).tokens();
      Context context = Context.of(radial, tokens);
      double a = 0.3 * Math.exp(linear.prior().observe(tokens).logEvidence());
      double b = 0.7 * Math.exp(radial.prior().observe(tokens).logEvidence());
      EvidenceMixtureAttention mixture = (EvidenceMixtureAttention) derivation.attention();
      assertEquals(a / (a + b), mixture.posterior(context).get(0), IDENTITY);
      double exact =
          (a * linear.prior().observe(tokens).predictive(query).mean().get(0)
                  + b * radial.prior().observe(tokens).predictive(query).mean().get(0))
              / (a + b);
      assertEquals(exact, mixture.attend(query, context).get(0), IDENTITY);
      Attention uniform = new EvidenceMixtureAttention(mixture.heads(), priors, 1e6);
      largest = Math.max(largest, Math.abs(exact - uniform.attend(query, context).get(0)));
    }
    assertTrue(largest > 1e-3, "the control: evidence that hardly looks at the values");
  }

  @Test
  void refusesModelsThatDoNotFitTogether() {
    LinearRegression wide = LinearRegression.of(4, 1, 1, 0.25);
    LinearRegression noisy = LinearRegression.of(3, 1, 1, 0.5);
    LinearRegression offCentre = linear.withPriorMean(new SimpleMatrix(1, 3, true, 1.0, 0.0, 0.0));
    SimpleMatrix half = new SimpleMatrix(1, 2, true, 0.5, 0.5);
    assertMessage("models: expected tokens of", List.of(linear, wide), half);
    assertMessage("models: expected noise variance 0.25, got 0.5", List.of(linear, noisy), half);
    assertMessage("models: expected a prior mean of zero", List.of(linear, offCentre), half);
    assertMessage("models: expected >= 1, got 0", List.of(), half);
  }

  private static void assertMessage(
      String start, List<LinearGaussianModel<?>> models, SimpleMatrix priors) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> SeveralLatents.uncertain(models, priors))
            .getMessage();
    assertTrue(message.startsWith(start), message);
  }

  /** B4: Bayes' rule over which token made the query, densities written out. */
  @Test
  void aGeneratedQueryIsAnsweredByBayes() {
    double gamma = 0.4;
    GeneratedQuery assumption = new GeneratedQuery(gamma);
    SimpleMatrix keys = normal("keys", 6, 2);
    SimpleMatrix values = normal("values", 6, 1);
    SimpleMatrix biases = normal("biases", 6, 1);
    SimpleMatrix query = normal("query", 1, 2);
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < 6; i++) {
      double square = Math.pow(query.minus(keys.rows(i, i + 1)).normF(), 2);
      double weight = Math.exp(biases.get(i)) * Math.exp(-square / (2 * gamma));
      mass += weight;
      moment += weight * values.get(i);
    }
    Context context = new Context(keys, values, biases);
    assertEquals(
        moment / mass, assumption.anyNorms().attention().attend(query, context).get(0), 1e-14);
    double softmax = assumption.equalNorms().attention().attend(query, context).get(0);
    assertTrue(Math.abs(moment / mass - softmax) > 1e-3, "norms differ here");
    assertEquals(2, assumption.derivations().size());
    assertThrows(IllegalArgumentException.class, () -> new GeneratedQuery(0));
  }

  private static SimpleMatrix normal(String name, int rows, int columns) {
    RandomGenerator rng = Seed.of(51).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
