package org.definetti.latent.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LogSumExp;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** Upward-downward message passing on a rooted tree, in logs; O(n K²) a solution. */
final class TreeNetwork implements Network {

  private final int states;
  private final int[] parents; // of nodes in an order in which parents come first; -1 for the root
  private final List<List<Integer>> children = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final double[] logInitial; // (K)
  private final double[] logTransition; // (K, K)

  TreeNetwork(SimpleMatrix initial, SimpleMatrix transition, int[] parents) {
    this.states = initial.getNumCols();
    this.parents = parents;
    this.logInitial = logs(initial);
    this.logTransition = logs(transition);
    for (int i = 0; i < parents.length; i++) {
      children.add(new ArrayList<>());
      if (parents[i] >= 0) {
        children.get(parents[i]).add(i);
        edges.add(new Edge(parents[i], i));
      }
    }
  }

  private static double[] logs(SimpleMatrix matrix) {
    double[] logs = matrix.getDDRM().data.clone();
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(logs[i]);
    }
    return logs;
  }

  @Override
  public int nodes() {
    return parents.length;
  }

  @Override
  public int states() {
    return states;
  }

  boolean isLeaf(int node) {
    return children.get(node).isEmpty();
  }

  @Override
  public double logNode(int node, int state) {
    return node == 0 ? logInitial[state] : 0;
  }

  @Override
  public List<Edge> edges() {
    return edges;
  }

  @Override
  public double logEdge(int from, int to) {
    return logTransition[from * states + to];
  }

  @Override
  public double logNormaliser() {
    return 0;
  }

  @Override
  public TreeSolution solve(double[] local) {
    return new TreeSolution(local);
  }

  /** The messages of one set of log factors. */
  final class TreeSolution implements Solution {

    private final double[] local; // (n, K)
    private final double[] up; // (n, K) log of the factors at and below a node, given its state
    private final double[] sent; // (n, K) what a node tells its parent, given the parent's state

    private TreeSolution(double[] local) {
      this.local = local;
      this.up = local.clone();
      this.sent = new double[local.length];
      double[] terms = new double[states];
      for (int i = nodes() - 1; i > 0; i--) {
        for (int k = 0; k < states; k++) {
          for (int j = 0; j < states; j++) {
            terms[j] = logEdge(k, j) + up[i * states + j];
          }
          sent[i * states + k] = LogSumExp.of(terms);
          up[parents[i] * states + k] += sent[i * states + k];
        }
      }
    }

    double[] up() {
      return up.clone();
    }

    private double[] atRoot() {
      double[] terms = new double[states];
      for (int k = 0; k < states; k++) {
        terms[k] = logInitial[k] + up[k];
      }
      return terms;
    }

    @Override
    public double logSum() {
      return LogSumExp.of(atRoot());
    }

    @Override
    public double[] marginals() {
      double[] down = down();
      double[] marginals = new double[up.length];
      double[] terms = new double[states];
      for (int i = 0; i < nodes(); i++) {
        for (int k = 0; k < states; k++) {
          terms[k] = down[i * states + k] + up[i * states + k];
        }
        System.arraycopy(LogSumExp.softmax(terms), 0, marginals, i * states, states);
      }
      return marginals;
    }

    // (n, K) log of the prior and the factors not at or below a node, given its state
    private double[] down() {
      double[] down = new double[up.length];
      System.arraycopy(logInitial, 0, down, 0, states);
      for (int p = 0; p < nodes(); p++) {
        tellChildren(p, down);
      }
      return down;
    }

    // Every child hears of all but itself. Its own message is left out of the sum, not subtracted
    // from it: messages may be minus infinity.
    private void tellChildren(int p, double[] down) {
      List<Integer> list = children.get(p);
      double[] after = new double[(list.size() + 1) * states]; // sums of the messages from c on
      for (int c = list.size() - 1; c >= 0; c--) {
        for (int k = 0; k < states; k++) {
          after[c * states + k] = after[(c + 1) * states + k] + sent[list.get(c) * states + k];
        }
      }
      double[] before = new double[states];
      for (int k = 0; k < states; k++) {
        before[k] = down[p * states + k] + local[p * states + k];
      }
      double[] terms = new double[states];
      for (int c = 0; c < list.size(); c++) {
        int child = list.get(c);
        for (int j = 0; j < states; j++) {
          for (int k = 0; k < states; k++) {
            terms[k] = before[k] + after[(c + 1) * states + k] + logEdge(k, j);
          }
          down[child * states + j] = LogSumExp.of(terms);
        }
        for (int k = 0; k < states; k++) {
          before[k] += sent[child * states + k];
        }
      }
    }

    @Override
    public int[] draw(RandomGenerator rng) {
      int[] z = new int[nodes()];
      z[0] = Categorical.of(LogSumExp.softmax(atRoot())).draw(rng);
      double[] terms = new double[states];
      for (int i = 1; i < nodes(); i++) {
        for (int k = 0; k < states; k++) {
          terms[k] = logEdge(z[parents[i]], k) + up[i * states + k];
        }
        z[i] = Categorical.of(LogSumExp.softmax(terms)).draw(rng);
      }
      return z;
    }
  }
}
