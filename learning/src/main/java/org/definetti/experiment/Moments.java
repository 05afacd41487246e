package org.definetti.experiment;

/** Running mean and variance of numbers by Welford's recursion [recalled]. */
final class Moments {

  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }

  /** Returns the mean with its standard error, NaN for a single number. */
  Estimate estimate() {
    double standardError =
        count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    return new Estimate(mean, standardError, count);
  }
}
