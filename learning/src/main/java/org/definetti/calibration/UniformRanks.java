package org.definetti.calibration;

import java.util.Arrays;
import org.definetti.latent.Check;

/**
 * Are n ranks uniform on 0..S? Their distribution function inside simultaneous bands, exactly.
 *
 * <pre>{@code
 * c_k = #{rank < (S+1) k/K},   k = 1..K-1,   c_k ~ Binomial(n, k/K)   if uniform
 * γ = min_k 2 min(P(B_k <= c_k), P(B_k >= c_k)),   p = P(γ of uniform ranks <= γ)
 * band of level α: the counts of every k whose own γ_k lies above the α quantile of γ
 * }</pre>
 *
 * <ul>
 *   <li>The p-value is exact, not simulated: given c_{k-1}, the next count adds a Binomial(n -
 *       c_{k-1}, 1/(K - k + 1)), so the probability that all counts stay between two bounds is a
 *       chain of K - 1 steps.
 *   <li>Cost: O(K w²) with w the width of the band, about {@code 4 √n}; some milliseconds.
 *   <li>Accuracy: about 1e-9; a p-value below that is an upper bound, the sum over k.
 *   <li>Source: simultaneous bands of the empirical distribution function [recalled: Säilynoja,
 *       Bürkner, Vehtari 2022]; the chain [derived].
 * </ul>
 *
 * <p>Immutable, except that it keeps log factorials.
 */
public final class UniformRanks {

  /** The number K of steps of the distribution function that is looked at, 20. */
  public static final int POINTS = 20;

  private static final double ROUNDING = 1e-9;

  private final int count;
  private final double[] logFactorials; // (n + 1)
  private final double[][] tails; // (K)(n + 1): γ_k of each count, rows 1..K-1

  private UniformRanks(int count) {
    this.count = count;
    this.logFactorials = new double[count + 1];
    for (int i = 2; i <= count; i++) {
      logFactorials[i] = logFactorials[i - 1] + Math.log(i);
    }
    this.tails = new double[POINTS][];
    for (int k = 1; k < POINTS; k++) {
      tails[k] = tails((double) k / POINTS);
    }
  }

  /** Returns the test for n ranks, n at least 1. */
  public static UniformRanks of(int count) {
    return new UniformRanks(Check.atLeast("count", 1, count));
  }

  private double[] tails(double share) {
    double[] upTo = new double[count + 1];
    double[] from = new double[count + 2];
    double[] mass = new double[count + 1];
    for (int c = 0; c <= count; c++) {
      mass[c] = Math.exp(logMass(c, count, share));
      upTo[c] = mass[c] + (c == 0 ? 0 : upTo[c - 1]);
    }
    for (int c = count; c >= 0; c--) {
      from[c] = mass[c] + from[c + 1];
    }
    double[] two = new double[count + 1];
    for (int c = 0; c <= count; c++) {
      two[c] = Math.min(1, 2 * Math.min(upTo[c], from[c]));
    }
    return two;
  }

  private double logMass(int c, int n, double share) {
    return logFactorials[n]
        - logFactorials[c]
        - logFactorials[n - c]
        + c * Math.log(share)
        + (n - c) * Math.log1p(-share);
  }

  /**
   * Returns the p-value of ranks.
   *
   * @param ranks n of them in 0..S. Not modified.
   * @param most S, with S + 1 a multiple of {@link #POINTS}
   */
  public double pValue(int[] ranks, int most) {
    return exceeding(smallestTail(ranks, most));
  }

  /**
   * Returns the largest distance of the ranks' distribution function from the uniform one, over
   * {@link #POINTS} steps.
   */
  public double distance(int[] ranks, int most) {
    int[] below = below(ranks, most);
    double largest = 0;
    for (int k = 1; k < POINTS; k++) {
      largest = Math.max(largest, Math.abs((double) below[k] / count - (double) k / POINTS));
    }
    return largest;
  }

  /** Returns the share of ranks below each step k/K of the range, k = 0..K. */
  public double[] shares(int[] ranks, int most) {
    int[] below = below(ranks, most);
    double[] shares = new double[POINTS + 1];
    for (int k = 0; k <= POINTS; k++) {
      shares[k] = (double) below[k] / count;
    }
    return shares;
  }

  private double smallestTail(int[] ranks, int most) {
    int[] below = below(ranks, most);
    double smallest = 1;
    for (int k = 1; k < POINTS; k++) {
      smallest = Math.min(smallest, tails[k][below[k]]);
    }
    return smallest;
  }

  private int[] below(int[] ranks, int most) {
    if (ranks.length != count) {
      throw new IllegalArgumentException(
          "ranks: expected " + count + " of them, got " + ranks.length);
    }
    if (most < 1 || (most + 1) % POINTS != 0) {
      throw new IllegalArgumentException(
          "most: expected one less than a multiple of " + POINTS + ", got " + most);
    }
    int width = (most + 1) / POINTS;
    int[] below = new int[POINTS + 1];
    for (int rank : ranks) {
      if (rank < 0 || rank > most) {
        throw new IllegalArgumentException("ranks: expected in 0.." + most + ", got " + rank);
      }
      below[rank / width + 1]++;
    }
    for (int k = 1; k <= POINTS; k++) {
      below[k] += below[k - 1];
    }
    return below;
  }

  /** Returns the probability that uniform ranks have a γ of at most this. */
  private double exceeding(double gamma) {
    double most = (POINTS - 1) * gamma; // the sum of the chances of every k
    if (most < ROUNDING) {
      return most;
    }
    double[] chance = {1}; // of each count, from `least` on
    int least = 0;
    for (int k = 1; k < POINTS; k++) {
      int low = 0;
      int high = count;
      while (low <= count && tails[k][low] <= gamma * (1 + ROUNDING)) {
        low++;
      }
      while (high >= low && tails[k][high] <= gamma * (1 + ROUNDING)) {
        high--;
      }
      if (low > high) {
        return 1;
      }
      double[] next = new double[high - low + 1];
      double share = 1.0 / (POINTS - k + 1);
      for (int i = 0; i < chance.length; i++) {
        if (chance[i] > 0) {
          spread(chance[i], least + i, share, low, next);
        }
      }
      chance = next;
      least = low;
    }
    double inside = Arrays.stream(chance).sum();
    return Math.min(1, Math.max(0, 1 - inside));
  }

  /** Adds the chances of the next count from one count, for counts from {@code low} on. */
  private void spread(double chance, int from, double share, int low, double[] next) {
    int rest = count - from;
    int start = Math.max(low, from);
    int end = Math.min(low + next.length - 1, count);
    if (start > end) {
      return;
    }
    double mass = chance * Math.exp(logMass(start - from, rest, share));
    double odds = share / (1 - share);
    if (mass == 0) { // far in the tail: no recursion can start there
      for (int c = start; c <= end; c++) {
        next[c - low] += chance * Math.exp(logMass(c - from, rest, share));
      }
      return;
    }
    for (int c = start; c <= end; c++) {
      next[c - low] += mass;
      int added = c - from;
      mass *= odds * (rest - added) / (added + 1);
    }
  }

  /**
   * Returns the simultaneous band of a level: uniform ranks leave it anywhere with probability of
   * at most the level.
   *
   * @param level α, in (0, 1)
   */
  public Band band(double level) {
    Check.positive("level", level);
    double low = 1e-12;
    double high = 1;
    for (int i = 0; i < 40; i++) {
      double middle = Math.sqrt(low * high);
      if (exceeding(middle) <= level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] lower = new double[POINTS + 1];
    double[] upper = new double[POINTS + 1];
    lower[POINTS] = 1;
    upper[POINTS] = 1;
    for (int k = 1; k < POINTS; k++) {
      int first = 0;
      int last = count;
      while (tails[k][first] <= low) {
        first++;
      }
      while (tails[k][last] <= low) {
        last--;
      }
      lower[k] = (double) first / count;
      upper[k] = (double) last / count;
    }
    return new Band(lower, upper);
  }

  /** Where the distribution function of uniform ranks stays, at k/K for k = 0..K. */
  public static final class Band {

    private final double[] lower;
    private final double[] upper;

    private Band(double[] lower, double[] upper) {
      this.lower = lower;
      this.upper = upper;
    }

    /** Returns the least share of ranks below k/K of the range that is inside. */
    public double lower(int k) {
      return lower[k];
    }

    /** Returns the largest share of ranks below k/K of the range that is inside. */
    public double upper(int k) {
      return upper[k];
    }
  }
}
