package org.definetti.experiment;

import org.definetti.latent.Check;

/**
 * A mean over trials with its standard error.
 *
 * @param mean the mean of the trials; NaN or infinite where the measurement was
 * @param standardError the standard deviation of the mean; 0 for a number without noise, NaN where
 *     one trial says nothing about it
 * @param count the number of trials, at least 1
 */
public record Estimate(double mean, double standardError, long count) {

  /**
   * Checks the count.
   *
   * @throws IllegalArgumentException if the count is below 1 or the standard error negative
   */
  public Estimate {
    if (count < 1) {
      throw new IllegalArgumentException("count: expected >= 1, got " + count);
    }
    if (standardError < 0) {
      throw new IllegalArgumentException("standardError: expected >= 0, got " + standardError);
    }
  }

  /** Returns a number without noise: standard error 0, one trial. */
  public static Estimate exact(double value) {
    return new Estimate(value, 0, 1);
  }

  /**
   * Returns the mean of independent trials and {@code s / √n}, s with divisor n - 1.
   *
   * <ul>
   *   <li>Edge cases: one trial has standard error NaN.
   *   <li>Accuracy: two passes in index order, so the same values give the same bits.
   * </ul>
   *
   * @throws IllegalArgumentException if there is no trial
   */
  public static Estimate of(double... trials) {
    int n = Check.atLeast("trials", 1, trials.length);
    double sum = 0;
    for (double trial : trials) {
      sum += trial;
    }
    double mean = sum / n;
    double squares = 0;
    for (double trial : trials) {
      squares += (trial - mean) * (trial - mean);
    }
    double error = n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
    return new Estimate(mean, error, n);
  }
}
