package org.definetti.experiment;

import org.definetti.latent.Check;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of a curve, declared in one line before the run.
 *
 * <pre>{@code
 * squared-gap ~ L^-1 ± 0.05 over 128..8192
 * excess-risk ~ n^-0.5 + c ± 0.1 over 100..10000
 * kl ~ exp(-0.3 L) ± 0.02 over 4..64 for corrected-softmax:derived
 * }</pre>
 *
 * <p>The metric comes first; {@code L} stands for the axis {@code length}, {@code n} for the axis
 * {@code samples}, any other name for the axis of that name. {@code + c} declares a floor, {@code
 * for} chooses curves by attention and, after a colon, by origin. {@code +-} is read as {@code ±}.
 * {@link #toString} prints the canonical form, which parses to an equal expectation.
 *
 * @param metric the metric of the curve
 * @param form the declared form
 * @param slope the predicted slope S
 * @param tolerance how far from it still counts as agreement, &gt;= 0
 * @param sweptAxis the axis along which the error falls
 * @param range the values of the swept axis over which it is expected, ends included
 * @param attention the attention of the curve, or null for every attention
 * @param origin the origin of the curve, or null for every origin
 */
public record Expectation(
    String metric,
    RateForm form,
    double slope,
    double tolerance,
    String sweptAxis,
    Interval range,
    @Nullable String attention,
    @Nullable String origin) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the slope is not finite, the tolerance negative, or the
   *     range empty or, for power laws, not above zero
   */
  public Expectation {
    if (!Double.isFinite(slope)) {
      throw new IllegalArgumentException("slope: expected a finite number, got " + slope);
    }
    Check.notNegative("tolerance", tolerance);
    range = RateFit.range(form, range.low(), range.high());
  }

  /**
   * Reads an expectation.
   *
   * @throws IllegalArgumentException if the text has another form; the message says what was
   *     expected
   */
  public static Expectation parse(String text) {
    return ExpectationText.parse(text);
  }

  /** Returns the predicted slope with its tolerance. */
  public Prediction prediction() {
    return Prediction.near(slope, tolerance);
  }

  /** Returns whether this expectation is about a curve. */
  public boolean isAbout(CurveKey curve) {
    return metric.equals(curve.metric())
        && sweptAxis.equals(curve.sweptAxis())
        && (attention == null || attention.equals(curve.axis("attention")))
        && (origin == null || origin.equals(curve.axis("origin")));
  }

  /** Returns the fit of the declared form over the declared range. */
  public RateFit fit() {
    return RateFit.of(form, range.low(), range.high());
  }

  /** Fits a curve as declared and judges its slope. */
  public JudgedRate judge(Curve curve) {
    Rate rate = fit().fit(curve);
    return new JudgedRate(rate, rate.expect(slope, tolerance));
  }

  @Override
  public String toString() {
    return ExpectationText.print(this);
  }
}
