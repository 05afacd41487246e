package org.definetti.architecture;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.random.Dirichlet;
import org.ejml.simple.SimpleMatrix;

/** The sum over every configuration of states, as plain loops over plain numbers. */
final class Configurations {

  private Configurations() {}

  /** Returns the law of each place under weights of whole configurations, shape (n, K). */
  static SimpleMatrix marginals(int places, int states, ToDoubleFunction<int[]> weight) {
    double[] sums = new double[places * states];
    double total = 0;
    int count = (int) Math.round(Math.pow(states, places));
    int[] z = new int[places];
    for (int c = 0; c < count; c++) {
      for (int i = 0, rest = c; i < places; i++, rest /= states) {
        z[i] = rest % states;
      }
      double w = weight.applyAsDouble(z);
      total += w;
      for (int i = 0; i < places; i++) {
        sums[i * states + z[i]] += w;
      }
    }
    for (int a = 0; a < sums.length; a++) {
      sums[a] /= total;
    }
    return new SimpleMatrix(places, states, true, sums);
  }

  /** Returns random laws, one a row; sparse ones have a zero in every row. */
  static SimpleMatrix laws(int rows, int width, boolean sparse, RandomGenerator rng) {
    double[] all = new double[rows * width];
    double[] alpha = new double[width];
    Arrays.fill(alpha, 1);
    for (int i = 0; i < rows; i++) {
      double[] p = Dirichlet.draw(alpha, rng);
      if (sparse && width > 1) {
        int gone = rng.nextInt(width);
        p[(gone + 1) % width] += p[gone];
        p[gone] = 0;
      }
      System.arraycopy(p, 0, all, i * width, width);
    }
    return new SimpleMatrix(rows, width, true, all);
  }

  /** Returns the largest entry of |a - b|; fails on different shapes and keeps NaN. */
  static double distance(SimpleMatrix a, SimpleMatrix b) {
    if (a.getNumRows() != b.getNumRows() || a.getNumCols() != b.getNumCols()) {
      throw new AssertionError("shapes differ");
    }
    double largest = 0;
    for (int i = 0; i < a.getNumElements(); i++) {
      largest = Math.max(largest, Math.abs(a.get(i) - b.get(i)));
    }
    return largest;
  }
}
