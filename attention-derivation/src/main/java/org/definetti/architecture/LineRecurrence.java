package org.definetti.architecture;

import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.ejml.simple.SimpleMatrix;

/**
 * The exact posterior of a grid by a recurrence over its lines, each a super-node with the states
 * of all its sites together (claim X7).
 *
 * <pre>{@code
 * b_s(c) = Π_ρ b(c_ρ at place ρ of line s) Π_ρ ψ(c_ρ, c_{ρ+1})      c = (c_1..c_R), K^R states
 * f_{s+1} ∝ (f_s ⊙ b_s) T,   g_{s-1} ∝ T (b_s ⊙ g_s),   T = ψ ⊗ … ⊗ ψ
 * P(c | X) ∝ f_s ⊙ b_s ⊙ g_s,   summed over the other places of the line
 * }</pre>
 *
 * <ul>
 *   <li>Where: lines run along the shorter side, R = min(rows, columns) sites each, S = max(rows,
 *       columns) of them; f_1 = g_S = 1. T is never formed: ψ acts on one place after another.
 *   <li>Exactness: exact. The lines are a chain, which has no cycles.
 *   <li>Depth: S steps, both directions side by side. A step is local in lines, not in sites: its
 *       width is K^R, the price of being exact on a graph with cycles.
 *   <li>Cost: O(S R K^(R+1)) time, O(S K^R) memory.
 *   <li>Source: transfer matrix [recalled: Onsager]; as a network [derived].
 * </ul>
 */
public final class LineRecurrence implements Architecture {

  private final NodeEvidence reader;
  private final boolean wide; // more columns than rows: a line is a column
  private final int columns;
  private final int lines; // S
  private final int line; // R
  private final int states; // K
  private final int[] powers; // K^0..K^R
  private final double[][] potential; // log ψ

  private LineRecurrence(LatentGrid model) {
    this.reader = new NodeEvidence(model.tokenSpace(), model.emission());
    this.wide = model.columns() >= model.rows();
    this.columns = model.columns();
    this.lines = Math.max(model.rows(), model.columns());
    this.line = Math.min(model.rows(), model.columns());
    this.potential = LogWeights.logs(model.potential());
    this.states = potential.length;
    this.powers = new int[line + 1];
    powers[0] = 1;
    for (int place = 0; place < line; place++) {
      powers[place + 1] = powers[place] * states;
    }
  }

  /** Returns the network with the shape and the weights of this grid. */
  public static LineRecurrence of(LatentGrid model) {
    return new LineRecurrence(model);
  }

  @Override
  public String name() {
    return "line-recurrence";
  }

  @Override
  public String formula() {
    return "f_{s+1} ∝ (f_s ⊙ b_s) ψ⊗…⊗ψ over lines of sites, and back; f_s ⊙ b_s ⊙ g_s ∝ P(line s"
        + " | X)";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return reader.of(tokens);
  }

  /** {@inheritDoc} Row i is {@code P(z_i | X)} of site i. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    double[][] sites = LogWeights.evidence(evidence, reader.nodes(), states);
    double[][] own = new double[lines][];
    double[][] before = new double[lines][];
    for (int s = 0; s < lines; s++) {
      own[s] = own(s, sites);
      before[s] = s == 0 ? new double[powers[line]] : step(before[s - 1], own[s - 1]);
    }
    double[][] out = new double[sites.length][];
    double[] after = new double[powers[line]];
    for (int s = lines - 1; s >= 0; s--) {
      double[] joint = LogWeights.product(LogWeights.product(before[s], own[s]), after);
      for (int place = 0; place < line; place++) {
        out[site(s, place)] = marginal(joint, place);
      }
      after = step(after, own[s]);
    }
    return LogWeights.probabilities(out, states, "latent-grid");
  }

  private int site(int s, int place) {
    return wide ? place * columns + s : s * columns + place;
  }

  private int digit(int config, int place) {
    return config / powers[place] % states;
  }

  // log b_s
  private double[] own(int s, double[][] sites) {
    double[] own = new double[powers[line]];
    for (int c = 0; c < own.length; c++) {
      for (int place = 0; place < line; place++) {
        own[c] += sites[site(s, place)][digit(c, place)];
        own[c] += place == 0 ? 0 : potential[digit(c, place - 1)][digit(c, place)];
      }
    }
    return own;
  }

  // (heard ⊙ own) T; T is symmetric, so the same step leads back.
  private double[] step(double[] heard, double[] own) {
    double[] x = LogWeights.product(heard, own);
    double[] terms = new double[states];
    for (int place = 0; place < line; place++) {
      double[] y = new double[x.length];
      for (int c = 0; c < y.length; c++) {
        int rest = c - digit(c, place) * powers[place];
        for (int u = 0; u < states; u++) {
          terms[u] = x[rest + u * powers[place]] + potential[u][digit(c, place)];
        }
        y[c] = LogSumExp.of(terms);
      }
      x = y;
    }
    return LogWeights.normalised(x);
  }

  private double[] marginal(double[] joint, int place) {
    double[] scaled = LogWeights.scaled(joint);
    double[] sums = new double[states];
    for (int c = 0; c < scaled.length; c++) {
      sums[digit(c, place)] += Math.exp(scaled[c]);
    }
    for (int k = 0; k < states; k++) {
      sums[k] = Math.log(sums[k]);
    }
    return sums;
  }

  /** {@inheritDoc} It is the number of lines, whatever the evidence. */
  @Override
  public int depth(int places) {
    return lines;
  }

  @Override
  public String toString() {
    return name() + " of " + lines + " lines of " + line + " sites";
  }
}
