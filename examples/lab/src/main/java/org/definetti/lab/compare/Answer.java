package org.definetti.lab.compare;

import java.util.Arrays;

/**
 * The best prediction of a target given a whole sequence, and the risk that is left.
 *
 * <p>Immutable.
 */
public final class Answer {

  private final double[] mean;
  private final double risk;

  private Answer(double[] mean, double risk) {
    this.mean = mean;
    this.risk = risk;
  }

  /**
   * Returns an answer.
   *
   * @param risk the expected loss of this mean given the sequence
   * @param mean E[target | sequence]; copied
   */
  public static Answer of(double risk, double... mean) {
    return new Answer(mean.clone(), risk);
  }

  /** Returns E[target | sequence]. */
  public double[] mean() {
    return mean.clone();
  }

  /** Returns the expected loss of that mean given the sequence: the Bayes risk there. */
  public double risk() {
    return risk;
  }

  @Override
  public String toString() {
    return Arrays.toString(mean) + " with risk " + risk;
  }
}
