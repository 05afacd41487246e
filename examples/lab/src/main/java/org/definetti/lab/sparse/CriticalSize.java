package org.definetti.lab.sparse;

import java.util.SortedMap;

/**
 * The number of samples at which a given share of networks succeeds.
 *
 * <pre>{@code
 * P(success) = 1 / (1 + exp(-(a + b (ln m - mean ln m)))),   b ~ N(0, 10²)
 * critical m = exp(mean ln m + (logit(level) - a) / b)
 * }</pre>
 *
 * <p>The prior on b keeps the fit finite where a grid separates failures from successes; it is
 * weak, for b is below 30 in all grids here. Newton steps. Source: [recalled: logistic regression].
 */
public final class CriticalSize {

  private static final double PRIOR_PRECISION = 0.01;
  private static final int STEPS = 60;
  private static final double CONVERGED = 1e-10;

  private CriticalSize() {}

  /**
   * Counts of one sample size.
   *
   * @param trials at least 1
   * @param successes in 0..trials
   */
  public record Count(int trials, int successes) {

    /** Returns the share of successes. */
    public double rate() {
      return (double) successes / trials;
    }
  }

  /** Returns whether the level lies strictly between the rates at the ends of the grid. */
  public static boolean isBracketed(SortedMap<Integer, Count> counts, double level) {
    return rate(counts, counts.firstKey()) < level && rate(counts, counts.lastKey()) > level;
  }

  /**
   * Returns the share of successes at a size.
   *
   * @throws IllegalArgumentException if it is not among the counts
   */
  public static double rate(SortedMap<Integer, Count> counts, int size) {
    Count count = counts.get(size);
    if (count == null) {
      throw new IllegalArgumentException(
          "size: expected one of " + counts.keySet() + ", got " + size);
    }
    return count.rate();
  }

  /**
   * Returns the critical number of samples.
   *
   * @param counts by number of samples, at least two of them
   * @param level in (0, 1)
   */
  public static double of(SortedMap<Integer, Count> counts, double level) {
    if (counts.size() < 2) {
      throw new IllegalArgumentException("counts: expected at least 2 sizes, got " + counts);
    }
    double centre = counts.keySet().stream().mapToDouble(Math::log).average().orElseThrow();
    double a = 0;
    double b = 1;
    double moved = 1;
    for (int step = 0; step < STEPS && moved > CONVERGED; step++) {
      double ga = 0;
      double gb = -PRIOR_PRECISION * b;
      double aa = 1e-9;
      double ab = 0;
      double bb = PRIOR_PRECISION;
      for (var entry : counts.entrySet()) {
        double x = Math.log(entry.getKey()) - centre;
        double p = 1 / (1 + Math.exp(-(a + b * x)));
        int trials = entry.getValue().trials();
        double residual = entry.getValue().successes() - trials * p;
        double weight = trials * p * (1 - p);
        ga += residual;
        gb += residual * x;
        aa += weight;
        ab += weight * x;
        bb += weight * x * x;
      }
      double determinant = aa * bb - ab * ab;
      double da = (ga * bb - gb * ab) / determinant;
      double db = (gb * aa - ga * ab) / determinant;
      // Half steps at first: the full step can overshoot on flat parts of the likelihood.
      double factor = Math.min(1, 2 / Math.max(1e-300, Math.hypot(da, db)));
      a += factor * da;
      b += factor * db;
      moved = Math.hypot(da, db);
    }
    return Math.exp(centre + (Math.log(level / (1 - level)) - a) / b);
  }
}
