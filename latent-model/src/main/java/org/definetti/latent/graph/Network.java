package org.definetti.latent.graph;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A law of n states, one a node, that is a product over nodes and edges and can be summed exactly.
 *
 * <pre>{@code  log P(z) = Σ_i node_i(z_i) + Σ_(i,j) edge(z_i, z_j) - logNormaliser  }</pre>
 */
interface Network {

  /** Two nodes that share a factor. */
  record Edge(int source, int target) {}

  int nodes();

  int states();

  double logNode(int node, int state);

  List<Edge> edges();

  double logEdge(int from, int to);

  double logNormaliser();

  /**
   * Sums over all configurations with these log factors added.
   *
   * @param local (n, K) log factors, minus infinity allowed. Not modified, and kept.
   */
  Solution solve(double[] local);

  /** Returns log P(z). */
  default double logProbability(int[] z) {
    double sum = -logNormaliser();
    for (int i = 0; i < z.length; i++) {
      sum += logNode(i, z[i]);
    }
    for (Edge edge : edges()) {
      sum += logEdge(z[edge.source()], z[edge.target()]);
    }
    return sum;
  }

  /** What a sum over all configurations answers. */
  interface Solution {

    /** Returns {@code log Σ_z P(z) exp Σ_i local_i(z_i)}; minus infinity if all are impossible. */
    double logSum();

    /** Returns the probabilities of every node's states, (n, K); not to be asked if impossible. */
    double[] marginals();

    /** Draws a configuration; not to be asked if impossible. */
    int[] draw(RandomGenerator rng);
  }
}
