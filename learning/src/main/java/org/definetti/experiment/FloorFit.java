package org.definetti.experiment;

/**
 * Least squares of {@code log(exp(α + S·u) + c)}, c &gt;= 0, by Levenberg-Marquardt in (α, S, log
 * c).
 *
 * <p>The sum of squares can have several minima, so the search starts from several floors below the
 * smallest error and the best end counts, that with c = 0 included. All is deterministic.
 */
final class FloorFit {

  private static final double[] START_SHARES = {0.95, 0.7, 0.3, 0.05};
  private static final int MOST_STEPS = 100;
  private static final double CONVERGED = 1e-12;
  private static final double FIRST_DAMPING = 1e-3;
  private static final double LARGEST_DAMPING = 1e12;
  private static final double DAMPING_FACTOR = 10;

  private FloorFit() {}

  /**
   * Returns (α, S, c).
   *
   * @param u abscissae with mean zero; not modified
   * @param y log errors; not modified
   * @param logScale α of the straight fit, the answer if no floor fits better
   * @param slope S of the straight fit
   */
  static double[] fit(double[] u, double[] y, double logScale, double slope) {
    double[] best = {logScale, slope, Double.NEGATIVE_INFINITY};
    double least = squares(u, y, best);
    double lowest = Double.POSITIVE_INFINITY;
    for (double value : y) {
      lowest = Math.min(lowest, value);
    }
    for (double share : START_SHARES) {
      double[] end = descend(u, y, start(u, y, lowest + Math.log(share)));
      double squares = squares(u, y, end);
      if (squares < least) {
        least = squares;
        best = end;
      }
    }
    return new double[] {best[0], best[1], Math.exp(best[2])};
  }

  /** Returns the straight line through what is left of the errors above the floor. */
  private static double[] start(double[] u, double[] y, double logFloor) {
    double[] left = new double[y.length];
    for (int j = 0; j < y.length; j++) {
      left[j] = y[j] + Math.log1p(-Math.exp(logFloor - y[j]));
    }
    return new double[] {FormFit.mean(left), FormFit.slope(u, left), logFloor};
  }

  private static double[] descend(double[] u, double[] y, double[] start) {
    double[] at = start;
    double squares = squares(u, y, at);
    double damping = FIRST_DAMPING;
    for (int step = 0; step < MOST_STEPS && damping < LARGEST_DAMPING; step++) {
      double[] next = step(u, y, at, damping);
      double nextSquares = squares(u, y, next);
      if (nextSquares <= squares) {
        boolean converged = squares - nextSquares <= CONVERGED * squares;
        at = next;
        squares = nextSquares;
        damping /= DAMPING_FACTOR;
        if (converged) {
          break;
        }
      } else {
        damping *= DAMPING_FACTOR;
      }
    }
    return at;
  }

  /** Returns where one damped Gauss-Newton step leads; the damping enters as three more rows. */
  private static double[] step(double[] u, double[] y, double[] at, double damping) {
    int n = u.length;
    double[][] columns = new double[3][n + 3];
    double[] residuals = new double[n + 3];
    for (int j = 0; j < n; j++) {
      double power = at[0] + at[1] * u[j];
      double share = 1 / (1 + Math.exp(at[2] - power));
      columns[0][j] = share;
      columns[1][j] = share * u[j];
      columns[2][j] = 1 - share;
      residuals[j] = y[j] - logSum(power, at[2]);
    }
    for (int k = 0; k < 3; k++) {
      columns[k][n + k] = Math.sqrt(damping);
    }
    double[] change = LeastSquares.solve(columns, residuals);
    return new double[] {at[0] + change[0], at[1] + change[1], at[2] + change[2]};
  }

  private static double squares(double[] u, double[] y, double[] at) {
    double sum = 0;
    for (int j = 0; j < u.length; j++) {
      double residual = y[j] - logSum(at[0] + at[1] * u[j], at[2]);
      sum += residual * residual;
    }
    return sum;
  }

  /** Returns log(exp(a) + exp(b)); b may be minus infinity. */
  private static double logSum(double a, double b) {
    double high = Math.max(a, b);
    return high + Math.log1p(Math.exp(Math.min(a, b) - high));
  }
}
