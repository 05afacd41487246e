package org.definetti.transfer;

import java.util.ArrayList;
import java.util.List;
import org.ejml.simple.SimpleMatrix;

/** All ways in which L tokens can fall on W categories, with the number of orders of each. */
final class CountVectors {

  private static final int MOST = 1_000_000;

  private final List<int[]> counts = new ArrayList<>();
  private final double[] logFactorials; // of 0..L

  private CountVectors(int categories, int length) {
    logFactorials = new double[length + 1];
    for (int n = 1; n <= length; n++) {
      logFactorials[n] = logFactorials[n - 1] + Math.log(n);
    }
    fill(new int[categories], 0, length);
  }

  /**
   * Returns the C(L + W - 1, L) vectors, the first count falling.
   *
   * @throws IllegalArgumentException if there are more than a million
   */
  static CountVectors of(int categories, int length) {
    double size = 1;
    for (int w = 1; w < categories; w++) {
      size = size * (length + w) / w;
    }
    if (!(size <= MOST)) {
      throw new IllegalArgumentException(
          "length: expected at most " + MOST + " vectors of counts, got about " + size);
    }
    return new CountVectors(categories, length);
  }

  private void fill(int[] parts, int next, int rest) {
    if (next == parts.length - 1) {
      parts[next] = rest;
      counts.add(parts.clone());
      return;
    }
    for (int part = rest; part >= 0; part--) {
      parts[next] = part;
      fill(parts, next + 1, rest - part);
    }
  }

  int size() {
    return counts.size();
  }

  /** Returns the sorted sequence with these counts. */
  double[] sequence(int index) {
    int[] n = counts.get(index);
    double[] sequence = new double[logFactorials.length - 1];
    int next = 0;
    for (int w = 0; w < n.length; w++) {
      for (int i = 0; i < n[w]; i++) {
        sequence[next++] = w;
      }
    }
    return sequence;
  }

  /** Returns {@code log(L! / Π n_w!)}. */
  double logOrders(int index) {
    double log = logFactorials[logFactorials.length - 1];
    for (int n : counts.get(index)) {
      log -= logFactorials[n];
    }
    return log;
  }

  /** Returns {@code Σ_w n_w log P_wk}, the log probability of one order. */
  double logLikelihood(int index, SimpleMatrix logs, int k) {
    int[] n = counts.get(index);
    double sum = 0;
    for (int w = 0; w < n.length; w++) {
      sum += n[w] == 0 ? 0 : n[w] * logs.get(w, k);
    }
    return sum;
  }
}
