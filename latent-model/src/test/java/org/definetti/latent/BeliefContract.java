package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.latent.ContractChecks.Average;
import org.definetti.latent.ContractChecks.Moments;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * What every belief must satisfy, as tests: implement {@link #model} in a JUnit 5 test class.
 *
 * <p>Questions that the belief answers with {@link UnsupportedOperationException} are skipped. All
 * seeds are fixed; Monte Carlo comparisons allow 5 standard errors.
 *
 * @param <Z> the type of the latent
 */
public interface BeliefContract<Z> {

  /** Returns the model whose beliefs are tested. */
  LatentModel<Z> model();

  /** Returns the tolerance of identities, relative to max(1, largest magnitude). */
  default double tolerance() {
    return 1e-10;
  }

  /** Returns the number of draws of Monte Carlo comparisons. */
  default int draws() {
    return 20_000;
  }

  /** Returns z written as one vector, row by row, as {@link Belief#covariance} orders it. */
  default double[] vector(Z latent) {
    if (latent instanceof SimpleMatrix matrix) {
      return matrix.getDDRM().data;
    }
    if (latent instanceof Number number) {
      return new double[] {number.doubleValue()};
    }
    throw new UnsupportedOperationException("this latent is not written as a vector");
  }

  private RandomGenerator rng(String purpose) {
    return Seed.of(20_001).child(purpose).generator();
  }

  private Tokens tokens(int length) {
    return model().sample(length, rng("tokens of length " + length)).tokens();
  }

  private void assertSame(Belief<Z> expected, Belief<Z> actual) {
    assertClose(expected.count(), actual.count(), tolerance(), "count");
    SimpleMatrix query = model().drawQuery(rng("query"));
    assertClose(
        expected.predictive(query).mean(),
        actual.predictive(query).mean(),
        tolerance(),
        "predictive mean");
    assertSameAnswer(b -> b.predictive(query).covariance(), expected, actual);
    assertSameAnswer(Belief::mean, expected, actual);
    assertSameAnswer(Belief::covariance, expected, actual);
    assertSameAnswer(b -> new SimpleMatrix(1, 1, true, b.logEvidence()), expected, actual);
  }

  private void assertSameAnswer(
      Function<Belief<Z>, SimpleMatrix> question, Belief<Z> expected, Belief<Z> actual) {
    SimpleMatrix answer;
    try {
      answer = question.apply(expected);
    } catch (UnsupportedOperationException none) {
      assertThrows(UnsupportedOperationException.class, () -> question.apply(actual));
      return;
    }
    assertClose(answer, question.apply(actual), tolerance(), "answer of a belief");
  }

  @Test
  default void priorHasSeenNothing() {
    assertEquals(0, model().prior().count());
    assertClose(0, answer(() -> model().prior().logEvidence()), tolerance(), "log evidence");
  }

  @Test
  default void observingNothingChangesNothing() {
    Belief<Z> belief = model().prior().observe(tokens(3));
    assertSame(belief, belief.observe(Tokens.none(model().tokenSpace())));
  }

  @Test
  default void orderOfTokensDoesNotMatter() {
    for (int length : new int[] {5, 8}) {
      Tokens tokens = tokens(length);
      int[] order = shuffled(length, rng("order"));
      assertSame(model().prior().observe(tokens), model().prior().observe(tokens.permute(order)));
    }
  }

  @Test
  default void conditioningTwiceIsConditioningOnce() {
    Tokens tokens = tokens(9);
    Belief<Z> once = model().prior().observe(tokens);
    Belief<Z> stepwise = model().prior();
    for (int l = 0; l < tokens.length(); l++) {
      stepwise = stepwise.observe(tokens.slice(l, l + 1));
    }
    assertSame(once, stepwise);
    assertSame(once, model().prior().observe(tokens.prefix(2)).observe(tokens.slice(2, 9)));
  }

  @Test
  default void mergingCountsThePriorOnce() {
    Tokens tokens = tokens(9);
    Belief<Z> left = model().prior().observe(tokens.prefix(3));
    Belief<Z> right = model().prior().observe(tokens.slice(3, 9));
    assertSame(model().prior().observe(tokens), left.merge(right));
    assertSame(left, left.merge(model().prior()));
    assertSame(left.merge(right), right.merge(left));
  }

  @Test
  default void prefixesAreTheBeliefsOfPrefixes() {
    Tokens tokens = tokens(9);
    int[] lengths = {0, 1, 4, 4, 9};
    List<Belief<Z>> beliefs = model().prior().prefixes(tokens, lengths);
    assertEquals(lengths.length, beliefs.size());
    for (int i = 0; i < lengths.length; i++) {
      assertSame(model().prior().observe(tokens.prefix(lengths[i])), beliefs.get(i));
    }
    assertThrows(IllegalArgumentException.class, () -> model().prior().prefixes(tokens, 10));
    assertThrows(IllegalArgumentException.class, () -> model().prior().prefixes(tokens, 4, 3));
  }

  /** Sum of log predictives = log evidence, given the keys where there are keys. */
  @Test
  default void evidenceObeysTheChainRule() {
    for (int length : new int[] {4, 7}) {
      Tokens tokens = tokens(length);
      SimpleMatrix targets = targets(model(), tokens);
      double sum = 0;
      for (int l = 0; l < length; l++) {
        Belief<Z> belief = model().prior().observe(tokens.prefix(l));
        Predictive predictive = belief.predictive(query(model(), tokens, l));
        double[] target = row(targets, l);
        sum += answer(() -> predictive.logProbability(target));
      }
      Belief<Z> whole = model().prior().observe(tokens);
      assertClose(sum, answer(whole::logEvidence), tolerance(), "log evidence");
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

  /** A predictive over categories sums to one; any other is checked against its own draws. */
  @Test
  default void predictiveIsNormalised() {
    for (int length : new int[] {0, 6}) {
      Belief<Z> belief = model().prior().observe(tokens(length));
      Predictive predictive = belief.predictive(model().drawQuery(rng("query")));
      if (model().tokenSpace() instanceof CategoricalTokens categories) {
        double sum = 0;
        for (int w = 0; w < categories.count(); w++) {
          Tokens token = Tokens.of(categories, Token.category(w));
          double[] target = row(targets(model(), token), 0);
          sum += Math.exp(answer(() -> predictive.logProbability(target)));
        }
        assertClose(1, sum, tolerance(), "sum of probabilities");
      } else {
        assertDensityIntegratesToOne(predictive);
      }
    }
  }

  // E[q(v) / p(v)] = 1 over draws v of p, with q a narrower normal, so that the ratio is bounded.
  private void assertDensityIntegratesToOne(Predictive predictive) {
    SimpleMatrix mean = predictive.mean();
    SimpleMatrix covariance = answer(predictive::covariance);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < mean.getNumCols(); i++) {
      least = Math.min(least, covariance.get(i, i));
    }
    IsotropicGaussian narrower = new IsotropicGaussian(mean, least / 2);
    Average ratio = new Average("integral of the predictive");
    RandomGenerator rng = rng("integral");
    for (int n = 0; n < draws(); n++) {
      double[] value = answer(() -> predictive.draw(rng));
      ratio.add(Math.exp(narrower.logProbability(value) - predictive.logProbability(value)));
    }
    ratio.assertMean(1);
  }

  @Test
  default void predictiveDrawsHaveItsMoments() {
    Predictive predictive =
        model().prior().observe(tokens(4)).predictive(model().drawQuery(rng("query")));
    RandomGenerator rng = rng("predictive");
    Moments moments = new Moments(row(predictive.mean(), 0), answer(predictive::covariance));
    for (int n = 0; n < draws(); n++) {
      moments.add(answer(() -> predictive.draw(rng)));
    }
    moments.check("predictive");
  }

  @Test
  default void samplesHaveTheBeliefsMoments() {
    for (int length : new int[] {0, 6}) {
      Belief<Z> belief = model().prior().observe(tokens(length));
      RandomGenerator rng = rng("sample");
      SimpleMatrix mean = answer(belief::mean);
      Moments moments = new Moments(mean.getDDRM().data, answer(belief::covariance));
      for (int n = 0; n < draws(); n++) {
        moments.add(answer(() -> vector(belief.sample(rng))));
      }
      moments.check("sample");
    }
  }

  @Test
  default void entropyIsTheExpectedSurprise() {
    Belief<Z> belief = model().prior().observe(tokens(5));
    double expected = answer(belief::entropyNats);
    Average surprise = new Average("entropy");
    RandomGenerator rng = rng("entropy");
    for (int n = 0; n < draws(); n++) {
      Z z = answer(() -> belief.sample(rng));
      surprise.add(-answer(() -> belief.logDensity(z)));
    }
    surprise.assertMean(expected);
  }

  @Test
  default void divergenceIsTheExpectedLogRatio() {
    Belief<Z> mine = model().prior().observe(tokens(5));
    Belief<Z> theirs = model().prior().observe(tokens(3));
    assertClose(0, answer(() -> mine.klNats(mine)), tolerance(), "KL to itself");
    double kl = mine.klNats(theirs);
    assertTrue(kl > 0, "KL to another belief: expected > 0, got " + kl);
    Average ratio = new Average("divergence");
    RandomGenerator rng = rng("divergence");
    for (int n = 0; n < draws(); n++) {
      Z z = answer(() -> mine.sample(rng));
      ratio.add(answer(() -> mine.logDensity(z)) - theirs.logDensity(z));
    }
    ratio.assertMean(kl);
  }

  @Test
  default void tokensOfAnotherSpaceAreRefused() {
    TokenSpace other =
        model().tokenSpace() instanceof CategoricalTokens
            ? new RealTokens(1)
            : new CategoricalTokens(2);
    Tokens none = Tokens.none(other);
    assertThrows(ShapeMismatchException.class, () -> model().prior().observe(none));
  }
}
