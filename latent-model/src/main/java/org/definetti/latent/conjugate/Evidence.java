package org.definetti.latent.conjugate;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A count and a sum of statistics: the commutative monoid that conjugate beliefs rest on.
 *
 * <p>Sums are compensated (Neumaier), so their error stays near one ulp of the largest partial sum
 * for any number of tokens, whatever the order. Sums of whole numbers are exact up to 2^53.
 * Immutable.
 */
final class Evidence {

  private final double count;
  private final double[] sum;
  private final double[] lost; // what rounding took from each sum

  private Evidence(double count, double[] sum, double[] lost) {
    this.count = count;
    this.sum = sum;
    this.lost = lost;
  }

  static Evidence none(int width) {
    return new Evidence(0, new double[width], new double[width]);
  }

  static Evidence of(double count, SimpleMatrix sum, int width) {
    Check.notNegative("count", count);
    Check.matrix("sum", sum, 1, width);
    return new Evidence(count, sum.getDDRM().data.clone(), new double[width]);
  }

  double count() {
    return count;
  }

  int width() {
    return sum.length;
  }

  /** Returns coordinate i of the sum. */
  double sum(int i) {
    return sum[i] + lost[i];
  }

  /** Returns this with one more term per row of {@code statistics}, shape (L, width). */
  Evidence plus(SimpleMatrix statistics) {
    return plus(statistics.getNumRows(), statistics.getDDRM().data);
  }

  /** Returns this with {@code terms} more, stored row by row; not modified. */
  Evidence plus(int terms, double[] rows) {
    double[] newSum = sum.clone();
    double[] newLost = lost.clone();
    int width = newSum.length;
    for (int l = 0; l < terms; l++) {
      for (int i = 0; i < width; i++) {
        add(newSum, newLost, i, rows[l * width + i]);
      }
    }
    return new Evidence(count + terms, newSum, newLost);
  }

  /** Returns this with {@code terms} more whose statistics are already summed; not modified. */
  Evidence plusSummed(double terms, double[] summed) {
    Evidence once = plus(1, summed);
    return new Evidence(count + terms, once.sum, once.lost);
  }

  Evidence plus(Evidence other) {
    Evidence sums = plus(1, other.sum);
    sums = sums.plus(1, other.lost);
    return new Evidence(count + other.count, sums.sum, sums.lost);
  }

  private static void add(double[] sum, double[] lost, int i, double term) {
    double old = sum[i];
    double next = old + term;
    lost[i] += Math.abs(old) >= Math.abs(term) ? (old - next) + term : (term - next) + old;
    sum[i] = next;
  }
}
