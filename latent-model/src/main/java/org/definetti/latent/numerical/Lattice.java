package org.definetti.latent.numerical;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The points of a lattice where a density is not negligible, found by spreading from given starts.
 *
 * <pre>{@code  u = centre + A h (k + s),   k whole numbers,   s = 0 or SHIFTS }</pre>
 *
 * <p>A point whose log density is within {@link #CUTOFF} nats of the highest seen has its
 * neighbours visited too. Points at the rim, visited but not spread from, stay in the sums; their
 * weight tells how much may lie outside.
 */
final class Lattice {

  /** e^-37 = 9e-17: what lies below is lost in rounding. */
  static final double CUTOFF = 37;

  /** The other lattice's shift by dimension, in steps: n·s is whole for no n near zero. */
  private static final double[][] SHIFTS = {{}, {0.5}, {0.4, 0.25}, {0.5, 0.25, 0.125}};

  private static final int OFFSET = 1 << 20; // 21 bits a coordinate

  private final double[] centre;
  private final double[] factor; // (d, d)
  private final double step;
  private final boolean isShifted;
  private final ToDoubleFunction<double[]> logDensity;
  private final List<double[]> points = new ArrayList<>();
  private final List<Double> logs = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private double highest = Double.NEGATIVE_INFINITY;

  Lattice(
      double[] centre,
      double[] factor,
      double step,
      boolean isShifted,
      ToDoubleFunction<double[]> logDensity) {
    this.centre = centre;
    this.factor = factor;
    this.step = step;
    this.isShifted = isShifted;
    this.logDensity = logDensity;
  }

  private double shift(int coordinate) {
    return isShifted ? SHIFTS[centre.length][coordinate] : 0;
  }

  /** Visits all there is; returns whether that took at most {@code limit} points. */
  boolean spread(List<double[]> starts, int limit) {
    Deque<int[]> waiting = new ArrayDeque<>();
    Deque<Double> heights = new ArrayDeque<>();
    for (double[] start : starts) {
      visit(nearest(start), waiting, heights);
    }
    while (!waiting.isEmpty()) {
      int[] index = waiting.remove();
      if (heights.remove() < highest - CUTOFF) {
        continue;
      }
      for (int i = 0; i < index.length; i++) {
        for (int side = -1; side <= 1; side += 2) {
          int[] next = index.clone();
          next[i] += side;
          if (Math.abs(next[i]) >= OFFSET || points.size() > limit) {
            return false;
          }
          visit(next, waiting, heights);
        }
      }
    }
    return points.size() <= limit;
  }

  private void visit(int[] index, Deque<int[]> waiting, Deque<Double> heights) {
    long key = 0;
    for (int i : index) {
      key = key * 2 * OFFSET + (i + OFFSET);
    }
    if (seen.add(key)) {
      double[] u = at(index);
      double log = logDensity.applyAsDouble(u);
      points.add(u);
      logs.add(log);
      highest = Math.max(highest, log);
      waiting.add(index);
      heights.add(log);
    }
  }

  private double[] at(int[] index) {
    int d = centre.length;
    double[] u = centre.clone();
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        u[i] += factor[i * d + j] * step * (index[j] + shift(j));
      }
    }
    return u;
  }

  private int[] nearest(double[] u) {
    int d = centre.length;
    double[] t = new double[d];
    for (int i = 0; i < d; i++) {
      t[i] = u[i] - centre[i];
    }
    Peak.solve(factor, d, t);
    int[] index = new int[d];
    for (int i = 0; i < d; i++) {
      index[i] =
          (int) Math.max(-OFFSET / 2, Math.min(OFFSET / 2, Math.rint(t[i] / step - shift(i))));
    }
    return index;
  }

  List<double[]> points() {
    return points;
  }

  double[] logs() {
    return logs.stream().mapToDouble(x -> x).toArray();
  }

  double highest() {
    return highest;
  }
}
