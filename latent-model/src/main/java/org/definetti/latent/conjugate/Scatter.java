package org.definetti.latent.conjugate;

import org.definetti.latent.SumStatistic;
import org.ejml.simple.SimpleMatrix;

/**
 * Count, mean and scatter {@code Σ (x - x̄)ᵀ(x - x̄)} of rows: what a Gaussian with unknown mean and
 * covariance asks of its tokens.
 *
 * <p>Scatters are taken around the mean of their own block and joined by the spread of the two
 * means, {@code + n m / (n + m) · (x̄ - ȳ)ᵀ(x̄ - ȳ)}, so a common offset of the tokens cancels before
 * anything is squared; all sums are compensated. Source: Chan, Golub and LeVeque [recalled].
 * Immutable.
 */
final class Scatter {

  private final SumStatistic sums;
  private final SumStatistic squares; // (width · width), row by row

  private Scatter(SumStatistic sums, SumStatistic squares) {
    this.sums = sums;
    this.squares = squares;
  }

  static Scatter none(int width) {
    return new Scatter(SumStatistic.none(width), SumStatistic.none(width * width));
  }

  /** Returns the statistic of rows stored one after the other. Not modified. */
  static Scatter of(double[] rows, int width) {
    int length = rows.length / width;
    SumStatistic sums = SumStatistic.none(width).plus(length, rows);
    double[] sum = new double[width * width];
    double[] lost = new double[width * width];
    double[] mean = new double[width];
    double[] gap = new double[width];
    for (int i = 0; i < width && length > 0; i++) {
      mean[i] = sums.sum(i) / length;
    }
    for (int row = 0; row < rows.length; row += width) {
      for (int i = 0; i < width; i++) {
        gap[i] = rows[row + i] - mean[i];
      }
      addSquare(sum, lost, gap);
    }
    return new Scatter(sums, SumStatistic.none(sum.length).plus(1, sum).plus(1, lost));
  }

  // Adds gapᵀ gap; lost keeps what rounding took (Neumaier).
  private static void addSquare(double[] sum, double[] lost, double[] gap) {
    int width = gap.length;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        double term = gap[i] * gap[j];
        double old = sum[i * width + j];
        double next = old + term;
        lost[i * width + j] +=
            Math.abs(old) >= Math.abs(term) ? (old - next) + term : (term - next) + old;
        sum[i * width + j] = next;
      }
    }
  }

  Scatter plus(Scatter other) {
    if (other.count() == 0) {
      return this;
    }
    if (count() == 0) {
      return other;
    }
    double share = count() * (other.count() / (count() + other.count()));
    double[] between = outer(gap(other.mean()), share);
    return new Scatter(sums.plus(other.sums), squares.plus(other.squares).plus(1, between));
  }

  double count() {
    return sums.count();
  }

  int width() {
    return sums.width();
  }

  /** Returns coordinate i of Σ x. */
  double sum(int i) {
    return sums.sum(i);
  }

  /** Returns x̄; of no rows, NaN. */
  double[] mean() {
    double[] mean = new double[width()];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sums.sum(i) / count();
    }
    return mean;
  }

  /** Returns x̄ - centre. */
  double[] gap(double[] centre) {
    double[] gap = mean();
    for (int i = 0; i < gap.length; i++) {
      gap[i] -= centre[i];
    }
    return gap;
  }

  /** Returns entry (i, j) of the scatter. */
  double square(int i, int j) {
    return squares.sum(i * width() + j);
  }

  /** Returns the scatter, shape (width, width). */
  SimpleMatrix matrix() {
    SimpleMatrix matrix = new SimpleMatrix(width(), width());
    for (int i = 0; i < matrix.getNumElements(); i++) {
      matrix.getDDRM().data[i] = squares.sum(i);
    }
    return matrix;
  }

  /** Returns weight · gapᵀ gap, row by row. */
  static double[] outer(double[] gap, double weight) {
    double[] outer = new double[gap.length * gap.length];
    for (int i = 0; i < gap.length; i++) {
      for (int j = 0; j < gap.length; j++) {
        outer[i * gap.length + j] = weight * (gap[i] * gap[j]);
      }
    }
    return outer;
  }
}
