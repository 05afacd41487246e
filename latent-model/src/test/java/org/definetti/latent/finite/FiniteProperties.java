package org.definetti.latent.finite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.Belief;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Dirichlet;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Laws of finite beliefs over random models, zeros and extreme variances included. */
class FiniteProperties {

  private static final double IDENTITY = 1e-10;

  /** Returns probabilities of which some are exactly zero, never all. */
  private static double[] row(int width, RandomGenerator rng) {
    double[] alpha = new double[width];
    for (int w = 0; w < width; w++) {
      alpha[w] = Math.exp(Normal.draw(rng));
    }
    double[] row = Dirichlet.draw(alpha, rng);
    int kept = rng.nextInt(width);
    double sum = 0;
    for (int w = 0; w < width; w++) {
      row[w] = w != kept && rng.nextInt(4) == 0 ? 0 : row[w];
      sum += row[w];
    }
    for (int w = 0; w < width; w++) {
      row[w] /= sum;
    }
    return row;
  }

  private static SimpleMatrix rows(int count, int width, RandomGenerator rng) {
    double[][] rows = new double[count][];
    for (int k = 0; k < count; k++) {
      rows[k] = row(width, rng);
    }
    return new SimpleMatrix(rows);
  }

  private static SimpleMatrix normals(int rows, int columns, double scale, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers).scale(scale);
  }

  private static FiniteLatentModel<?> model(int kind, RandomGenerator rng) {
    int concepts = 1 + rng.nextInt(5);
    int width = 1 + rng.nextInt(3);
    double variance = Math.pow(10, -12 + 24 * rng.nextDouble());
    SimpleMatrix prior = rows(1, concepts, rng);
    return switch (kind) {
      case 0 -> CategoricalConcepts.of(rows(concepts, 2 + rng.nextInt(6), rng)).withPrior(prior);
      case 1 ->
          GaussianConcepts.of(normals(concepts, width, Math.sqrt(variance), rng), variance)
              .withPrior(prior);
      case 2 -> {
        List<SimpleMatrix> covariances = new ArrayList<>();
        for (int k = 0; k < concepts; k++) {
          SimpleMatrix root = normals(width, width, Math.sqrt(variance), rng);
          SimpleMatrix floor = SimpleMatrix.identity(width).scale(0.1 * variance);
          covariances.add(root.mult(root.transpose()).plus(floor));
        }
        yield GaussianConcepts.of(normals(concepts, width, Math.sqrt(variance), rng), covariances)
            .withPrior(prior);
      }
      case 3 -> {
        List<SimpleMatrix> maps = new ArrayList<>();
        for (int k = 0; k < concepts; k++) {
          maps.add(normals(1 + kind % 2, width, Math.sqrt(variance), rng));
        }
        yield RegressionConcepts.of(maps, variance).withPrior(prior);
      }
      case 4 -> Topics.of(Topics.simplexGrid(width, 3), rows(width, 4, rng));
      default -> {
        double[] deviations = new double[concepts];
        for (int k = 0; k < concepts; k++) {
          deviations[k] = Math.sqrt(variance) * Math.exp(Normal.draw(rng));
        }
        yield EqualMeanClusters.of(deviations).withPrior(prior);
      }
    };
  }

  @Property(tries = 300, seed = "1", edgeCases = EdgeCasesMode.NONE)
  void theMonoidLawsHold(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    check(model(kind, rng), length, rng);
  }

  private static <Z> void check(FiniteLatentModel<Z> model, int length, RandomGenerator rng) {
    Tokens drawn = model.sample(length, rng).tokens();
    Tokens tokens = drawn.plus(drawn.prefix(length / 2)); // some repeated
    int cut = rng.nextInt(tokens.length() + 1);
    Tokens left = tokens.prefix(cut);
    Tokens right = tokens.slice(cut, tokens.length());
    FiniteBelief<Z> prior = FiniteBelief.prior(model);
    FiniteBelief<Z> whole = prior.observe(tokens);
    assertSame(whole, prior.observe(left).observe(right));
    assertSame(whole, prior.observe(right).merge(prior.observe(left)));
    FiniteBelief<Z> each = prior;
    double sum = 0;
    for (int l = 0; l < tokens.length(); l++) {
      Tokens token = tokens.slice(l, l + 1);
      SimpleMatrix query =
          model.tokenSpace().hasQueries() ? token.keys() : model.tokenSpace().emptyQuery();
      sum += each.predictive(query).logProbability(token.values().getDDRM().data);
      each = each.observe(token);
    }
    assertSame(whole, each);
    assertEquals(sum, whole.logEvidence(), tolerance(sum)); // the chain rule
    assertEquals(tokens.length(), each.count());
    double entropy = whole.entropyNats();
    assertTrue(entropy >= 0 && entropy <= Math.log(model.latents().size()) + IDENTITY);
    assertTrue(whole.klNats(prior) >= 0);
    assertEquals(0, whole.klNats(whole));
    double total = 0;
    for (Z latent : model.latents()) {
      total += Math.exp(whole.logDensity(latent));
    }
    assertEquals(1, total, IDENTITY);
    assertBulk(model, tokens);
  }

  // The tables of a model against its likelihood of one token.
  private static <Z> void assertBulk(FiniteLatentModel<Z> model, Tokens tokens) {
    SimpleMatrix bulk = model.logLikelihoods(tokens);
    for (int l = 0; l < tokens.length(); l++) {
      Token token = tokens.get(l);
      for (int k = 0; k < model.latents().size(); k++) {
        double one = model.logLikelihood(model.latents().get(k), token);
        assertEquals(one, bulk.get(l, k), tolerance(one));
      }
    }
  }

  private static void assertSame(FiniteBelief<?> expected, FiniteBelief<?> actual) {
    assertEquals(expected.logEvidence(), actual.logEvidence(), tolerance(expected.logEvidence()));
    for (int k = 0; k < expected.probabilities().getNumCols(); k++) {
      assertEquals(expected.probabilities().get(0, k), actual.probabilities().get(0, k), IDENTITY);
    }
  }

  private static double tolerance(double log) {
    return Double.isInfinite(log) ? 0 : IDENTITY * Math.max(1, Math.abs(log));
  }

  /** A2: the belief's expected posterior after one more token is the belief itself. */
  @Property(tries = 100, seed = "2", edgeCases = EdgeCasesMode.NONE)
  void beliefsAreMartingales(@ForAll @IntRange(max = 9) int length, @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    FiniteLatentModel<?> model = model(rng.nextBoolean() ? 0 : 4, rng);
    Tokens tokens = model.sample(length, rng).tokens();
    Belief<?> belief = model.prior().observe(tokens);
    SimpleMatrix next = belief.predictive(model.tokenSpace().emptyQuery()).mean();
    SimpleMatrix expected = belief.mean().scale(0);
    for (int w = 0; w < next.getNumCols(); w++) {
      if (next.get(0, w) > 0) {
        Belief<?> later = belief.observe(Tokens.ofRows(model.tokenSpace(), new double[] {w}));
        expected = expected.plus(later.mean().scale(next.get(0, w)));
      }
    }
    assertTrue(expected.isIdentical(belief.mean(), 1e-12));
  }
}
