package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * A count and a sum of statistics: the commutative monoid that most beliefs rest on.
 *
 * <p>Sums are compensated (Neumaier), so their error stays near one ulp of the largest partial sum
 * for any number of tokens, whatever the order. Sums of whole numbers are exact up to 2^53. A term
 * of minus infinity makes the sum minus infinity. Immutable.
 */
public final class SumStatistic {

  private final double count;
  private final double[] sum;
  private final double[] lost; // what rounding took from each sum

  private SumStatistic(double count, double[] sum, double[] lost) {
    this.count = count;
    this.sum = sum;
    this.lost = lost;
  }

  /** Returns the statistic of no tokens, of {@code width} coordinates. */
  public static SumStatistic none(int width) {
    return new SumStatistic(0, new double[width], new double[width]);
  }

  /**
   * Returns the statistic of {@code count} tokens that sum to {@code sum}.
   *
   * @param sum shape (1, width)
   */
  public static SumStatistic of(double count, SimpleMatrix sum, int width) {
    Check.notNegative("count", count);
    Check.matrix("sum", sum, 1, width);
    return new SumStatistic(count, sum.getDDRM().data.clone(), new double[width]);
  }

  /** Returns L, the number of terms. */
  public double count() {
    return count;
  }

  /** Returns the number of coordinates. */
  public int width() {
    return sum.length;
  }

  /** Returns coordinate i of the sum. */
  public double sum(int i) {
    return sum[i] + lost[i];
  }

  /**
   * Returns coordinate i less coordinate j, more accurate than subtracting {@link #sum}: two large
   * sums that nearly agree lose nothing.
   *
   * @return NaN if both are minus infinity
   */
  public double difference(int i, int j) {
    return (sum[i] - sum[j]) + (lost[i] - lost[j]);
  }

  /** Returns this with one more term per row of {@code statistics}, shape (L, width). */
  public SumStatistic plus(SimpleMatrix statistics) {
    return plus(statistics.getNumRows(), statistics.getDDRM().data);
  }

  /** Returns this with {@code terms} more, stored row by row; not modified. */
  public SumStatistic plus(int terms, double[] rows) {
    double[] newSum = sum.clone();
    double[] newLost = lost.clone();
    int width = newSum.length;
    for (int l = 0; l < terms; l++) {
      for (int i = 0; i < width; i++) {
        add(newSum, newLost, i, rows[l * width + i]);
      }
    }
    return new SumStatistic(count + terms, newSum, newLost);
  }

  /** Returns this with {@code terms} more whose statistics are already summed; not modified. */
  public SumStatistic plusSummed(double terms, double[] summed) {
    SumStatistic once = plus(1, summed);
    return new SumStatistic(count + terms, once.sum, once.lost);
  }

  /** Returns the statistic of the tokens of both. */
  public SumStatistic plus(SumStatistic other) {
    SumStatistic sums = plus(1, other.sum);
    sums = sums.plus(1, other.lost);
    return new SumStatistic(count + other.count, sums.sum, sums.lost);
  }

  private static void add(double[] sum, double[] lost, int i, double term) {
    double old = sum[i];
    double next = old + term;
    if (Double.isInfinite(next)) {
      sum[i] = next; // the log of an impossible token: nothing is lost
      return;
    }
    lost[i] += Math.abs(old) >= Math.abs(term) ? (old - next) + term : (term - next) + old;
    sum[i] = next;
  }
}
