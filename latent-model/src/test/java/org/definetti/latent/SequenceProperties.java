package org.definetti.latent;

import static org.definetti.latent.ContractChecks.assertClose;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.MarkovChain;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Dirichlet;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Laws of the beliefs of sequences and graphs over random hyperparameters, probabilities 0 and 1
 * and variances from 1e-12 to 1e12 included, and over random and repeated tokens.
 */
class SequenceProperties {

  private static final double IDENTITY = 1e-9; // 1e-10 a token at the most extreme variances

  private static double[] probabilities(int width, RandomGenerator rng) {
    double[] p = new double[width];
    int kind = rng.nextInt(4);
    if (kind == 0) {
      p[rng.nextInt(width)] = 1; // certain
      return p;
    }
    double[] alpha = new double[width];
    Arrays.fill(alpha, kind == 1 ? 0.05 : 1.0); // nearly certain, or anything
    p = Dirichlet.draw(alpha, rng);
    if (kind == 2 && width > 1) {
      p[1] += p[0];
      p[0] = 0;
    }
    return p;
  }

  private static SimpleMatrix table(int height, int width, RandomGenerator rng) {
    return new SimpleMatrix(
        IntStream.range(0, height)
            .mapToObj(i -> probabilities(width, rng))
            .toArray(double[][]::new));
  }

  private static double scale(RandomGenerator rng) {
    return Math.pow(10, rng.nextInt(25) - 12);
  }

  private static LatentModel<?> model(int kind, RandomGenerator rng) {
    int states = 1 + rng.nextInt(4);
    int width = 2 + rng.nextInt(3);
    return switch (kind) {
      case 0 ->
          HiddenMarkov.of(
              table(1, states, rng), table(states, states, rng), table(states, width, rng));
      case 1 -> {
        double[] means = new double[states * width];
        Normal.fill(means, 0, means.length, rng);
        yield HiddenMarkov.gaussian(
            table(1, states, rng),
            table(states, states, rng),
            new SimpleMatrix(states, width, true, means),
            scale(rng));
      }
      case 2 -> {
        double[] alpha = new double[width * width];
        Arrays.setAll(alpha, i -> Math.pow(10, 6 * rng.nextDouble() - 3));
        yield MarkovChain.of(new SimpleMatrix(width, width, true, alpha))
            .withInitial(table(1, width, rng));
      }
      case 3 ->
          AutoRegression.of(1.998 * rng.nextDouble() - 0.999, scale(rng), scale(rng))
              .withPriorMean(Normal.draw(rng));
      case 4 -> {
        List<SimpleMatrix> laws = new ArrayList<>();
        for (int r = 0; r <= rng.nextInt(3); r++) {
          laws.add(table(states, width, rng));
        }
        yield IndexTied.of(table(1, states, rng), laws);
      }
      case 5 -> Urn.of(rng.nextInt(10), 24 + rng.nextInt(10), rng.nextInt(3));
      case 6 -> {
        int[] parents = new int[1 + rng.nextInt(7)];
        Arrays.setAll(parents, i -> i == 0 ? -1 : rng.nextInt(i));
        yield LatentTree.of(
            table(1, states, rng), table(states, states, rng), table(states, width, rng), parents);
      }
      default -> {
        int rows = 1 + rng.nextInt(3);
        yield LatentGrid.potts(
            rows, 1 + rng.nextInt(4), 4 * Normal.draw(rng), table(states, width, rng));
      }
    };
  }

  private static <Z> void check(LatentModel<Z> model, int length, RandomGenerator rng) {
    Tokens tokens = model.sample(length, rng).tokens();
    if (model instanceof LikelihoodModel && rng.nextBoolean()) {
      tokens = tokens.plus(tokens.prefix(length / 2)); // repeated tokens stay possible
    }
    int cut = rng.nextInt(tokens.length() + 1);
    Belief<Z> whole = model.prior().observe(tokens);
    Belief<Z> first = model.prior().observe(tokens.prefix(cut));
    double rounding = rounding(model, tokens);
    assertSame(whole, first.observe(tokens.slice(cut, tokens.length())), rounding);
    if (!(model instanceof IndexTied)) {
      Belief<Z> rest = model.prior().observe(tokens.slice(cut, tokens.length()));
      assertSame(whole, first.merge(rest), rounding);
    }
    Belief<Z> belief = model.prior();
    double sum = 0;
    double largest = 1;
    for (int l = 0; l < tokens.length(); l++) {
      Predictive predictive = belief.predictive(query(model, tokens, l));
      double term = predictive.logProbability(row(tokens.values(), l));
      sum += term;
      largest = Math.max(largest, Math.abs(term));
      belief = belief.observe(tokens.slice(l, l + 1));
    }
    assertEquals(sum, whole.logEvidence(), IDENTITY * largest + rounding);
    assertTrue(Double.isFinite(whole.logEvidence()));
    double kl = whole.klNats(model.prior());
    // The latent of these two moves on, to where it could not be at first.
    boolean moves = model instanceof Urn || model instanceof HiddenMarkov;
    assertTrue(kl >= 0 && (moves || Double.isFinite(kl)), () -> "divergence " + kl);
    assertEquals(0, belief.klNats(whole), IDENTITY + rounding);
  }

  // A level is a double too: rounding it moves an innovation by so many of its deviations, and the
  // log density of a token, whose innovation is a few deviations, by some times that.
  private static double rounding(LatentModel<?> model, Tokens tokens) {
    if (!(model instanceof AutoRegression regression)) {
      return 0;
    }
    double largest = 0;
    for (int l = 0; l < tokens.length(); l++) {
      largest = Math.max(largest, Math.abs(tokens.at(l, 0)));
    }
    return 100 * tokens.length() * Math.ulp(largest) / Math.sqrt(regression.noiseVariance());
  }

  private static <Z> void assertSame(Belief<Z> expected, Belief<Z> actual, double rounding) {
    assertEquals(expected.count(), actual.count());
    assertClose(expected.mean(), actual.mean(), IDENTITY, "mean");
    assertClose(expected.covariance(), actual.covariance(), IDENTITY, "covariance");
    assertClose(expected.logEvidence(), actual.logEvidence(), IDENTITY + rounding, "log evidence");
    assertEquals(0, actual.klNats(expected), IDENTITY + rounding, "divergence");
  }

  @Property(tries = 600, seed = "1")
  void theLawsHold(
      @ForAll @IntRange(max = 7) int kind,
      @ForAll @IntRange(max = 12) int length,
      @ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    check(model(kind, rng), length, rng);
  }

  /** Every model is built again from its description, and another hyperparameter is unequal. */
  @Property(tries = 200, seed = "2")
  void descriptionsRoundTrip(@ForAll @IntRange(max = 7) int kind, @ForAll long seed) {
    LatentModel<?> model = model(kind, Seed.of(seed).generator());
    LatentModel<?> again = again(model.description());
    assertEquals(model, again);
    assertEquals(model.hashCode(), again.hashCode());
    assertEquals(model.toString(), again.toString());
    LatentModel<?> other = model(kind, Seed.of(seed + 1).generator());
    assertEquals(
        model.description().text().equals(other.description().text()), model.equals(other));
  }

  private static LatentModel<?> again(ModelDescription description) {
    return switch (description.name()) {
      case "hidden-markov" -> HiddenMarkov.from(description);
      case "markov-chain" -> MarkovChain.from(description);
      case "autoregression" -> AutoRegression.from(description);
      case "index-tied" -> IndexTied.from(description);
      case "urn" -> Urn.from(description);
      case "latent-tree" -> LatentTree.from(description);
      default -> LatentGrid.from(description);
    };
  }
}
