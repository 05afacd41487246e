package org.definetti.lab.claims;

import java.util.Arrays;

/**
 * A line fitted by least squares, {@code y = intercept + slope · x}.
 *
 * @param intercept the value at 0
 * @param slope the rise per unit
 * @param residual the weighted sum of squared residuals: chi2 where weights are inverse variances
 * @param determination R2, one minus the residual over the weighted sum of squares about the mean
 */
record StraightLine(double intercept, double slope, double residual, double determination) {

  /** Returns the line of equal weights. Not modified. */
  static StraightLine through(double[] x, double[] y) {
    double[] weights = new double[x.length];
    Arrays.fill(weights, 1);
    return through(x, y, weights);
  }

  /** Returns the line of these weights, each above 0. Not modified. */
  static StraightLine through(double[] x, double[] y, double[] weights) {
    if (x.length < 2 || x.length != y.length || x.length != weights.length) {
      throw new IllegalArgumentException(
          "x: expected at least 2 numbers, as many as y and weights, got " + x.length);
    }
    double total = Arrays.stream(weights).sum();
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += weights[i] * x[i] / total;
      meanY += weights[i] * y[i] / total;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
      xy += weights[i] * (x[i] - meanX) * (y[i] - meanY);
      yy += weights[i] * (y[i] - meanY) * (y[i] - meanY);
    }
    double slope = xy / xx;
    double residual = 0;
    for (int i = 0; i < x.length; i++) {
      double gap = y[i] - meanY - slope * (x[i] - meanX);
      residual += weights[i] * gap * gap;
    }
    return new StraightLine(meanY - slope * meanX, slope, residual, 1 - residual / yy);
  }

  /** Returns the value at a place. */
  double at(double x) {
    return intercept + slope * x;
  }
}
