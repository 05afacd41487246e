package org.definetti.experiment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How fast an error falls: the fitted form of a curve over a range, with its uncertainty over
 * seeds.
 *
 * <p>The abscissa x is log L for power laws and L for the exponential form.
 *
 * @param curve what was fitted
 * @param fit how it was fitted
 * @param values the values of the swept axis that lie in the range
 * @param seeds the number of seeds
 * @param logScale log a
 * @param slope S
 * @param floor c; 0 for forms without a floor
 * @param standardError of the slope over seeds; NaN with one seed
 * @param interval of the slope; unknown with one seed
 * @param localSlopes between neighbouring values
 * @param lackOfFit whether the curve bends within the range
 * @param doubtful the values in the range at which the exact answers are too coarse to judge by
 * @param note why there is no slope or no interval, else empty
 */
public record Rate(
    CurveKey curve,
    RateFit fit,
    List<Double> values,
    int seeds,
    double logScale,
    double slope,
    double floor,
    double standardError,
    Interval interval,
    List<LocalSlope> localSlopes,
    LackOfFit lackOfFit,
    List<Double> doubtful,
    String note) {

  /** Copies the lists. */
  public Rate {
    values = List.copyOf(values);
    localSlopes = List.copyOf(localSlopes);
    doubtful = List.copyOf(doubtful);
  }

  /** Returns the fitted error at a value of the swept axis. */
  public double at(double value) {
    double x = fit.form() == RateForm.EXPONENTIAL ? value : Math.log(value);
    return Math.exp(logScale + slope * x) + floor;
  }

  /**
   * Returns the verdict on the slope.
   *
   * <p>As for any number with an interval, except that a curve that bends out of the window is
   * never CONFIRMED, and one without an interval is INCONCLUSIVE for the reason in {@link #note}.
   * Where there are too few values to see a bend, the reason says so. Where the exact answers are
   * themselves computed with an error that may exceed a tenth of the gap, the verdict is
   * INCONCLUSIVE whatever the slope.
   */
  public Verdict expect(double predicted, double tolerance) {
    Prediction prediction = Prediction.near(predicted, tolerance);
    Verdict verdict = Verdict.of(slope, interval, prediction);
    if (!note.isEmpty()) {
      return verdict.withReason(note);
    }
    if (!doubtful.isEmpty()) {
      String where = doubtful.stream().map(Numbers::text).collect(Collectors.joining(", "));
      return verdict.inconclusiveBecause(
          "the exact answers are not exact enough: their own error may exceed a tenth of the gap at "
              + curve.sweptAxis()
              + " "
              + where);
    }
    if (lackOfFit.bendsOutOf(prediction.window())) {
      return verdict.notConfirmedBecause(
          String.format(
              Locale.ROOT,
              "bends: slope between %.3f and %.3f at the ends of the range, p = %.2g",
              lackOfFit.slopes().low(),
              lackOfFit.slopes().high(),
              lackOfFit.pValue()));
    }
    if (Double.isNaN(lackOfFit.curvature())) {
      return verdict.withReason("too few values in the range for a bend to show");
    }
    return verdict;
  }
}
