package org.definetti.random;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Distances between a sample and a distribution, with their critical values. */
final class GoodnessOfFit {

  /** A correct sampler exceeds this {@link #kolmogorov} statistic with probability 1e-4. */
  static final double KOLMOGOROV_1E4 = Math.sqrt(Math.log(2e4) / 2);

  /** A correct sampler exceeds this {@link #andersonDarling} statistic with probability 1e-3. */
  static final double ANDERSON_DARLING_1E3 = 6.0;

  private GoodnessOfFit() {}

  /** Returns √n · sup |F_n - F|, whose limit law has tail 2 exp(-2 t²). */
  static double kolmogorov(double[] sample, DoubleUnaryOperator cumulative) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double p = cumulative.applyAsDouble(sorted[i]);
      largest = Math.max(largest, Math.max(p - (double) i / n, (i + 1.0) / n - p));
    }
    return largest * Math.sqrt(n);
  }

  /** Returns the Anderson-Darling A² for a distribution symmetric about zero. */
  static double andersonDarling(double[] sample, DoubleUnaryOperator cumulative) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double below = Math.log(cumulative.applyAsDouble(sorted[i]));
      double above = Math.log(cumulative.applyAsDouble(-sorted[n - 1 - i]));
      sum += (2 * i + 1) * (below + above);
    }
    return -n - sum / n;
  }

  /** Returns Pearson's chi-square of counts against expected probabilities. */
  static double chiSquare(long[] counts, double[] probabilities) {
    long n = Arrays.stream(counts).sum();
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = n * probabilities[i];
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum;
  }
}
