package org.definetti.latent;

import static org.definetti.latent.SequenceContractsTest.row;
import static org.definetti.latent.SequenceContractsTest.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.random.Dirichlet;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Message passing against the sum over every configuration of states, written as plain loops. */
class GraphOracleTest {

  private static final double IDENTITY = 1e-10;

  private final RandomGenerator rng = Seed.of(12).generator();

  private SimpleMatrix random(int height, int width, boolean sparse) {
    double[][] table = new double[height][];
    for (int i = 0; i < height; i++) {
      double[] alpha = new double[width];
      Arrays.fill(alpha, 1);
      double[] p = Dirichlet.draw(alpha, rng);
      if (sparse && width > 1) {
        int gone = rng.nextInt(width);
        p[(gone + 1) % width] += p[gone];
        p[gone] = 0;
      }
      table[i] = p;
    }
    return rows(table);
  }

  private static int[] states(int configuration, int nodes, int states) {
    int[] z = new int[nodes];
    for (int i = 0, rest = configuration; i < nodes; i++, rest /= states) {
      z[i] = rest % states;
    }
    return z;
  }

  private static double likelihood(int[] z, Tokens tokens, SimpleMatrix emission) {
    double product = 1;
    for (int l = 0; l < tokens.length(); l++) {
      int node = 0;
      while (tokens.at(l, node) == 0) {
        node++;
      }
      int category = 0;
      while (tokens.at(l, z.length + category) == 0) {
        category++;
      }
      product *= emission.get(z[node], category);
    }
    return product;
  }

  // Compares all answers of a belief with sums over all configurations; prior need not be
  // normalised.
  private static void check(
      LatentModel<SimpleMatrix> model,
      SimpleMatrix emission,
      ToDoubleFunction<int[]> prior,
      Tokens tokens) {
    int states = emission.getNumRows();
    int nodes = model.tokenSpace().keyWidth();
    int size = nodes * states;
    int count = (int) Math.round(Math.pow(states, nodes));
    double total = 0;
    double evidence = 0;
    double[] joint = new double[count];
    double[] mean = new double[size];
    double[][] products = new double[size][size];
    for (int c = 0; c < count; c++) {
      int[] z = states(c, nodes, states);
      double weight = prior.applyAsDouble(z);
      total += weight;
      joint[c] = weight * likelihood(z, tokens, emission);
      evidence += joint[c];
      for (int i = 0; i < nodes; i++) {
        mean[i * states + z[i]] += joint[c];
        for (int j = 0; j < nodes; j++) {
          products[i * states + z[i]][j * states + z[j]] += joint[c];
        }
      }
    }
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    if (evidence == 0) {
      assertEquals(Double.NEGATIVE_INFINITY, belief.logEvidence());
      assertThrows(IllegalStateException.class, belief::mean);
      return;
    }
    assertEquals(Math.log(evidence / total), belief.logEvidence(), IDENTITY);
    double entropy = 0;
    double kl = 0;
    for (int c = 0; c < count; c++) {
      double p = joint[c] / evidence;
      int[] z = states(c, nodes, states);
      SimpleMatrix latent = oneHot(z, states);
      if (p > 0) {
        entropy -= p * Math.log(p);
        kl += p * Math.log(p * total / prior.applyAsDouble(z));
        assertEquals(Math.log(p), belief.logDensity(latent), IDENTITY);
      } else {
        assertEquals(Double.NEGATIVE_INFINITY, belief.logDensity(latent));
      }
    }
    assertEquals(entropy, belief.entropyNats(), IDENTITY);
    assertEquals(kl, belief.klNats(model.prior()), IDENTITY);
    SimpleMatrix covariance = belief.covariance();
    for (int a = 0; a < size; a++) {
      assertEquals(mean[a] / evidence, belief.mean().get(a / states, a % states), IDENTITY);
      for (int b = 0; b < size; b++) {
        double expected = products[a][b] / evidence - mean[a] * mean[b] / evidence / evidence;
        assertEquals(expected, covariance.get(a, b), IDENTITY);
      }
    }
    for (int i = 0; i < nodes; i++) {
      double[] key = new double[nodes];
      key[i] = 1;
      SimpleMatrix predicted = belief.predictive(row(key)).mean();
      for (int w = 0; w < emission.getNumCols(); w++) {
        double sum = 0;
        for (int k = 0; k < states; k++) {
          sum += mean[i * states + k] / evidence * emission.get(k, w);
        }
        assertEquals(sum, predicted.get(0, w), IDENTITY);
      }
    }
  }

  private static SimpleMatrix oneHot(int[] z, int states) {
    double[][] rows = new double[z.length][states];
    for (int i = 0; i < z.length; i++) {
      rows[i][z[i]] = 1;
    }
    return rows(rows);
  }

  private Tokens anyTokens(int nodes, int categories, int length) {
    double[] rows = new double[length * (nodes + categories)];
    for (int l = 0; l < length; l++) {
      rows[l * (nodes + categories) + rng.nextInt(nodes)] = 1;
      rows[l * (nodes + categories) + nodes + rng.nextInt(categories)] = 1;
    }
    return Tokens.owning(new PairTokens(nodes, categories), rows);
  }

  @Test
  void treesAgainstAllConfigurations() {
    int[][] shapes = {
      {-1}, {-1, 0}, {-1, 0, 0, 0, 0}, {-1, 0, 1, 2, 3}, {-1, 0, 0, 1, 1, 2}, {-1, 0, 1, 1, 0, 4}
    };
    for (int n = 0; n < 24; n++) {
      int[] parents = shapes[n % shapes.length];
      int states = 1 + n % 3;
      boolean sparse = n % 2 == 0;
      SimpleMatrix initial = random(1, states, sparse);
      SimpleMatrix transition = random(states, states, sparse);
      SimpleMatrix emission = random(states, 3, n % 4 == 1);
      LatentTree model =
          LatentTree.of(initial, transition, emission, parents);
      ToDoubleFunction<int[]> prior =
          z -> {
            double product = initial.get(0, z[0]);
            for (int i = 1; i < z.length; i++) {
              product *= transition.get(z[parents[i]], z[i]);
            }
            return product;
          };
      check(model, emission, prior, anyTokens(parents.length, 3, n % 7));
      check(model, emission, prior, model.sample(4, rng).tokens());
    }
  }

  /** A message is the probability of what was seen below, summed over the states below. */
  @Test
  void messagesUpATree() {
    LatentTree model = GraphContractsTest.TREE.withObserved(0, 1, 2, 3, 4);
    Tokens tokens = model.sample(9, rng).tokens();
    SimpleMatrix up = model.upwardMessages(tokens);
    SimpleMatrix a = model.transition();
    for (int k = 0; k < 2; k++) {
      double below = 0;
      for (int x = 0; x < 2; x++) {
        for (int y = 0; y < 2; y++) {
          int[] z = {-1, k, -1, x, y};
          below += a.get(k, x) * a.get(k, y) * at(z, tokens, model.emission());
        }
      }
      assertEquals(Math.log(below), up.get(1, k), IDENTITY);
    }
    double evidence = 0;
    for (int k = 0; k < 2; k++) {
      evidence += model.initial().get(0, k) * Math.exp(up.get(0, k));
    }
    assertEquals(Math.log(evidence), model.prior().observe(tokens).logEvidence(), IDENTITY);
  }

  // The likelihood of the tokens at nodes whose state is given.
  private static double at(int[] z, Tokens tokens, SimpleMatrix emission) {
    double product = 1;
    for (int l = 0; l < tokens.length(); l++) {
      for (int i = 0; i < z.length; i++) {
        for (int w = 0; w < emission.getNumCols(); w++) {
          boolean seen = tokens.at(l, i) == 1 && tokens.at(l, z.length + w) == 1;
          product *= seen && z[i] >= 0 ? emission.get(z[i], w) : 1;
        }
      }
    }
    return product;
  }

  @Test
  void gridsAgainstAllConfigurations() {
    int[][] shapes = {{1, 1}, {1, 5}, {5, 1}, {2, 3}, {3, 2}, {3, 3}, {2, 4}};
    for (int n = 0; n < 14; n++) {
      int rows = shapes[n % shapes.length][0];
      int columns = shapes[n % shapes.length][1];
      int states = rows * columns > 6 ? 2 : 2 + n % 2;
      double[][] psi = new double[states][states];
      for (int i = 0; i < states; i++) {
        for (int j = 0; j <= i; j++) {
          psi[i][j] = n % 4 == 3 && i == j && i == 0 ? 0 : 3 * rng.nextDouble();
          psi[j][i] = psi[i][j];
        }
      }
      SimpleMatrix emission = random(states, 2 + n % 2, n % 5 == 1);
      LatentGrid model = LatentGrid.of(rows, columns, rows(psi), emission);
      ToDoubleFunction<int[]> prior = z -> potential(z, rows, columns, psi);
      double partition = 0;
      for (int c = 0; c < Math.round(Math.pow(states, rows * columns)); c++) {
        partition += potential(states(c, rows * columns, states), rows, columns, psi);
      }
      assertEquals(Math.log(partition), model.logPartition(), IDENTITY);
      check(model, emission, prior, anyTokens(rows * columns, 2 + n % 2, n % 6));
      check(model, emission, prior, model.sample(5, rng).tokens());
    }
  }

  private static double potential(int[] z, int rows, int columns, double[][] psi) {
    double product = 1;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int here = z[r * columns + c];
        product *= c + 1 < columns ? psi[here][z[r * columns + c + 1]] : 1;
        product *= r + 1 < rows ? psi[here][z[(r + 1) * columns + c]] : 1;
      }
    }
    return product;
  }

  /** The partition function of an 8 x 8 Ising model by powers of its 256 x 256 transfer matrix. */
  @Test
  void largeGridsAgainstTheTransferMatrix() {
    double coupling = 0.4;
    SimpleMatrix noise = rows(new double[] {0.9, 0.1}, new double[] {0.1, 0.9});
    int lines = 256;
    double[] inside = new double[lines];
    SimpleMatrix across = new SimpleMatrix(lines, lines);
    for (int a = 0; a < lines; a++) {
      inside[a] = Math.exp(coupling * (7 - Integer.bitCount((a ^ (a >> 1)) & 127)));
    }
    for (int a = 0; a < lines; a++) {
      for (int b = 0; b < lines; b++) {
        across.set(a, b, inside[a] * Math.exp(coupling * (8 - Integer.bitCount(a ^ b))));
      }
    }
    SimpleMatrix past = new SimpleMatrix(1, lines, true, inside);
    for (int column = 1; column < 8; column++) {
      past = past.mult(across.transpose());
    }
    double expected = Math.log(past.elementSum());
    LatentGrid grid = LatentGrid.potts(8, 8, coupling, noise);
    assertEquals(expected, grid.logPartition(), 1e-12 * expected);
    Belief<SimpleMatrix> belief = grid.prior().observe(Tokens.of(grid.tokenSpace(), grid.token(9, 1)));
    assertEquals(Math.log(0.5), belief.logEvidence(), IDENTITY); // by the symmetry of the states
    assertEquals(0.9, belief.mean().get(9, 1), IDENTITY);
    // A chain of Potts states is a Markov chain: C = K (e^β + K - 1)^(n - 1).
    LatentGrid chain = LatentGrid.potts(1, 60, 0.7, random(4, 2, false));
    assertEquals(
        Math.log(4) + 59 * Math.log(Math.exp(0.7) + 3), chain.logPartition(), 1e-11);
  }

  /** A million tokens: counts, and so the same as each node's evidence raised to its power. */
  @Test
  void aMillionTokens() {
    for (LatentModel<SimpleMatrix> model :
        List.<LatentModel<SimpleMatrix>>of(
            GraphContractsTest.TREE, GraphContractsTest.GRID)) {
      Tokens tokens = model.sample(100_000, rng).tokens();
      Belief<SimpleMatrix> tenth = model.prior().observe(tokens);
      Belief<SimpleMatrix> belief = tenth;
      for (int n = 1; n < 10; n++) {
        belief = belief.merge(tenth);
      }
      assertEquals(1_000_000, belief.count());
      // Bayes' rule at any z gives the evidence.
      SimpleMatrix z = belief.sample(rng);
      double log = model.prior().logDensity(z);
      LikelihoodModel<SimpleMatrix> likelihood = (LikelihoodModel<SimpleMatrix>) model;
      double sum = 0;
      for (int l = 0; l < tokens.length(); l++) {
        sum += likelihood.logLikelihood(z, tokens.get(l));
      }
      double expected = log + 10 * sum - belief.logDensity(z);
      assertEquals(expected, belief.logEvidence(), 1e-10 * Math.abs(expected));
      assertEquals(1, belief.mean().extractVector(true, 3).elementMaxAbs(), IDENTITY);
      assertEquals(0, belief.klNats(belief));
    }
  }

  private static void assertRefused(String message, Executable e) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, e).getMessage());
  }

  @Test
  void whatIsWrongIsRefusedByName() {
    SimpleMatrix p = row(0.5, 0.5);
    SimpleMatrix half = rows(new double[] {0.5, 0.5}, new double[] {0.5, 0.5});
    assertRefused(
        "parents[0]: expected -1, got 0", () -> LatentTree.of(p, half, half, 0));
    assertRefused(
        "parents[2]: expected in 0..1, got 2", () -> LatentTree.of(p, half, half, -1, 0, 2));
    assertRefused(
        "nodes: expected in 0..1, got 2",
        () -> LatentTree.of(p, half, half, -1, 0).withObserved(2));
    assertRefused(
        "rows, columns: expected states^min(rows, columns) <= 4096 and rows * columns <= 4096,"
            + " got 2^13 and 169",
        () -> LatentGrid.potts(13, 13, 1, half));
    assertRefused(
        "potential: expected one that some states of the grid satisfy, got only impossible ones",
        () -> LatentGrid.of(1, 2, new SimpleMatrix(2, 2), half));
    assertRefused(
        "potential: expected symmetric, got 2.0 and 1.0",
        () -> LatentGrid.of(1, 2, rows(new double[] {1, 1}, new double[] {2, 1}), half));
    LatentTree tree = LatentTree.of(p, half, half, LatentTree.binary(1));
    assertArrayEquals(new int[] {-1, 0, 0}, tree.parents());
    assertArrayEquals(new int[] {1, 2}, tree.observed());
    assertRefused(
        "tokens, key: expected a one-hot vector, got 0.5 at 0",
        () ->
            tree.prior()
                .observe(
                    Tokens.ofRows(tree.tokenSpace(), new double[] {0.5, 0.5, 0, 1, 0})));
    assertRefused(
        "query: expected a one-hot vector, got zeros",
        () -> tree.prior().predictive(new SimpleMatrix(1, 3)));
  }
}
