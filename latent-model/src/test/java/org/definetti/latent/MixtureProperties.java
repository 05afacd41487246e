package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.mixture.DirichletProcess;
import org.definetti.latent.mixture.TwoTopics;
import org.definetti.random.Dirichlet;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Laws of beliefs about mixtures over random hyperparameters, repeated tokens included. */
class MixtureProperties {

  private static final double IDENTITY = 1e-10;

  /** Random topics; some words may belong to one topic only. */
  private static SimpleMatrix topics(int words, RandomGenerator rng) {
    double[] shapes = new double[words];
    Arrays.fill(shapes, 0.3);
    SimpleMatrix first = new SimpleMatrix(1, words, true, Dirichlet.draw(shapes, rng));
    SimpleMatrix second = new SimpleMatrix(1, words, true, Dirichlet.draw(shapes, rng));
    SimpleMatrix one = new SimpleMatrix(1, words);
    one.getDDRM().data[rng.nextInt(words)] = 1;
    return first.concatRows(rng.nextInt(4) == 0 ? one : second);
  }

  private static Tokens repeated(LatentModel<?> model, int length, RandomGenerator rng) {
    Tokens tokens = model.sample(length, rng).tokens();
    return rng.nextBoolean() ? tokens : tokens.plus(tokens.prefix(length / 2));
  }

  @Property(tries = 200, seed = "1", edgeCases = EdgeCasesMode.NONE)
  void topicsObeyTheMonoidLawsAndTheChainRule(
      @ForAll @IntRange(min = 2, max = 6) int words,
      @ForAll @DoubleRange(min = -3, max = 3) double logA,
      @ForAll @DoubleRange(min = -3, max = 3) double logB,
      @ForAll @IntRange(max = 40) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    TwoTopics model =
        TwoTopics.of(topics(words, rng)).withPrior(Math.pow(10, logA), Math.pow(10, logB));
    Tokens tokens = repeated(model, length, rng);
    Belief<SimpleMatrix> whole = model.prior().observe(tokens);
    assertMonoid(model, tokens, whole, rng);
    double mean = whole.mean().get(0, 0);
    double variance = whole.covariance().get(0, 0);
    assertTrue(variance >= 0 && variance <= mean * (1 - mean) + 1e-15);
    double kl = whole.klNats(model.prior());
    assertTrue(kl >= 0 && Double.isFinite(kl));
    // KL to the prior is E[log likelihood] - log evidence, so below the best log-likelihood's gap.
    assertTrue(kl <= -whole.logEvidence() + 1e-9);
  }

  @Property(tries = 200, seed = "2", edgeCases = EdgeCasesMode.NONE)
  void processesObeyTheMonoidLawsAndTheChainRule(
      @ForAll @IntRange(min = 1, max = 3) int dimension,
      @ForAll @DoubleRange(min = -3, max = 3) double logConcentration,
      @ForAll @IntRange(min = -12, max = 12) int exponent,
      @ForAll @IntRange(max = 40) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    double nu = Math.pow(10, logConcentration);
    DirichletProcess model = DirichletProcess.of(dimension, nu, Math.pow(10, exponent));
    Tokens tokens = repeated(model, length, rng);
    assertMonoid(model, tokens, model.prior().observe(tokens), rng);
  }

  private static <Z> void assertMonoid(
      LatentModel<Z> model, Tokens tokens, Belief<Z> whole, RandomGenerator rng) {
    Belief<Z> prior = model.prior();
    int cut = rng.nextInt(tokens.length() + 1);
    Belief<Z> rest = prior.observe(tokens.slice(cut, tokens.length()));
    assertSame(whole, prior.observe(tokens.prefix(cut)).merge(rest));
    assertSame(whole, prior.observe(tokens.permute(shuffled(tokens.length(), rng))));
    Belief<Z> belief = prior;
    double sum = 0;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
      sum += predictive.logProbability(row(tokens.values(), l));
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertSame(whole, belief);
    assertClose(sum, whole.logEvidence(), IDENTITY, "log evidence");
  }

  private static <Z> void assertSame(Belief<Z> expected, Belief<Z> actual) {
    assertEquals(expected.count(), actual.count());
    assertClose(expected.mean(), actual.mean(), IDENTITY, "mean");
    assertClose(expected.covariance(), actual.covariance(), IDENTITY, "covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), IDENTITY, "log evidence");
  }
}
