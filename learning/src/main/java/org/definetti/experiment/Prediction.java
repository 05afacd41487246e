package org.definetti.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import org.definetti.latent.Check;

/**
 * What a measured number is expected to be, written down before it is measured.
 *
 * @param kind how the value is meant
 * @param value the predicted number, or the bound
 * @param tolerance how far from it still counts as agreement; 0 for a bound
 */
public record Prediction(Kind kind, double value, double tolerance) {

  /** How the value of a prediction is meant. */
  public enum Kind {
    /** Within the tolerance of the value. */
    NEAR,
    /** Not above the value. */
    AT_MOST,
    /** Not below the value. */
    AT_LEAST
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the value is not finite or the tolerance not finite and
   *     &gt;= 0
   */
  public Prediction {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: expected a finite number, got " + value);
    }
    Check.notNegative("tolerance", tolerance);
  }

  /** Returns the prediction {@code value ± tolerance}. */
  public static Prediction near(double value, double tolerance) {
    return new Prediction(Kind.NEAR, value, tolerance);
  }

  /** Returns the prediction that the number is not above a bound. */
  public static Prediction atMost(double bound) {
    return new Prediction(Kind.AT_MOST, bound, 0);
  }

  /** Returns the prediction that the number is not below a bound. */
  public static Prediction atLeast(double bound) {
    return new Prediction(Kind.AT_LEAST, bound, 0);
  }

  /** Returns the numbers that agree with this prediction. */
  public Interval window() {
    return switch (kind) {
      case NEAR -> Interval.around(value, tolerance);
      case AT_MOST -> new Interval(Double.NEGATIVE_INFINITY, value);
      case AT_LEAST -> new Interval(value, Double.POSITIVE_INFINITY);
    };
  }

  /** Returns {@code -1 ± 0.05}, {@code <= 1.0E-12} or {@code >= 0.01}, to four digits. */
  @Override
  public String toString() {
    return switch (kind) {
      case NEAR -> text(value) + " ± " + text(tolerance);
      case AT_MOST -> "<= " + text(value);
      case AT_LEAST -> ">= " + text(value);
    };
  }

  private static String text(double number) {
    return Numbers.text(new BigDecimal(number).round(new MathContext(4)).doubleValue());
  }
}
