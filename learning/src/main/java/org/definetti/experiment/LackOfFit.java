package org.definetti.experiment;

/**
 * Whether a curve bends where the declared form is straight.
 *
 * <p>A term κ·u² is added to the log of the power (or exponential) part, u the abscissa minus its
 * mean, with the floor held at its fitted value, and the sum of squares is minimised by one
 * Gauss-Newton step from the fit without it. For forms without a floor the step is exact: κ is the
 * quadratic coefficient of ordinary least squares.
 *
 * @param curvature κ; NaN with too few values to tell
 * @param pValue the two-sided p-value of κ = 0 from Student's t with (seeds - 1) degrees of
 *     freedom; NaN where there is none
 * @param slopes the slopes of the bent fit at the two ends of the range, the smaller one as low;
 *     unknown like κ
 */
public record LackOfFit(double curvature, double pValue, Interval slopes) {

  /** The level at which a bend counts. */
  public static final double SIGNIFICANCE = 0.01;

  /**
   * Returns whether the curve bends and the bend matters: p is below {@link #SIGNIFICANCE} and at
   * an end of the range the slope of the bent fit lies outside the window.
   */
  public boolean bendsOutOf(Interval window) {
    return pValue < SIGNIFICANCE && !window.contains(slopes);
  }
}
