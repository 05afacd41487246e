package org.definetti.audit;

import java.util.List;

/**
 * A sampled mean that should be zero.
 *
 * @param lag k, over how many tokens the change was taken, at least 1
 * @param mean the mean over continuations
 * @param standardError its standard error; zero if all continuations agree
 */
public record Drift(int lag, double mean, double standardError) {

  /**
   * Returns |mean| in standard errors: about the size of a standard normal draw if the true mean is
   * zero. A mean of zero without error is 0, any other without error infinite.
   */
  public double standardErrors() {
    return mean == 0 ? 0 : Math.abs(mean) / standardError;
  }

  /** Returns the largest of {@link #standardErrors}; zero for none. */
  public static double largest(List<Drift> drifts) {
    double largest = 0;
    for (Drift drift : drifts) {
      largest = Math.max(largest, drift.standardErrors());
    }
    return largest;
  }

  /** Mean and variance of numbers that come one by one (Welford). Mutable, for one thread. */
  static final class Average {

    private long count;
    private double mean;
    private double squares;

    void add(double number) {
      count++;
      double gap = number - mean;
      mean += gap / count;
      squares += gap * (number - mean);
    }

    Drift drift(int lag) {
      return new Drift(lag, mean, Math.sqrt(squares / (count - 1.0) / count));
    }
  }
}
