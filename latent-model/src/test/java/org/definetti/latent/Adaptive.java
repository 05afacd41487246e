package org.definetti.latent;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;

/**
 * An oracle: adaptive Gauss-Legendre quadrature (Commons Math) over the bulk of a density of one
 * number with one peak, given by its log.
 */
public final class Adaptive {

  private static final int PIECES = 40;
  private static final int PLACES = 1_000;
  private static final double DROP = 50; // nats below the peak
  private static final int MOST_EVALUATIONS = 100_000;

  private final double peak;
  private final double low;
  private final double high;
  private final DoubleUnaryOperator log;
  private final double accuracy;

  /** Looks for the peak on a grid between two places. */
  public Adaptive(DoubleUnaryOperator log, double from, double until) {
    this.log = log;
    double best = from;
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= PLACES; k++) {
      double z = from + (until - from) * k / PLACES;
      double height = log.applyAsDouble(z);
      if (height > top) {
        top = height;
        best = z;
      }
    }
    this.peak = top;
    this.accuracy = 1e-13 + 1e-15 * Math.abs(top); // below that a log is noise
    this.low = end(best, from, top - DROP);
    this.high = end(best, until, top - DROP);
  }

  // Bisects between a place above a level and one below it.
  private double end(double above, double below, double level) {
    double inside = above;
    double outside = below;
    for (int n = 0; n < 40; n++) {
      double middle = 0.5 * (inside + outside);
      if (log.applyAsDouble(middle) > level) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return outside;
  }

  /** Returns the log density at the best place of the grid. */
  public double peak() {
    return peak;
  }

  /** Returns the relative accuracy asked for. */
  public double accuracy() {
    return accuracy;
  }

  /** Returns the integral of f times the density over e^peak. */
  public double integral(DoubleUnaryOperator f) {
    double sum = 0;
    for (int piece = 0; piece < PIECES; piece++) {
      double a = low + (high - low) * piece / PIECES;
      double b = low + (high - low) * (piece + 1) / PIECES;
      sum +=
          new IterativeLegendreGaussIntegrator(8, accuracy, 1e-17 * (b - a))
              .integrate(
                  MOST_EVALUATIONS,
                  z -> f.applyAsDouble(z) * Math.exp(log.applyAsDouble(z) - peak),
                  a,
                  b);
    }
    return sum;
  }

  /** Returns the log of the integral of the density. */
  public double logIntegral() {
    return peak + Math.log(integral(z -> 1));
  }

  /** Returns E f(z) under the normalised density. */
  public double mean(DoubleUnaryOperator f) {
    return integral(f) / integral(z -> 1);
  }
}
