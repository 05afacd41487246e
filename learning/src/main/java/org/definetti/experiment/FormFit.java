package org.definetti.experiment;

/**
 * Least squares of one form on one curve, in the logarithm of the error.
 *
 * @param centre the mean abscissa
 * @param logScale the log of the power part at the centre
 * @param slope S
 * @param floor c
 * @param curvature κ, see {@link LackOfFit}
 * @param bentSlope the slope at the centre once κ is added
 */
record FormFit(
    double centre,
    double logScale,
    double slope,
    double floor,
    double curvature,
    double bentSlope) {

  /** Returns the slope of the bent fit at an abscissa. */
  double bentSlopeAt(double x) {
    return bentSlope + 2 * curvature * (x - centre);
  }

  /**
   * Fits log errors y at abscissae x, both of length n, not modified.
   *
   * @param withFloor whether c may be above zero
   */
  static FormFit of(double[] x, double[] y, boolean withFloor) {
    double centre = mean(x);
    double[] u = new double[x.length];
    for (int j = 0; j < u.length; j++) {
      u[j] = x[j] - centre;
    }
    double slope = slope(u, y);
    double logScale = mean(y);
    double floor = 0;
    if (withFloor) {
      double[] best = FloorFit.fit(u, y, logScale, slope);
      logScale = best[0];
      slope = best[1];
      floor = best[2];
    }
    return bent(new FormFit(centre, logScale, slope, floor, Double.NaN, slope), u, y);
  }

  /**
   * Adds κ by one Gauss-Newton step; leaves it NaN if the form already passes through all points.
   */
  private static FormFit bent(FormFit fit, double[] u, double[] y) {
    int free = fit.floor > 0 ? 3 : 2;
    if (u.length <= free) {
      return fit;
    }
    double[][] columns = new double[3][u.length];
    double[] residuals = new double[u.length];
    for (int j = 0; j < u.length; j++) {
      double power = Math.exp(fit.logScale + fit.slope * u[j]);
      double share = power / (power + fit.floor);
      columns[0][j] = share;
      columns[1][j] = share * u[j];
      columns[2][j] = share * u[j] * u[j];
      residuals[j] = y[j] - Math.log(power + fit.floor);
    }
    double[] step = LeastSquares.solve(columns, residuals);
    return new FormFit(
        fit.centre, fit.logScale, fit.slope, fit.floor, step[2], fit.slope + step[1]);
  }

  /** Returns the least-squares slope of y on u, whose mean is zero. */
  static double slope(double[] u, double[] y) {
    double products = 0;
    double squares = 0;
    for (int j = 0; j < u.length; j++) {
      products += u[j] * y[j];
      squares += u[j] * u[j];
    }
    return products / squares;
  }

  static double mean(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }
}
