package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Laws of beliefs over random hyperparameters, lengths and tokens, repeated tokens included. */
class BeliefProperties {

  // Hyperparameters span 1e-3..1e3, so the root of a condition number is at most about 1e4.
  private static final double IDENTITY = 1e-10;

  @Provide
  Arbitrary<LatentModel<SimpleMatrix>> models() {
    Arbitrary<Double> scale = Arbitraries.doubles().between(-3, 3).map(x -> Math.pow(10, x));
    Arbitrary<Integer> width = Arbitraries.integers().between(1, 4);
    // Edge cases of hyperparameters would outnumber the tries.
    return Arbitraries.oneOf(
            Combinators.combine(width, scale, scale).as(GaussianMean::of),
            Combinators.combine(scale, scale).as(BetaBernoulli::of),
            scale.list().ofMinSize(2).ofMaxSize(5).map(BeliefProperties::dirichlet),
            Combinators.combine(width, width, scale, scale).as(LinearRegression::of))
        .withoutEdgeCases();
  }

  private static DirichletCategorical dirichlet(List<Double> alpha) {
    return DirichletCategorical.of(alpha.stream().mapToDouble(a -> a).toArray());
  }

  /** Draws tokens and repeats some of them. */
  private static Tokens tokens(LatentModel<SimpleMatrix> model, int length, RandomGenerator rng) {
    Tokens tokens = model.sample(length, rng).tokens();
    return rng.nextBoolean() ? tokens : tokens.plus(tokens.prefix(length / 2));
  }

  @Property(tries = 200, seed = "1")
  void theMonoidLawsHold(
      @ForAll("models") LatentModel<SimpleMatrix> model,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    Tokens tokens = tokens(model, length, rng);
    int cut = rng.nextInt(tokens.length() + 1);
    Tokens first = tokens.prefix(cut);
    Tokens rest = tokens.slice(cut, tokens.length());
    Belief<SimpleMatrix> prior = model.prior();
    Belief<SimpleMatrix> whole = prior.observe(tokens);
    assertSame(whole, prior.observe(first).observe(rest));
    assertSame(whole, prior.observe(first).merge(prior.observe(rest)));
    assertSame(whole, prior.observe(tokens.permute(shuffled(tokens.length(), rng))));
  }

  private static void assertSame(Belief<SimpleMatrix> expected, Belief<SimpleMatrix> actual) {
    assertEquals(expected.count(), actual.count());
    assertClose(expected.mean(), actual.mean(), IDENTITY, "mean");
    assertClose(expected.covariance(), actual.covariance(), IDENTITY, "covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), IDENTITY, "log evidence");
    assertEquals(0, actual.klNats(expected), IDENTITY, "divergence");
  }

  @Property(tries = 200, seed = "2")
  void evidenceObeysTheChainRule(
      @ForAll("models") LatentModel<SimpleMatrix> model,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    Tokens tokens = tokens(model, length, Seed.of(seed).generator());
    SimpleMatrix targets = targets(model, tokens);
    Belief<SimpleMatrix> belief = model.prior();
    double sum = 0;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(query(model, tokens, l));
      sum += predictive.logProbability(row(targets, l));
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertClose(sum, belief.logEvidence(), IDENTITY, "log evidence");
  }

  @Property(tries = 200, seed = "3")
  void informationNeverHurtsOnAverageNorDivergenceGoesNegative(
      @ForAll("models") LatentModel<SimpleMatrix> model,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll long seed) {
    Tokens tokens = tokens(model, length, Seed.of(seed).generator());
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertTrue(belief.klNats(model.prior()) >= 0);
    assertTrue(model.prior().klNats(belief) >= 0);
    if (!(model.tokenSpace() instanceof CategoricalTokens)) { // for counts true on average only
      double before = model.prior().covariance().trace();
      assertTrue(belief.covariance().trace() <= before * (1 + IDENTITY));
    }
  }

  @Property(tries = 200, seed = "4")
  void collinearKeysAreHandledAtAnyScale(
      @ForAll @IntRange(min = -12, max = 12) int priorExponent,
      @ForAll @IntRange(min = -12, max = 12) int noiseExponent,
      @ForAll long seed) {
    double noise = Math.pow(10, noiseExponent);
    double prior = Math.pow(10, priorExponent);
    LinearRegression model = LinearRegression.of(3, 1, prior, noise);
    RandomGenerator rng = Seed.of(seed).generator();
    double[] direction = model.drawQuery(rng).getDDRM().data;
    double[] rows = new double[5 * 4];
    double squares = 0;
    double products = 0;
    for (int l = 0; l < 5; l++) {
      double stretch = l + 1;
      for (int j = 0; j < 3; j++) {
        rows[l * 4 + j] = stretch * direction[j];
      }
      rows[l * 4 + 3] = 2 * stretch;
      squares += stretch * stretch;
      products += 2 * stretch * stretch;
    }
    // Along the direction this is regression on one number; across it nothing was learnt.
    double ridge = noise / prior;
    Belief<SimpleMatrix> belief = model.prior().observe(Tokens.owning(model.tokenSpace(), rows));
    double expected = products / (squares + ridge);
    SimpleMatrix query = new SimpleMatrix(1, 3, true, direction);
    double tolerance = 1e-13 + 4e-16 * Math.sqrt(1 + squares / ridge); // root of the condition
    double answer = belief.predictive(query).mean().get(0, 0);
    assertEquals(expected, answer, tolerance * expected);
    // The keys are collinear up to their own rounding, whose square counts beside the ridge.
    double rounding = 1e-12 + 1e-30 * squares / ridge;
    assertTrue(belief.covariance().trace() >= 2 * prior * (1 - rounding));
    assertTrue(belief.covariance().trace() <= 3 * prior * (1 + rounding));
  }

  @Property(tries = 200, seed = "5")
  void extremeVariancesOfAMean(
      @ForAll @IntRange(min = -12, max = 12) int priorExponent,
      @ForAll @IntRange(min = -12, max = 12) int noiseExponent) {
    double noise = Math.pow(10, noiseExponent);
    double prior = Math.pow(10, priorExponent);
    GaussianMean model = GaussianMean.of(1, prior, noise);
    Tokens tokens = Tokens.of(model.tokenSpace(), Token.real(1), Token.real(3));
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double total = 2 + noise / prior;
    assertEquals(4 / total, belief.mean().get(0, 0), 1e-15 * 4 / total);
    assertEquals(noise / total, belief.covariance().get(0, 0), 1e-15 * noise / total);
    assertTrue(Double.isFinite(belief.logEvidence()));
  }
}
