package org.definetti.architecture;

import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.simple.SimpleMatrix;

/**
 * The filter of a hidden Markov model in a logarithmic number of steps (claim X5): steps of the
 * recurrence are matrices, products of matrices associate, so all prefixes are had by doubling.
 *
 * <pre>{@code
 * M_1(i, j) = π_j b(x^1)_j,   M_l(i, j) = A(i, j) b(x^l)_j
 * P_l = M_1 M_2 … M_l,   every row of P_l ∝ P(s_l | x^1..x^l)
 * step s = 1, 2, 4, …:   P_l ← P_{l-s} P_l   for all l at once
 * }</pre>
 *
 * <ul>
 *   <li>Exactness: exact at every length.
 *   <li>Depth: log2 n rounded up; a step reaches back s places, so it is not local.
 *   <li>Cost: O(n log n K³) time, O(n K²) memory: depth is bought with work.
 *   <li>Source: prefix sums by doubling [recalled: Hillis-Steele]; as a network [derived].
 * </ul>
 */
public final class ParallelScan implements Architecture {

  private final HiddenMarkov model;
  private final double[] initial; // log π
  private final double[][] transition; // log A

  private ParallelScan(HiddenMarkov model) {
    this.model = model;
    this.initial = LogWeights.laws(model.initial())[0];
    this.transition = LogWeights.laws(model.transition());
  }

  /** Returns the network with the weights of this model. */
  public static ParallelScan of(HiddenMarkov model) {
    return new ParallelScan(model);
  }

  @Override
  public String name() {
    return "parallel-scan";
  }

  @Override
  public String formula() {
    return "P_l ← P_{l-s} P_l for s = 1, 2, 4, …; rows of P_l ∝ P(s_l | x^1..x^l)";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return model.logLikelihoods(tokens);
  }

  /** {@inheritDoc} Row l is {@code P(s_l | x^1..x^l)}. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    int states = model.states();
    double[][][] products = steps(LogWeights.evidence(evidence, -1, states));
    int length = products.length;
    for (int step = 1; step < length; step *= 2) {
      double[][][] longer = products.clone();
      for (int l = step; l < length; l++) {
        longer[l] = product(products[l - step], products[l]);
      }
      products = longer;
    }
    double[][] rows = new double[length][];
    for (int l = 0; l < length; l++) {
      rows[l] = products[l][0];
    }
    return LogWeights.probabilities(rows, states, "hidden-markov");
  }

  private double[][][] steps(double[][] gates) {
    double[][][] steps = new double[gates.length][model.states()][];
    for (int l = 0; l < gates.length; l++) {
      for (int i = 0; i < model.states(); i++) {
        steps[l][i] = LogWeights.product(l == 0 ? initial : transition[i], gates[l]);
      }
    }
    return steps;
  }

  // One scale for the whole matrix: its rows are compared when it is multiplied from the left.
  private static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < left.length; i++) {
      product[i] = LogWeights.times(left[i], right);
      for (double entry : product[i]) {
        largest = Math.max(largest, entry);
      }
    }
    for (int i = 0; i < left.length; i++) {
      product[i] = LogWeights.less(product[i], largest);
    }
    return product;
  }

  /** {@inheritDoc} It is log2 n, rounded up. */
  @Override
  public int depth(int places) {
    Check.atLeast("places", 0, places);
    return places < 2 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(places - 1);
  }

  @Override
  public String toString() {
    return name() + " of " + model;
  }
}
