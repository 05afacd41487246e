package org.definetti.optimise;

import java.util.List;
import org.definetti.engine.Parameters;
import org.definetti.latent.Check;

/**
 * What an optimiser remembers: the number of steps taken and running moments, each of the
 * parameters' layout.
 */
public final class OptimiserState {

  private final List<Parameters> moments;
  private long steps;

  private OptimiserState(long steps, List<Parameters> moments) {
    this.steps = steps;
    this.moments = List.copyOf(moments);
  }

  /**
   * Returns the state after {@code steps} steps with these moments, in the optimiser's order.
   *
   * @param moments used, not copied
   */
  public static OptimiserState of(long steps, List<Parameters> moments) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps: expected >= 0, got " + steps);
    }
    return new OptimiserState(steps, moments);
  }

  /** Returns the number of steps taken. */
  public long steps() {
    return steps;
  }

  /** Returns the moments; their storage is live. */
  public List<Parameters> moments() {
    return moments;
  }

  /** Counts one more step and returns the new number of steps. */
  long advance() {
    return ++steps;
  }

  /** Throws unless there are {@code count} moments of the parameters' layout. */
  void check(int count, Parameters parameters, Parameters gradient, double learningRate) {
    parameters.requireSameLayout(gradient);
    Check.notNegative("learningRate", learningRate);
    if (moments.size() != count) {
      throw new IllegalArgumentException(
          "state: expected " + count + " moments, got " + moments.size());
    }
    for (Parameters moment : moments) {
      parameters.requireSameLayout(moment);
    }
  }

  /** Returns an independent copy. */
  public OptimiserState copy() {
    return new OptimiserState(steps, moments.stream().map(Parameters::copy).toList());
  }

  /** Equal when steps and the bits of all moments are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof OptimiserState that
        && steps == that.steps
        && moments.equals(that.moments);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(steps) + moments.hashCode();
  }
}
