package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.conjugate.GaussianGroups;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.mixture.StudentMean;
import org.definetti.latent.regression.LogisticRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Laws of beliefs about contaminated, heavy-tailed, binary and grouped tokens over random
 * hyperparameters, repeated tokens included.
 */
class ExtensionProperties {

  private static double scale(RandomGenerator rng) {
    return Math.pow(10, 4 * rng.nextDouble() - 2);
  }

  private static SimpleMatrix normals(int d, RandomGenerator rng) {
    SimpleMatrix row = new SimpleMatrix(1, d);
    Normal.fill(row.getDDRM().data, 0, d, rng);
    return row;
  }

  private static LatentModel<SimpleMatrix> model(int family, RandomGenerator rng) {
    int d = 1 + rng.nextInt(3);
    double[] probabilities = {0, 1, 0.5, rng.nextDouble()};
    return switch (family) {
      case 0 ->
          GaussianGroups.of(1 + rng.nextInt(4), scale(rng), scale(rng), scale(rng))
              .withPriorMean(normals(d, rng));
      case 1 ->
          ContaminatedMean.of(d, scale(rng), scale(rng), scale(rng))
              .withOutlierProbability(probabilities[rng.nextInt(4)])
              .withPriorMean(normals(d, rng));
      case 2 -> StudentMean.of(1, scale(rng), scale(rng), 2 + scale(rng));
      default -> LogisticRegression.of(1, scale(rng));
    };
  }

  // A lattice moves with the order of tokens: its answers agree as far as they are accurate.
  private static double tolerance(int family) {
    return family < 2 ? 1e-10 : 1e-8;
  }

  @Property(tries = 200, seed = "1", edgeCases = EdgeCasesMode.NONE)
  void theMonoidLawsAndTheChainRuleHold(
      @ForAll @IntRange(max = 3) int family,
      @ForAll @IntRange(max = 9) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    LatentModel<SimpleMatrix> model = model(family, rng);
    Tokens drawn = model.sample(length, rng).tokens();
    Tokens tokens = rng.nextBoolean() ? drawn : drawn.plus(drawn.prefix(length / 2));
    double tolerance = tolerance(family);
    int cut = rng.nextInt(tokens.length() + 1);
    Belief<SimpleMatrix> prior = model.prior();
    Belief<SimpleMatrix> whole = prior.observe(tokens);
    Belief<SimpleMatrix> rest = prior.observe(tokens.slice(cut, tokens.length()));
    assertSame(whole, prior.observe(tokens.prefix(cut)).merge(rest), tolerance);
    int[] order = shuffled(tokens.length(), rng);
    assertSame(whole, prior.observe(tokens.permute(order)), tolerance);
    double sum = 0;
    double size = 1;
    Belief<SimpleMatrix> belief = prior;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(query(model, tokens, l));
      double term = predictive.logProbability(row(tokens.values(), l));
      sum += term;
      size += Math.abs(term);
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertEquals(sum, whole.logEvidence(), tolerance * size);
  }

  private static void assertSame(
      Belief<SimpleMatrix> expected, Belief<SimpleMatrix> actual, double tolerance) {
    assertEquals(expected.count(), actual.count());
    assertClose(expected.mean(), actual.mean(), tolerance, "mean");
    assertClose(expected.covariance(), actual.covariance(), tolerance, "covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), tolerance, "log evidence");
  }

  /** Nothing contaminates when both variances are equal, or one of them never comes. */
  @Property(tries = 100, seed = "2", edgeCases = EdgeCasesMode.NONE)
  void withoutContaminationItIsTheGaussianMean(
      @ForAll @IntRange(max = 2) int how,
      @ForAll @IntRange(max = 20) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    double noise = scale(rng);
    double prior = scale(rng);
    ContaminatedMean model =
        switch (how) {
          case 0 -> ContaminatedMean.of(2, prior, noise, noise);
          case 1 -> ContaminatedMean.of(2, prior, noise, scale(rng)).withOutlierProbability(0);
          default -> ContaminatedMean.of(2, prior, scale(rng), noise).withOutlierProbability(1);
        };
    Tokens tokens = model.sample(length, rng).tokens();
    Belief<SimpleMatrix> plain = GaussianMean.of(2, prior, noise).prior().observe(tokens);
    assertSame(plain, model.prior().observe(tokens), 1e-10);
  }

  /** Variances of 1e-12 and 1e12: moments stay within their bounds, evidence is a number. */
  @Property(tries = 40, seed = "3", edgeCases = EdgeCasesMode.NONE)
  void extremeVariances(
      @ForAll @IntRange(max = 3) int family,
      @ForAll @IntRange(min = -12, max = 12) int priorExponent,
      @ForAll @IntRange(min = -12, max = 12) int noiseExponent,
      @ForAll long seed) {
    double prior = Math.pow(10, priorExponent);
    double noise = Math.pow(10, noiseExponent);
    RandomGenerator rng = Seed.of(seed).generator();
    LatentModel<SimpleMatrix> model =
        switch (family) {
          case 0 -> GaussianGroups.of(2, prior, 1 / prior, noise);
          case 1 -> ContaminatedMean.of(1, prior, noise, 1 / noise);
          case 2 -> StudentMean.of(1, prior, noise, 4);
          default -> LogisticRegression.of(1, prior);
        };
    Tokens tokens = model.sample(5, rng).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertTrue(Double.isFinite(belief.logEvidence()), model + ": log evidence");
    double variance = belief.covariance().get(0, 0);
    double before = model.prior().covariance().get(0, 0);
    // A posterior is at most 4 times as wide as the prior: outliers may make two peaks of it.
    assertTrue(variance > 0 && variance <= 4 * before, model + ": variance " + variance);
    double reach = 10 * Math.sqrt(before);
    assertTrue(Math.abs(belief.mean().get(0, 0)) <= reach, model + ": mean");
  }
}
