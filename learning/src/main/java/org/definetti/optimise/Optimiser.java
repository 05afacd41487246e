package org.definetti.optimise;

import org.definetti.engine.Parameters;

/**
 * A first-order optimiser: configuration only, an immutable value whose {@code toString} says all
 * of it. What changes from step to step is an {@link OptimiserState}.
 */
public interface Optimiser {

  /** Returns the state before the first step. */
  OptimiserState initialState(Parameters parameters);

  /**
   * Takes one step.
   *
   * @param parameters moved against the gradient. Modified.
   * @param gradient of the parameters' layout. Not modified.
   * @param state of this optimiser and the parameters' layout. Modified.
   * @param learningRate η, finite and not negative
   * @throws IllegalArgumentException if a layout or the learning rate does not fit
   */
  void step(Parameters parameters, Parameters gradient, OptimiserState state, double learningRate);

  /**
   * Returns the parameters to use after the steps taken: those the next step starts from, unless
   * the optimiser averages.
   *
   * @param parameters as the last step left them. Not modified.
   * @param state as the last step left it. Not modified.
   * @return one of the two arguments' own, not a copy
   */
  default Parameters solution(Parameters parameters, OptimiserState state) {
    return parameters;
  }
}
