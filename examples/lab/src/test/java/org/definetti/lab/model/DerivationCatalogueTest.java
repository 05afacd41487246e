package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.definetti.attention.ConceptAttention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.derivation.Exactness;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of the library: its derivation is exact as claimed, or there is a reason. */
class DerivationCatalogueTest {

  private static final double IDENTITY = 1e-10;
  private static final int[] LENGTHS = {0, 1, 2, 5, 17, 60};

  /** The exact form of each model that has one: a derivation that is lost is noticed. */
  private static final Map<String, String> EXACT =
      Map.ofEntries(
          Map.entry("gaussian-mean", "null-token-softmax"),
          Map.entry("beta-bernoulli", "null-token-softmax"),
          Map.entry("dirichlet-categorical", "null-token-softmax"),
          Map.entry("normal-inverse-wishart", "null-token-softmax"),
          Map.entry("gamma-poisson", "null-token-softmax"),
          Map.entry("dirichlet-process", "null-token-softmax"),
          Map.entry("multivariate-gaussian-mean", "multi-head-null-token"),
          Map.entry("gaussian-groups", "two-level-null-token"),
          Map.entry("linear-regression", "cme"),
          Map.entry("gaussian-process", "cme"),
          Map.entry("categorical-concepts", "concept-dictionary"),
          Map.entry("gaussian-concepts", "concept-dictionary"),
          Map.entry("regression-concepts", "concept-dictionary"),
          Map.entry("topics", "concept-dictionary"),
          Map.entry("equal-mean-clusters", "concept-dictionary"),
          Map.entry("finite-directional", "concept-dictionary"),
          Map.entry("sparse-boolean", "concept-dictionary"),
          Map.entry("directional", "direction-readout"),
          Map.entry("von-mises-fisher-mean", "direction-readout"));

  private static final List<String> ONLY_IN_THE_LIMIT =
      List.of("two-topics", "contaminated-mean", "student-mean");

  static Stream<String> exact() {
    return EXACT.keySet().stream().sorted();
  }

  static Stream<String> others() {
    return Models.ALL.stream()
        .map(BuiltInModel::name)
        .filter(name -> !EXACT.containsKey(name) && !ONLY_IN_THE_LIMIT.contains(name));
  }

  private static LatentModel<?> model(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void isExactAtEveryLengthAndItsControlIsNot(String name) {
    LatentModel<?> model = model(name);
    Derivation derivation = Derivation.of(model);
    assertEquals(EXACT.get(name), derivation.form());
    assertEquals(Exactness.exact(), derivation.exactness());
    assertFalse(derivation.parameters().isEmpty());
    Derivation.Control control = derivation.control();
    assertNotNull(control);
    double wrong = 0;
    for (int length : LENGTHS) {
      Seed seed = Seed.of(8).child(name).child(length);
      Tokens tokens = model.sample(length, seed.child("tokens").generator()).tokens();
      SimpleMatrix query = model.drawQuery(seed.child("query").generator());
      SimpleMatrix exact = model.prior().observe(tokens).predictive(query).mean();
      Context context = Context.of(model, tokens);
      SimpleMatrix out = derivation.attention().attend(query, context);
      assertTrue(exact.isIdentical(out, IDENTITY), () -> name + " at " + length);
      wrong =
          Math.max(wrong, control.attention().attend(query, context).minus(exact).elementMaxAbs());
      if (derivation.attention() instanceof ConceptAttention concepts) {
        // What is expected of a token need not tell concepts apart: their probabilities do.
        SimpleMatrix posterior = probabilities(model, tokens);
        assertTrue(posterior.isIdentical(concepts.posterior(context), IDENTITY), name);
        SimpleMatrix averaged = ((ConceptAttention) control.attention()).posterior(context);
        wrong = Math.max(wrong, averaged.minus(posterior).elementMaxAbs());
      }
    }
    assertTrue(wrong > 1e-4, control.words() + ": " + wrong);
  }

  private static SimpleMatrix probabilities(LatentModel<?> model, Tokens tokens) {
    Belief<?> belief = model.prior().observe(tokens);
    return belief instanceof FiniteBelief<?> finite ? finite.probabilities() : belief.mean();
  }

  /** Mean pooling is off by O(1/√L): L times the mean squared gap stays bounded. */
  @Test
  void whereNothingExactIsKnownTheLimitIsOffered() {
    for (String name : ONLY_IN_THE_LIMIT) {
      LatentModel<?> model = model(name);
      Derivation derivation = Derivation.of(model);
      assertEquals("mean-pooling", derivation.form());
      Exactness.Rate rate = (Exactness.Rate) derivation.exactness();
      assertEquals(-1, rate.exponent());
      double early = scaledGap(model, derivation, 16);
      double late = scaledGap(model, derivation, 256);
      // Bounded by tr E Cov(v|z); 12 sequences a length, so within a factor of five of each other.
      assertTrue(late < 5 * early && late > early / 5, name + " " + early + " " + late);
    }
  }

  private static double scaledGap(LatentModel<?> model, Derivation derivation, int length) {
    int sequences = 12;
    double sum = 0;
    for (int s = 0; s < sequences; s++) {
      Tokens tokens = model.sample(length, Seed.of(9).child(length).child(s).generator()).tokens();
      SimpleMatrix query = model.tokenSpace().emptyQuery();
      SimpleMatrix exact = model.prior().observe(tokens).predictive(query).mean();
      SimpleMatrix out = derivation.attention().attend(query, Context.of(model, tokens));
      sum += Math.pow(out.minus(exact).normF(), 2);
    }
    return length * sum / sequences;
  }

  @ParameterizedTest
  @MethodSource("others")
  void anythingElseHasAReason(String name) {
    LatentModel<?> model = model(name);
    String reason = Derivation.whyNone(model);
    assertTrue(reason.startsWith(name + " declares "), reason);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Derivation.of(model)).getMessage();
    assertTrue(message.contains(reason.substring(name.length() + 1)), message);
  }

  @Test
  void aModelWithADerivationHasNoReasonForNone() {
    exact().forEach(name -> assertEquals("", Derivation.whyNone(model(name))));
  }

  /** Settings other than the defaults, each of which takes another path. */
  @Test
  void otherSettingsAreExactToo() {
    for (String text :
        List.of(
            "von-mises-fisher-mean:dimension=4,prior-concentration=3",
            "gaussian-concepts:variances=0.5/1/2",
            "gaussian-process:kernel=matern-half,value-width=2,keys=gaussian",
            "linear-regression:value-width=3,keys=gaussian",
            "normal-inverse-wishart:dimension=3")) {
      assertExact(text);
    }
  }

  private static void assertExact(String text) {
    LatentModel<?> model = model(text);
    Derivation derivation = Derivation.of(model);
    for (int length : new int[] {3, 40}) {
      Tokens tokens = model.sample(length, Seed.of(10).child(length).generator()).tokens();
      SimpleMatrix query = model.drawQuery(Seed.of(11).generator());
      SimpleMatrix exact = model.prior().observe(tokens).predictive(query).mean();
      SimpleMatrix out = derivation.attention().attend(query, Context.of(model, tokens));
      assertTrue(exact.isIdentical(out, IDENTITY), text);
    }
  }
}
