package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.assertSame;
import static org.definetti.latent.ContractChecks.probabilities;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.audit.Coherence;
import org.definetti.audit.Exchangeability;
import org.definetti.latent.ContractChecks.Average;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What tokens that are independent given z must satisfy: the order does not matter (A1), two sets
 * of evidence merge into one, predictions are a martingale (A2) and symmetric over two steps (A3),
 * and tokens never repel each other (A4).
 *
 * <p>An ordered model fails some of these, and a control should fail exactly those it is built to
 * fail: a hidden Markov model, an autoregression or index-tied positions fail the order (A1) and
 * symmetry (A3); an urn without replacement is exchangeable, so it passes A1 to A3, but no z is
 * behind it, so it fails A4 and merging.
 *
 * @param <Z> the type of the latent
 */
public interface ExchangeabilityContract<Z> extends ModelUnderTest<Z> {

  private RandomGenerator rng(String purpose) {
    return Seed.of(20_003).child(purpose).generator();
  }

  private Tokens tokens(int length) {
    return model().sample(length, rng("tokens of length " + length)).tokens();
  }

  private void assertEqualBeliefs(Belief<Z> expected, Belief<Z> actual) {
    assertSame(expected, actual, model().drawQuery(rng("query")), tolerance());
  }

  // Log probability of the value of token l, given its query and the tokens before.
  private double logPredictive(Tokens tokens, int l) {
    Belief<Z> belief = model().prior().observe(tokens.prefix(l));
    Predictive predictive = belief.predictive(query(model(), tokens, l));
    double[] target = row(targets(model(), tokens.slice(l, l + 1)), 0);
    return answer(() -> predictive.logProbability(target));
  }

  @Test
  default void tokensAreDrawnOneByOne() {
    Z latent = model().drawLatent(rng("latent"));
    Tokens bulk = model().drawTokens(latent, 5, rng("tokens"));
    RandomGenerator rng = rng("tokens");
    for (int l = 0; l < 5; l++) {
      assertEquals(bulk.get(l), model().drawToken(latent, rng));
    }
  }

  @Test
  default void orderOfTokensDoesNotMatter() {
    for (int length : new int[] {5, 8}) {
      Tokens tokens = tokens(length);
      int[] order = shuffled(length, rng("order"));
      assertEqualBeliefs(
          model().prior().observe(tokens), model().prior().observe(tokens.permute(order)));
    }
  }

  @Test
  default void mergingCountsThePriorOnce() {
    Tokens tokens = tokens(9);
    Belief<Z> left = model().prior().observe(tokens.prefix(3));
    Belief<Z> right = model().prior().observe(tokens.slice(3, 9));
    assertEqualBeliefs(model().prior().observe(tokens), left.merge(right));
    assertEqualBeliefs(left, left.merge(model().prior()));
    assertEqualBeliefs(left.merge(right), right.merge(left));
  }

  /** A1: the joint probability, token by token, is that of any other order. */
  @Test
  default void probabilityDoesNotDependOnOrder() {
    for (int length : new int[] {4, 7}) {
      Tokens tokens = tokens(length);
      double gap =
          Exchangeability.largestGap(
              tokens,
              5,
              rng("orders"),
              x -> {
                double sum = 0;
                for (int l = 0; l < x.length(); l++) {
                  sum += logPredictive(x, l);
                }
                return sum;
              });
      double scale = Math.max(1, Math.abs(answer(() -> logPredictive(tokens, 0))) * length);
      assertTrue(
          gap <= tolerance() * scale,
          "A1: another order of " + length + " tokens changes their log probability by " + gap);
    }
  }

  /** A2 and A3 for categories: all next two tokens are enumerated. */
  @Test
  default void predictionsOfCategoriesAreCoherent() {
    if (!(model().tokenSpace() instanceof CategoricalTokens categories)) {
      Assumptions.abort("tokens are not categories");
      return;
    }
    SimpleMatrix query = model().tokenSpace().emptyQuery();
    Function<Tokens, SimpleMatrix> predictor =
        seen -> {
          Predictive predictive = model().prior().observe(seen).predictive(query);
          double[] row = probabilities(model(), categories.count(), predictive);
          return new SimpleMatrix(1, row.length, true, row);
        };
    for (int length : new int[] {0, 3, 8}) {
      Tokens seen = tokens(length);
      double martingale = Coherence.martingaleGap(seen, predictor);
      double symmetry = Coherence.symmetryGap(seen, predictor);
      assertTrue(
          martingale <= tolerance() / 100, // sums of products of probabilities: no large numbers
          "A2: tomorrow's expected prediction is off today's by " + martingale);
      assertTrue(
          symmetry <= tolerance() / 100,
          "A3: exchanging the next two tokens changes their probability by " + symmetry);
    }
  }

  /**
   * A2 for other tokens: over draws of the next token, tomorrow's prediction has today's mean and
   * second moment on average.
   */
  @Test
  default void predictionsAreAMartingale() {
    Assumptions.assumeFalse(
        model().tokenSpace() instanceof CategoricalTokens, "categories are enumerated");
    RandomGenerator rng = rng("martingale");
    Belief<Z> belief = model().prior().observe(tokens(4));
    SimpleMatrix query = model().drawQuery(rng);
    Predictive today = belief.predictive(query);
    int width = today.mean().getNumCols();
    Average[] means = new Average[width];
    Average[] squares = new Average[width];
    for (int i = 0; i < width; i++) {
      means[i] = new Average("A2: tomorrow's predictive mean, coordinate " + i);
      squares[i] = new Average("A2: tomorrow's predictive second moment, coordinate " + i);
    }
    for (int n = 0; n < draws(); n++) {
      SimpleMatrix key = model().drawQuery(rng);
      Predictive next = belief.predictive(key);
      Tokens token = tokenOf(key, answer(() -> next.draw(rng)));
      Predictive tomorrow = belief.observe(token).predictive(query);
      SimpleMatrix expected = tomorrow.mean();
      SimpleMatrix spread = answer(tomorrow::covariance);
      for (int i = 0; i < width; i++) {
        double mean = expected.get(0, i);
        means[i].add(mean);
        squares[i].add(mean * mean + spread.get(i, i));
      }
    }
    SimpleMatrix spread = answer(today::covariance);
    for (int i = 0; i < width; i++) {
      double mean = today.mean().get(0, i);
      means[i].assertMean(mean);
      squares[i].assertMean(mean * mean + spread.get(i, i));
    }
  }

  // The token of that key and predicted value; skips the test if a value does not make a token.
  private Tokens tokenOf(SimpleMatrix key, double[] value) {
    TokenSpace space = model().tokenSpace();
    if (space.hasQueries()) {
      return Tokens.of(space, Token.pair(key.getDDRM().data, value));
    }
    Assumptions.assumeTrue(value.length == space.width(), "a predicted value is not a token");
    Tokens token = Tokens.of(space, Token.real(value));
    assertClose(
        new SimpleMatrix(1, value.length, true, value),
        targets(model(), token),
        tolerance(),
        "statistic of a token drawn from the predictive");
    return token;
  }

  /** A3 for any tokens: exchanging the next two does not change their probability. */
  @Test
  default void nextTwoTokensAreSymmetric() {
    for (int length : new int[] {0, 3, 6}) {
      Tokens tokens = tokens(length + 2);
      int[] order = new int[length + 2];
      for (int l = 0; l < length; l++) {
        order[l] = l;
      }
      order[length] = length + 1;
      order[length + 1] = length;
      Tokens swapped = tokens.permute(order);
      assertClose(
          logPredictive(tokens, length) + logPredictive(tokens, length + 1),
          logPredictive(swapped, length) + logPredictive(swapped, length + 1),
          tolerance(),
          "A3: log probability of two tokens exchanged after " + length);
    }
  }

  /** A4: Cov(T(x^1), T(x^2)) = Var(E[T(x) | z]) is not negative where there is a z. */
  @Test
  default void tokensDoNotRepelEachOther() {
    RandomGenerator rng = rng("covariance");
    int width = targets(model(), tokens(1)).getNumCols();
    Average[] products = new Average[width];
    double[] mean = model().prior().predictive(model().drawQuery(rng)).mean().getDDRM().data;
    for (int i = 0; i < width; i++) {
      products[i] = new Average("covariance of coordinate " + i + " of two tokens");
    }
    for (int n = 0; n < sequences(); n++) {
      SimpleMatrix pair = targets(model(), model().sample(2, rng).tokens());
      for (int i = 0; i < width; i++) {
        products[i].add((pair.get(0, i) - mean[i]) * (pair.get(1, i) - mean[i]));
      }
    }
    for (Average product : products) {
      product.assertAtLeast(0, "A4: no latent is behind such tokens");
    }
  }

  /** log b(z|X,Y) - log b(z|X) - log b(z|Y) + log b(z) is the same number for every z. */
  @Test
  default void densitiesAndEvidenceFitTogether() {
    Tokens tokens = tokens(7);
    Belief<Z> prior = model().prior();
    Belief<Z> left = prior.observe(tokens.prefix(3));
    Belief<Z> right = prior.observe(tokens.slice(3, 7));
    Belief<Z> both = prior.observe(tokens);
    double expected = answer(left::logEvidence) + right.logEvidence() - both.logEvidence();
    RandomGenerator rng = rng("density");
    for (int i = 0; i < 5; i++) {
      Z z = answer(() -> both.sample(rng));
      double gap =
          answer(() -> both.logDensity(z))
              - left.logDensity(z)
              - right.logDensity(z)
              + prior.logDensity(z);
      assertClose(expected, gap, tolerance(), "log density ratio");
    }
  }

  /** Bayes' rule where the model says its likelihood: log b(z|X) = log b(z) + log P(X|z) - ev. */
  @Test
  default void densityObeysBayesRule() {
    if (!(model() instanceof LikelihoodModel<Z> likelihood)) {
      Assumptions.abort("the model does not say its likelihood");
      return;
    }
    Tokens tokens = tokens(6);
    Belief<Z> belief = model().prior().observe(tokens);
    double evidence = answer(belief::logEvidence);
    RandomGenerator rng = rng("Bayes");
    for (int i = 0; i < 5; i++) {
      Z z = answer(() -> belief.sample(rng));
      double expected = answer(() -> model().prior().logDensity(z)) - evidence;
      for (int l = 0; l < tokens.length(); l++) {
        expected += likelihood.logLikelihood(z, tokens.get(l));
      }
      assertClose(expected, answer(() -> belief.logDensity(z)), tolerance(), "log density of z");
    }
  }
}
