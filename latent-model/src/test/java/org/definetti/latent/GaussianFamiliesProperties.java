package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.shuffled;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.conjugate.GammaPoisson;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Laws of the beliefs of Gaussian families, counts, general regression and Gaussian processes over
 * random hyperparameters, lengths and tokens, repeated tokens included.
 */
class GaussianFamiliesProperties {

  // Hyperparameters span 1e-2..1e2, so condition numbers stay below about 1e6.
  private static final double IDENTITY = 1e-9;

  private static double scale(RandomGenerator rng) {
    return Math.pow(10, 4 * rng.nextDouble() - 2);
  }

  private static SimpleMatrix normals(int rows, int columns, RandomGenerator rng) {
    SimpleMatrix matrix = new SimpleMatrix(rows, columns);
    Normal.fill(matrix.getDDRM().data, 0, matrix.getNumElements(), rng);
    return matrix;
  }

  private static SimpleMatrix covariance(int d, RandomGenerator rng) {
    SimpleMatrix root = normals(d, d, rng);
    SimpleMatrix spread = root.mult(root.transpose()).plus(SimpleMatrix.identity(d).scale(0.1));
    return spread.scale(scale(rng));
  }

  private static LatentModel<?> model(int family, RandomGenerator rng) {
    int d = 1 + rng.nextInt(4);
    return switch (family) {
      case 0 -> {
        SimpleMatrix knowledge = normals(1 + rng.nextInt(d), d, rng); // often singular
        yield MultivariateGaussianMean.of(knowledge.transpose().mult(knowledge), covariance(d, rng))
            .withPriorMean(normals(1, d, rng));
      }
      case 1 ->
          NormalInverseWishart.of(
              normals(1, d, rng), scale(rng), covariance(d, rng), d + 4 + 10 * rng.nextDouble());
      case 2 -> GammaPoisson.of(scale(rng), scale(rng));
      case 3 ->
          LinearRegression.of(d, 2, 1, scale(rng))
              .withPriorCovariance(covariance(d, rng))
              .withPriorMean(normals(2, d, rng));
      case 4 -> GaussianProcess.of(new RbfKernel(scale(rng)), d, scale(rng), scale(rng));
      default ->
          GaussianProcess.of(
                  new MaternKernel(MaternKernel.Smoothness.HALF, scale(rng)),
                  d,
                  scale(rng),
                  scale(rng))
              .withValueWidth(2);
    };
  }

  private static Tokens tokens(LatentModel<?> model, int length, RandomGenerator rng) {
    Tokens tokens = model.sample(length, rng).tokens();
    return rng.nextBoolean() ? tokens : tokens.plus(tokens.prefix(length / 2));
  }

  @Property(tries = 300, seed = "1")
  void theMonoidLawsAndTheChainRuleHold(
      @ForAll @IntRange(max = 5) int family,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    check(model(family, rng), length, rng);
  }

  private static <Z> void check(LatentModel<Z> model, int length, RandomGenerator rng) {
    Tokens tokens = tokens(model, length, rng);
    int cut = rng.nextInt(tokens.length() + 1);
    Tokens first = tokens.prefix(cut);
    Tokens rest = tokens.slice(cut, tokens.length());
    Belief<Z> prior = model.prior();
    Belief<Z> whole = prior.observe(tokens);
    SimpleMatrix query = model.drawQuery(rng);
    assertSame(whole, prior.observe(first).observe(rest), query);
    assertSame(whole, prior.observe(first).merge(prior.observe(rest)), query);
    assertSame(whole, prior.observe(tokens.permute(shuffled(tokens.length(), rng))), query);
    assertSame(whole, prior.prefixes(tokens, cut, tokens.length()).get(1), query);
    assertTrue(whole.klNats(prior) >= 0 && prior.klNats(whole) >= 0);
    SimpleMatrix targets = targets(model, tokens);
    double sum = 0;
    double size = 0;
    Belief<Z> belief = prior;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(query(model, tokens, l));
      double term = predictive.logProbability(row(targets, l));
      sum += term;
      size += Math.abs(term);
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertEquals(sum, whole.logEvidence(), IDENTITY * Math.max(1, size));
  }

  private static <Z> void assertSame(Belief<Z> expected, Belief<Z> actual, SimpleMatrix query) {
    assertEquals(expected.count(), actual.count());
    Predictive one = expected.predictive(query);
    Predictive two = actual.predictive(query);
    assertClose(one.mean(), two.mean(), IDENTITY, "predictive mean");
    assertClose(one.covariance(), two.covariance(), IDENTITY, "predictive covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), IDENTITY, "log evidence");
    double terms = Math.max(1, Math.abs(expected.logEvidence()));
    assertEquals(0, actual.klNats(expected), IDENTITY * terms, "divergence");
  }
}
