package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The best predictor that sees how often each category occurred, but not where.
 *
 * <pre>{@code
 * blind(n_1..n_W) = E[t | n_1..n_W] = Σ P(x) t(x) / Σ P(x)   over all x with these counts
 * excess risk     = E |t(x) - blind(n(x))|²
 * }</pre>
 *
 * <p>Where t(x) is the exact posterior mean given the tokens in their places: no predictor that is
 * invariant to permutations has a smaller squared risk, so what this one lacks is due to order
 * alone. Filled with every x there is. Mutable, for one thread. Source: [derived], conditional
 * expectations compose.
 */
final class BlindPredictor {

  private record Case(List<Integer> counts, double probability, List<Double> target) {}

  private final int categories;
  private final List<Case> cases = new ArrayList<>();
  private final Map<List<Integer>, double[]> sums = new HashMap<>(); // target's sums, then mass

  BlindPredictor(int categories) {
    this.categories = categories;
  }

  /** Adds one x with its probability, which need not be normalised, and the exact answer. */
  void add(int[] x, double probability, double[] target) {
    List<Integer> counts = counts(x);
    List<Double> copy = new ArrayList<>();
    double[] sum = sums.computeIfAbsent(counts, key -> new double[target.length + 1]);
    for (int j = 0; j < target.length; j++) {
      sum[j] += probability * target[j];
      copy.add(target[j]);
    }
    sum[target.length] += probability;
    cases.add(new Case(counts, probability, copy));
  }

  private List<Integer> counts(int[] x) {
    List<Integer> counts = new ArrayList<>();
    for (int w = 0; w < categories; w++) {
      int count = 0;
      for (int category : x) {
        count += category == w ? 1 : 0;
      }
      counts.add(count);
    }
    return counts;
  }

  /** Returns its answer for x, which must have been added in some order. */
  double[] predict(int... x) {
    return predict(counts(x));
  }

  private double[] predict(List<Integer> counts) {
    double[] sum = sums.getOrDefault(counts, new double[0]);
    if (sum.length == 0) {
      throw new IllegalArgumentException("x: expected counts that were added, got " + counts);
    }
    double[] mean = new double[sum.length - 1];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = sum[j] / sum[mean.length];
    }
    return mean;
  }

  /** Returns {@code E |t(x) - blind(n(x))|²}. */
  double excessRisk() {
    double risk = 0;
    double mass = 0;
    for (Case one : cases) {
      double[] blind = predict(one.counts);
      mass += one.probability;
      for (int j = 0; j < blind.length; j++) {
        double gap = one.target.get(j) - blind[j];
        risk += one.probability * gap * gap;
      }
    }
    return risk / mass;
  }
}
