package org.definetti.latent.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LogSumExp;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * Elimination of a grid site by site along its longer side, in logs.
 *
 * <p>The sites are taken line by line, a line being as long as the shorter side, R. What the past
 * says about the future is a function of the last R sites, the frontier: K^R configurations, written
 * as numbers of R digits to base K, digit ρ for the site at place ρ of its line. Cost of a solution:
 * O(n K^(R+1)) time, O(n K^R) memory.
 */
final class GridNetwork implements Network {

  private final int rows;
  private final int columns;
  private final int states;
  private final double[] logPotential; // (K, K), symmetric
  private final int line; // R
  private final int[] places; // (R + 1) powers of K
  private final List<Edge> edges = new ArrayList<>();
  private final double logNormaliser;

  GridNetwork(int rows, int columns, SimpleMatrix potential) {
    this.rows = rows;
    this.columns = columns;
    this.states = potential.getNumCols();
    this.logPotential = potential.getDDRM().data.clone();
    for (int i = 0; i < logPotential.length; i++) {
      logPotential[i] = Math.log(logPotential[i]);
    }
    this.line = Math.min(rows, columns);
    this.places = new int[line + 1];
    places[0] = 1;
    for (int i = 0; i < line; i++) {
      places[i + 1] = places[i] * states;
    }
    for (int i = 0; i < rows * columns; i++) {
      if ((i + 1) % columns != 0) {
        edges.add(new Edge(i, i + 1));
      }
      if (i + columns < rows * columns) {
        edges.add(new Edge(i, i + columns));
      }
    }
    this.logNormaliser = new GridSolution(new double[rows * columns * states]).logTotal();
  }

  @Override
  public int nodes() {
    return rows * columns;
  }

  @Override
  public int states() {
    return states;
  }

  @Override
  public double logNode(int node, int state) {
    return 0;
  }

  @Override
  public List<Edge> edges() {
    return edges;
  }

  @Override
  public double logEdge(int from, int to) {
    return logPotential[from * states + to];
  }

  @Override
  public double logNormaliser() {
    return logNormaliser;
  }

  @Override
  public Solution solve(double[] local) {
    return new GridSolution(local);
  }

  // Nodes are numbered row by row; sites line by line.
  private int node(int site) {
    int place = site % line;
    int number = site / line;
    return rows <= columns ? place * columns + number : number * columns + place;
  }

  private int digit(int frontier, int place) {
    return frontier / places[place] % states;
  }

  private int with(int frontier, int place, int digit) {
    return frontier + (digit - digit(frontier, place)) * places[place];
  }

  private final class GridSolution implements Solution {

    private final double[] local; // (n, K)
    private final double[][] past = new double[nodes() + 1][]; // sites taken, frontier
    private final double logTotal;

    private GridSolution(double[] local) {
      this.local = local;
      past[0] = new double[places[line]];
      for (int c = 1; c < places[line]; c++) {
        past[0][c] = Double.NEGATIVE_INFINITY; // no site is taken: all digits are 0
      }
      for (int s = 0; s < nodes(); s++) {
        past[s + 1] = take(s);
      }
      logTotal = LogSumExp.of(past[nodes()]);
    }

    private double logTotal() {
      return logTotal;
    }

    @Override
    public double logSum() {
      return logTotal - logNormaliser;
    }

    // The factors of a site and of its edge to the site before it in its line.
    private double factor(int site, int frontier) {
      int place = site % line;
      int state = digit(frontier, place);
      double sum = local[node(site) * states + state];
      return place == 0 ? sum : sum + logEdge(digit(frontier, place - 1), state);
    }

    // The factor of the edge to the site in the line before.
    private double across(int site, int before, int state) {
      return site < line ? 0 : logEdge(before, state);
    }

    private double[] take(int site) {
      int place = site % line;
      double[] next = new double[places[line]];
      double[] terms = new double[states];
      for (int c = 0; c < next.length; c++) {
        for (int u = 0; u < states; u++) {
          terms[u] = past[site][with(c, place, u)] + across(site, u, digit(c, place));
        }
        next[c] = factor(site, c) + LogSumExp.of(terms);
      }
      return next;
    }

    private double[] untake(int site, double[] future) {
      int place = site % line;
      double[] previous = new double[places[line]];
      double[] terms = new double[states];
      for (int c = 0; c < previous.length; c++) {
        for (int v = 0; v < states; v++) {
          int then = with(c, place, v);
          terms[v] = across(site, digit(c, place), v) + factor(site, then) + future[then];
        }
        previous[c] = LogSumExp.of(terms);
      }
      return previous;
    }

    @Override
    public double[] marginals() {
      double[] marginals = new double[nodes() * states];
      double[] future = new double[places[line]];
      for (int s = nodes() - 1; s >= 0; s--) {
        double sum = 0;
        for (int c = 0; c < future.length; c++) {
          double weight = Math.exp(past[s + 1][c] + future[c] - logTotal);
          marginals[node(s) * states + digit(c, s % line)] += weight;
          sum += weight;
        }
        for (int k = 0; k < states; k++) {
          marginals[node(s) * states + k] /= sum;
        }
        future = untake(s, future);
      }
      return marginals;
    }

    @Override
    public int[] draw(RandomGenerator rng) {
      int[] z = new int[nodes()];
      int c = Categorical.of(LogSumExp.softmax(past[nodes()])).draw(rng);
      double[] terms = new double[states];
      for (int s = nodes() - 1; s >= 0; s--) {
        int place = s % line;
        int state = digit(c, place);
        z[node(s)] = state;
        for (int u = 0; u < states; u++) {
          terms[u] = past[s][with(c, place, u)] + across(s, u, state);
        }
        c = with(c, place, Categorical.of(LogSumExp.softmax(terms)).draw(rng));
      }
      return z;
    }
  }
}
