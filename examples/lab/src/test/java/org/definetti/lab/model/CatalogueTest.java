package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.definetti.latent.Belief;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of the catalogue at its limit of length and on degenerate tokens. */
class CatalogueTest {

  private static final int MILLION = 1_000_000;
  private static final int BLOCK = 10_000;

  /** Models that take fewer than a million tokens, with the most they take. */
  private static final Map<String, Integer> LIMITS =
      Map.of(
          "gaussian-process", 4_000, // its own test takes them all
          "two-topics", 20_000,
          "contaminated-mean", 100_000,
          "urn", 100);

  /** These keep their tokens: any length, at a price that a test need not pay. */
  private static final Map<String, Integer> DEAR =
      Map.of("student-mean", 5_000, "logistic-regression", 1_000);

  private static final Map<String, String> SMALLER = Map.of("finite-directional", "dimension=2");

  private static final Set<String> ORDERED =
      Set.of("hidden-markov", "markov-chain", "autoregression", "index-tied");

  static Stream<BuiltInModel> models() {
    return Models.ALL.stream();
  }

  private static LatentModel<?> model(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  // A block drawn once, again and again: cheap, and drawn from one latent.
  private static Tokens tiled(LatentModel<?> model, int length) {
    Tokens block = model.sample(Math.min(length, BLOCK), Seed.of(1).generator()).tokens();
    TokenSpace space = model.tokenSpace();
    double[] rows = new double[length * space.width()];
    double[] once = new double[block.length() * space.width()];
    block.copyRows(once, 0);
    for (int from = 0; from < rows.length; from += once.length) {
      System.arraycopy(once, 0, rows, from, Math.min(once.length, rows.length - from));
    }
    return Tokens.owning(space, rows);
  }

  private static void assertFinite(String what, double... numbers) {
    assertTrue(
        Arrays.stream(numbers).allMatch(Double::isFinite), what + " " + Arrays.toString(numbers));
  }

  private static <Z> Predictive predictive(LatentModel<Z> model, Belief<Z> belief) {
    return belief.predictive(model.drawQuery(Seed.of(2).generator()));
  }

  private static <Z> void assertSane(LatentModel<Z> model, Belief<Z> belief, String what) {
    Predictive predictive = predictive(model, belief);
    SimpleMatrix mean = predictive.mean();
    assertFinite(what + ": mean", mean.getDDRM().data);
    assertFinite(what + ": log evidence", belief.logEvidence());
    try {
      SimpleMatrix covariance = predictive.covariance();
      assertFinite(what + ": covariance", covariance.getDDRM().data);
      for (int i = 0; i < mean.getNumCols(); i++) {
        assertTrue(covariance.get(i, i) >= 0, what + ": variance " + covariance.get(i, i));
      }
    } catch (UnsupportedOperationException none) {
      assertTrue(none.getMessage().contains("because"), none.getMessage());
    }
  }

  /**
   * At the longest input that a model takes its answers are numbers, and beyond it is refused by
   * name. Evidence per token is that of the first half, so it is not lost in rounding either.
   */
  @ParameterizedTest
  @MethodSource("models")
  void theLongestInputIsTakenAndMoreIsRefused(BuiltInModel entry) {
    // Of 48 rotations in space, the 8 of the plane show as much.
    check(entry.build(SMALLER.getOrDefault(entry.name(), "")), entry.name());
  }

  private static <Z> void check(LatentModel<Z> model, String name) {
    if (name.equals("gaussian-process")) {
      return;
    }
    int limit = LIMITS.getOrDefault(name, DEAR.getOrDefault(name, MILLION));
    Tokens tokens = tiled(model, limit);
    if (name.equals("urn")) {
      tokens = model.sample(limit, Seed.of(1).generator()).tokens();
    }
    Belief<Z> belief = model.prior().observe(tokens);
    assertEquals(limit, belief.count());
    if (!name.equals("urn")) { // an empty urn predicts nothing
      assertSane(model, belief, name);
      if (limit % (2 * BLOCK) == 0) { // both halves are made of whole blocks
        double perToken = belief.logEvidence() / limit;
        int half = limit / 2;
        double ofHalf = model.prior().observe(tokens.prefix(half)).logEvidence() / half;
        // They differ by about (d/2) log 2 / L.
        assertEquals(ofHalf, perToken, 0.02 * Math.max(1, Math.abs(perToken)), name);
      }
    }
    if (LIMITS.containsKey(name)) {
      Tokens more = tokens.plus(tokens.prefix(1));
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.prior().observe(more), name)
              .getMessage();
      assertTrue(message.startsWith("tokens: ") || message.contains(": expected"), message);
    }
  }

  @Test
  void everyEntryStatesItsLimit() {
    for (BuiltInModel entry : Models.ALL) {
      Integer limit = LIMITS.get(entry.name());
      String stated = entry.limit().replace(",", "");
      if (limit == null) {
        assertTrue(stated.startsWith("any length"), entry.name() + ": " + stated);
      } else if (!entry.name().equals("urn")) {
        assertTrue(stated.contains(limit.toString()), entry.name() + ": " + stated);
      }
    }
  }

  /** No token, one token, one token many times: finite answers, and order does not matter. */
  @ParameterizedTest
  @MethodSource("models")
  void noTokenOneTokenAndRepeatedTokens(BuiltInModel entry) {
    degenerate(entry.build(""), entry.name());
  }

  private static <Z> void degenerate(LatentModel<Z> model, String name) {
    Belief<Z> prior = model.prior();
    assertSane(model, prior, name + ", prior");
    assertEquals(0, prior.logEvidence(), 1e-12, name);
    Belief<Z> none = prior.observe(Tokens.none(model.tokenSpace()));
    double[] before = predictive(model, prior).mean().getDDRM().data;
    assertEquals(
        Arrays.toString(before), Arrays.toString(predictive(model, none).mean().getDDRM().data));
    Tokens one = model.sample(1, Seed.of(3).generator()).tokens();
    Belief<Z> seen = prior.observe(one);
    assertSane(model, seen, name + ", one token");
    // What one token says of itself: the predictive is its evidence.
    SimpleMatrix query =
        model.tokenSpace().hasQueries() ? one.keys() : model.tokenSpace().emptyQuery();
    SimpleMatrix value =
        model instanceof ConjugateModel<Z> conjugate ? conjugate.statistic(one) : one.values();
    double log = prior.predictive(query).logProbability(value.getDDRM().data);
    assertEquals(log, seen.logEvidence(), 2e-9 * Math.max(1, Math.abs(log)), name);
    Tokens many = one;
    int times = name.equals("contaminated-mean") ? 14 : 40;
    while (many.length() < times) {
      many = many.plus(one);
    }
    Belief<Z> repeated = prior.observe(many);
    assertSane(model, repeated, name + ", one token " + times + " times");
    if (!ORDERED.contains(name)) {
      Belief<Z> stepwise = prior;
      for (int l = 0; l < times; l++) {
        stepwise = stepwise.observe(one);
      }
      double evidence = repeated.logEvidence();
      double tolerance = 2e-9 * Math.max(1, Math.abs(evidence));
      assertEquals(evidence, stepwise.logEvidence(), tolerance, name);
    }
  }

  /** Hyperparameters of 1e-12 and 1e12: finite answers, or refused by the name of a setting. */
  @ParameterizedTest
  @MethodSource("models")
  void extremeHyperparametersGiveNumbersOrARefusal(BuiltInModel entry) {
    List<String> scales =
        entry.defaults().keySet().stream()
            .filter(
                key ->
                    key.matches(
                        ".*(variance|variances|scale|deviations|rate|shape|concentration|a|b|alpha)"))
            .toList();
    for (String key : scales) {
      int count = entry.defaults().get(key).split("/", -1).length;
      for (String extreme : new String[] {"1e-12", "1e12"}) {
        String value = String.join("/", Collections.nCopies(count, extreme));
        extreme(entry.name() + ":" + key + "=" + value, key);
      }
    }
  }

  private static void extreme(String text, String key) {
    try {
      LatentModel<?> model = model(text);
      observed(model, text);
    } catch (IllegalArgumentException refused) {
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("expected") || message.contains("got"), key + ": " + message);
    }
  }

  private static <Z> void observed(LatentModel<Z> model, String text) {
    Tokens tokens = model.sample(5, Seed.of(4).generator()).tokens();
    assertSane(model, model.prior().observe(tokens), text);
  }

  /** Probabilities 0 and 1 in every place that takes one. */
  @ParameterizedTest
  @CsvSource({
    "categorical-concepts:prior=1/0/0",
    "categorical-concepts:likelihoods=1/0/0/0/0/1/0/0/0/0/1/1",
    "gaussian-concepts:prior=0/1/0",
    "regression-concepts:prior=0/1/0",
    "equal-mean-clusters:prior=0/0/1",
    "topics:topics=1/0/0/0/0/1/0/0/0/0/1/1",
    "two-topics:topics=1/0/0/0/0/1/1/1",
    "contaminated-mean:outlier-probability=0",
    "contaminated-mean:outlier-probability=1",
    "hidden-markov:initial=1/0,transition=1/0/0/1,emission=1/0/0/1",
    "hidden-markov:transition=0/1/1/0",
    "markov-chain:initial=1/0/0",
    "index-tied:prior=1/0",
    "index-tied:laws=1/0/0/1/0/1/1/0",
    "urn:balls=0/50",
    "latent-tree:stay=1,seen=1",
    "latent-tree:stay=0",
    "latent-grid:seen=1",
    "latent-grid:seen=0",
  })
  void probabilitiesOfZeroAndOne(String text) {
    LatentModel<?> model = model(text);
    assertSane(model(text), text);
    observed(model, text);
  }

  private static <Z> void assertSane(LatentModel<Z> model, String text) {
    assertSane(model, model.prior(), text);
  }

  /** Keys on one line: directions across it keep what the prior says. */
  @ParameterizedTest
  @CsvSource({
    "linear-regression:key-width=3,noise-variance=1e-12",
    "linear-regression:key-width=3,noise-variance=1e12",
    "gaussian-process:key-width=3,kernel=linear,noise-variance=1e-6",
    "gaussian-process:key-width=3,noise-variance=1e-6",
    "regression-concepts",
    "logistic-regression"
  })
  void collinearKeys(String text) {
    collinear(model(text), text);
  }

  private static <Z> void collinear(LatentModel<Z> model, String text) {
    TokenSpace space = model.tokenSpace();
    Tokens drawn = model.sample(6, Seed.of(5).generator()).tokens();
    double[] rows = new double[6 * space.width()];
    drawn.copyRows(rows, 0);
    for (int l = 1; l < 6; l++) {
      for (int j = 0; j < space.keyWidth(); j++) {
        rows[l * space.width() + j] = (l % 2 == 0 ? 1 : -1) * rows[j];
      }
    }
    assertSane(model, model.prior().observe(Tokens.owning(space, rows)), text);
  }
}
