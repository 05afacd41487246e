package org.definetti.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentTree;
import org.ejml.simple.SimpleMatrix;

/**
 * Messages on a latent tree as a recursive network: one cell, the same at every node, that combines
 * children on the way up and tells them on the way down (claim X6).
 *
 * <pre>{@code
 * up_i = b_i ⊙ Π_children c (A up_c)
 * down_0 = π,   down_c = (down_p ⊙ b_p ⊙ Π_siblings s (A up_s)) A      p parent of c
 * out_i ∝ down_i ⊙ up_i = P(z_i | X)
 * }</pre>
 *
 * <ul>
 *   <li>Where: {@code b_i(k)} the probability of the categories seen at node i given state k, a
 *       column for A on the way up and a row on the way down.
 *   <li>Exactness: exact for every tree and any number of tokens.
 *   <li>Depth: the height for the root, twice the height for all nodes.
 *   <li>Cost: O(n K² + K Σ children²).
 *   <li>Source: upward-downward message passing [recalled: Pearl]; as a network [derived].
 * </ul>
 */
public final class RecursiveNetwork implements Architecture {

  private final NodeEvidence reader;
  private final int[] parents; // parents come before their children
  private final List<List<Integer>> children = new ArrayList<>();
  private final double[] initial; // log π
  private final double[][] transition; // log A
  private final double[][] upwards; // its transpose

  private RecursiveNetwork(LatentTree model) {
    this.reader = new NodeEvidence(model.tokenSpace(), model.emission());
    this.parents = model.parents();
    this.initial = LogWeights.logs(model.initial())[0];
    this.transition = LogWeights.logs(model.transition());
    this.upwards = LogWeights.transposed(transition);
    for (int i = 0; i < parents.length; i++) {
      children.add(new ArrayList<>());
      if (i > 0) {
        children.get(parents[i]).add(i);
      }
    }
  }

  /** Returns the network with the shape and the weights of this tree. */
  public static RecursiveNetwork of(LatentTree model) {
    return new RecursiveNetwork(model);
  }

  @Override
  public String name() {
    return "recursive-network";
  }

  @Override
  public String formula() {
    return "up_i = b_i ⊙ Π_children (A up_c), down_c = (down_p ⊙ b_p ⊙ Π_siblings (A up_s)) A,"
        + " down_i ⊙ up_i ∝ P(z_i | X)";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return reader.of(tokens);
  }

  /** {@inheritDoc} Row i is {@code P(z_i | X)}. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    double[][] own = LogWeights.evidence(evidence, parents.length, initial.length);
    double[][] sent = new double[parents.length][];
    double[][] up = up(own, sent);
    double[][] down = new double[parents.length][];
    double[][] out = new double[parents.length][];
    for (int i = 0; i < parents.length; i++) {
      down[i] = i == 0 ? initial : down(i, own, sent, down[parents[i]]);
      out[i] = LogWeights.product(down[i], up[i]);
    }
    return LogWeights.probabilities(out, initial.length, "latent-tree");
  }

  /**
   * Returns the law of the state at the root, {@code π ⊙ up_0}, by the way up alone; shape (1, K).
   *
   * @param evidence shape (n, K)
   * @throws org.definetti.latent.ImpossibleTokensException if no states explain the evidence
   */
  public SimpleMatrix root(SimpleMatrix evidence) {
    double[][] own = LogWeights.evidence(evidence, parents.length, initial.length);
    double[] root = LogWeights.product(initial, up(own, new double[parents.length][])[0]);
    return LogWeights.probabilities(new double[][] {root}, initial.length, "latent-tree");
  }

  // Fills sent: A up_i of every node but the root, what the node tells its parent.
  private double[][] up(double[][] own, double[][] sent) {
    double[][] up = own.clone();
    for (int i = parents.length - 1; i > 0; i--) {
      up[i] = LogWeights.scaled(up[i]);
      sent[i] = LogWeights.times(up[i], upwards);
      up[parents[i]] = LogWeights.product(up[parents[i]], sent[i]);
    }
    return up;
  }

  private double[] down(int child, double[][] own, double[][] sent, double[] parentDown) {
    int parent = parents[child];
    double[] above = LogWeights.product(parentDown, own[parent]);
    for (int sibling : children.get(parent)) {
      if (sibling != child) {
        above = LogWeights.product(above, sent[sibling]);
      }
    }
    return LogWeights.normalised(LogWeights.times(above, transition));
  }

  /** Returns the edges from the root to the deepest node. */
  public int height() {
    return IntStream.range(0, parents.length).map(this::level).max().orElseThrow();
  }

  /** Returns the edges between the two nodes that are farthest apart. */
  public int diameter() {
    int[] below = new int[parents.length];
    int longest = 0;
    for (int i = parents.length - 1; i > 0; i--) {
      longest = Math.max(longest, below[parents[i]] + below[i] + 1);
      below[parents[i]] = Math.max(below[parents[i]], below[i] + 1);
    }
    return longest;
  }

  private int level(int node) {
    int level = 0;
    for (int i = node; parents[i] >= 0; i = parents[i]) {
      level++;
    }
    return level;
  }

  /** {@inheritDoc} It is twice the height, whatever the tokens. */
  @Override
  public int depth(int places) {
    return 2 * height();
  }

  @Override
  public String toString() {
    return name() + " of " + parents.length + " nodes";
  }
}
