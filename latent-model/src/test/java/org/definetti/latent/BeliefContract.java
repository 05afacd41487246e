package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.probabilities;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.ContractChecks.Average;
import org.definetti.latent.ContractChecks.Moments;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * What every belief must satisfy, whether or not the order of tokens matters.
 *
 * <p>Identities hold to {@link #tolerance}; Monte Carlo comparisons allow 5 standard errors.
 *
 * @param <Z> the type of the latent
 */
public interface BeliefContract<Z> extends ModelUnderTest<Z> {

  private RandomGenerator rng(String purpose) {
    return Seed.of(20_001).child(purpose).generator();
  }

  private Tokens tokens(int length) {
    return model().sample(length, rng("tokens of length " + length)).tokens();
  }

  private void assertSame(Belief<Z> expected, Belief<Z> actual) {
    SimpleMatrix query = model().drawQuery(rng("query"));
    ContractChecks.assertSame(expected, actual, query, tolerance());
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

  /** The predictive's probabilities sum, or its density integrates, to one. */
  @Test
  default void predictiveIntegratesToOne() {
    for (int length : new int[] {0, 6}) {
      Belief<Z> belief = model().prior().observe(tokens(length));
      Predictive predictive = belief.predictive(model().drawQuery(rng("query")));
      if (model().tokenSpace() instanceof CategoricalTokens categories) {
        double[] probabilities = probabilities(model(), categories.count(), predictive);
        double sum = Arrays.stream(probabilities).sum();
        assertClose(1, sum, tolerance(), "sum of the predictive over all categories");
      } else {
        Normalisation.check(predictive, draws(), rng("integral"));
      }
    }
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
