package org.definetti.symmetry;

import java.util.Locale;
import org.definetti.latent.Check;

/**
 * What an audit found.
 *
 * @param name of the audit
 * @param measured the largest relative error
 * @param tolerance what it was judged by
 * @param worst where the largest error occurred, in a few words
 * @param planted the relative size of a planted violation that would show as this error, or NaN
 *     where none was planted
 */
public record AuditResult(
    String name, double measured, Tolerance tolerance, String worst, double planted) {

  /** Returns a result without a planted violation to compare with. */
  public static AuditResult of(String name, double measured, Tolerance tolerance, String worst) {
    return new AuditResult(name, measured, tolerance, worst, Double.NaN);
  }

  /** Returns this result beside the size of a planted violation that shows as the same error. */
  public AuditResult withPlanted(double size) {
    return new AuditResult(name, measured, tolerance, worst, Check.notNegative("size", size));
  }

  /** Returns PASS, FAIL or INCONCLUSIVE. */
  public AuditVerdict verdict() {
    return tolerance.judge(measured);
  }

  /**
   * Returns the factor between the error and the bound that it is judged by: how much worse a pass
   * could be, or how much better a failure; for INCONCLUSIVE the factor to the nearer bound.
   * Infinite for an error of zero, NaN for one that is not a number.
   */
  public double margin() {
    double below = tolerance.pass() / measured;
    double above = measured / tolerance.fail();
    return switch (verdict()) {
      case PASS -> below;
      case FAIL -> above;
      case INCONCLUSIVE -> Math.min(1 / below, 1 / above);
    };
  }

  /** Returns one line: verdict, name, error, margin, and the worst input. */
  @Override
  public String toString() {
    String line =
        String.format(
            Locale.ROOT,
            "%-12s  %-34s  error %.1e, margin %.0e, worst: %s",
            verdict(),
            name,
            measured,
            margin(),
            worst);
    return Double.isNaN(planted)
        ? line
        : line + String.format(Locale.ROOT, "; as a planted violation of %.0e", planted);
  }
}
