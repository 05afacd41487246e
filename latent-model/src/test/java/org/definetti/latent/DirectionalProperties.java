package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.directional.FiniteRotationRegression;
import org.definetti.latent.directional.RotationRegression;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Laws of beliefs about directions over random hyperparameters, repeated tokens included. */
class DirectionalProperties {

  @Provide
  Arbitrary<LatentModel<SimpleMatrix>> models() {
    Arbitrary<Double> scale = Arbitraries.doubles().between(-3, 4).map(x -> Math.pow(10, x));
    Arbitrary<Integer> width = Arbitraries.integers().between(2, 9);
    Arbitrary<Integer> small = Arbitraries.integers().between(2, 3);
    return Arbitraries.<LatentModel<SimpleMatrix>>oneOf(
            Combinators.combine(width, scale, scale).as(DirectionalProperties::mean),
            scale.map(kappa -> RotationRegression.of(2, kappa)),
            Combinators.combine(small, scale).as(FiniteRotationRegression::ofSignedPermutations))
        .withoutEdgeCases();
  }

  private static VonMisesFisherMean mean(int dimension, double kappa, double priorLength) {
    double[] prior = new double[dimension];
    Normal.fill(prior, 0, dimension, Seed.of(81).child(dimension).generator());
    SimpleMatrix parameter = new SimpleMatrix(1, dimension, true, prior).scale(priorLength);
    return VonMisesFisherMean.of(dimension, kappa).withPrior(parameter);
  }

  /** Log densities of unit vectors are known to about 1e-16 · L · κ. */
  private static double tolerance(LatentModel<SimpleMatrix> model, Tokens tokens) {
    return 1e-10 + 1e-15 * tokens.length() * model.description().numbers().get("concentration");
  }

  @Property(tries = 150, seed = "1")
  void theMonoidLawsAndTheChainRuleHold(
      @ForAll("models") LatentModel<SimpleMatrix> model,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    Tokens drawn = model.sample(length, rng).tokens();
    Tokens tokens = rng.nextBoolean() ? drawn : drawn.plus(drawn.prefix(length / 2));
    double tolerance = tolerance(model, tokens);
    int cut = rng.nextInt(tokens.length() + 1);
    Belief<SimpleMatrix> prior = model.prior();
    Belief<SimpleMatrix> whole = prior.observe(tokens);
    Belief<SimpleMatrix> rest = prior.observe(tokens.slice(cut, tokens.length()));
    assertSame(whole, prior.observe(tokens.prefix(cut)).merge(rest), tolerance);
    int[] order = shuffled(tokens.length(), rng);
    assertSame(whole, prior.observe(tokens.permute(order)), tolerance);
    double sum = 0;
    Belief<SimpleMatrix> belief = prior;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(query(model, tokens, l));
      assertTrue(predictive.mean().normF() <= 1 + 1e-12);
      assertEquals(
          1 - Math.pow(predictive.mean().normF(), 2), predictive.covariance().trace(), 1e-12);
      sum += predictive.logProbability(row(tokens.values(), l));
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertClose(sum, belief.logEvidence(), tolerance, "log evidence");
  }

  private static void assertSame(
      Belief<SimpleMatrix> expected, Belief<SimpleMatrix> actual, double tolerance) {
    assertEquals(expected.count(), actual.count());
    assertClose(expected.mean(), actual.mean(), tolerance, "mean");
    assertClose(expected.covariance(), actual.covariance(), tolerance, "covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), tolerance, "log evidence");
    assertClose(expected.entropyNats(), actual.entropyNats(), tolerance, "entropy");
    assertEquals(0, actual.klNats(expected), tolerance, "divergence");
  }

  @Property(tries = 150, seed = "2", edgeCases = EdgeCasesMode.NONE)
  void divergenceIsTheExpectedGapOfLogDensities(
      @ForAll @IntRange(min = 2, max = 40) int dimension,
      @ForAll @IntRange(min = -12, max = 12) int exponent,
      @ForAll @IntRange(max = 5) int length,
      @ForAll long seed) {
    VonMisesFisherMean model = VonMisesFisherMean.of(dimension, Math.pow(10, exponent));
    Tokens tokens = model.sample(length, Seed.of(seed).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    // To the uniform law the divergence is the entropy it lacks.
    double lack = model.prior().entropyNats() - belief.entropyNats();
    assertClose(lack, belief.klNats(model.prior()), 1e-12, "divergence to the uniform law");
    assertTrue(model.prior().klNats(belief) >= 0);
    double trace = belief.covariance().trace();
    double square = Math.pow(belief.mean().normF(), 2);
    assertEquals(1 - square, trace, 1e-12);
    assertTrue(trace >= 0);
  }
}
