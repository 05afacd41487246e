package org.definetti.optimise;

import java.util.List;
import org.definetti.engine.Parameters;

/**
 * Gradient descent with momentum (heavy ball), the stochastic one if the gradient is.
 *
 * <pre>{@code  v ← μ v + g,   θ ← θ - η v  }</pre>
 *
 * <ul>
 *   <li>Where: g gradient, η learning rate, μ momentum. With μ = 0 it is plain gradient descent.
 *   <li>Cost: O(parameters) a step, one moment of their size.
 *   <li>Source: [recalled: Polyak].
 * </ul>
 *
 * @param momentum μ, in [0, 1)
 */
public record Momentum(double momentum) implements Optimiser {

  /**
   * Checks the momentum.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Momentum {
    Adam.checkDecay("momentum", momentum);
  }

  /** Returns momentum 0.9. */
  public static Momentum withDefaults() {
    return new Momentum(0.9);
  }

  @Override
  public OptimiserState initialState(Parameters parameters) {
    return OptimiserState.of(0, List.of(parameters.zeros()));
  }

  @Override
  public void step(
      Parameters parameters, Parameters gradient, OptimiserState state, double learningRate) {
    state.check(1, parameters, gradient, learningRate);
    state.advance();
    float mu = (float) momentum;
    float rate = (float) learningRate;
    float[] theta = parameters.data();
    float[] g = gradient.data();
    float[] v = state.moments().get(0).data();
    for (int i = 0; i < theta.length; i++) {
      v[i] = mu * v[i] + g[i];
      theta[i] -= rate * v[i];
    }
  }
}
