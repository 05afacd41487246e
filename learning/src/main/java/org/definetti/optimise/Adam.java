package org.definetti.optimise;

import java.util.List;
import org.definetti.engine.Parameters;
import org.definetti.latent.Check;

/**
 * Adam: steps scaled by running moments of the gradient, with bias correction.
 *
 * <pre>{@code
 * m ← β1 m + (1 - β1) g,   v ← β2 v + (1 - β2) g²
 * θ ← θ - η (m / (1 - β1^t)) / (sqrt(v / (1 - β2^t)) + ε)
 * }</pre>
 *
 * <ul>
 *   <li>Where: g gradient, η learning rate, t steps taken with this one.
 *   <li>Cost: O(parameters) a step; float32 moments, bias corrections in double precision.
 *   <li>Source: [recalled: Kingma-Ba].
 * </ul>
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon ε, above zero
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimiser {

  /**
   * Checks the constants.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Adam {
    checkDecay("beta1", beta1);
    checkDecay("beta2", beta2);
    Check.positive("epsilon", epsilon);
  }

  static void checkDecay(String argument, double value) {
    if (value >= 0 && value < 1) {
      return;
    }
    throw new IllegalArgumentException(argument + ": expected in [0, 1), got " + value);
  }

  /** Returns Adam with β1 = 0.9, β2 = 0.999, ε = 1e-8. */
  public static Adam withDefaults() {
    return new Adam(0.9, 0.999, 1e-8);
  }

  /** Returns this optimiser with another β2. */
  public Adam withBeta2(double beta2) {
    return new Adam(beta1, beta2, epsilon);
  }

  @Override
  public OptimiserState initialState(Parameters parameters) {
    return OptimiserState.of(0, List.of(parameters.zeros(), parameters.zeros()));
  }

  @Override
  public void step(
      Parameters parameters, Parameters gradient, OptimiserState state, double learningRate) {
    state.check(2, parameters, gradient, learningRate);
    double t = state.advance();
    // StrictMath, so that the same machine is not needed for the same bits.
    float rate = (float) (learningRate / (1.0 - StrictMath.pow(beta1, t)));
    float secondScale = (float) (1.0 / (1.0 - StrictMath.pow(beta2, t)));
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float c1 = (float) (1.0 - beta1);
    float c2 = (float) (1.0 - beta2);
    float eps = (float) epsilon;
    float[] theta = parameters.data();
    float[] g = gradient.data();
    float[] m = state.moments().get(0).data();
    float[] v = state.moments().get(1).data();
    for (int i = 0; i < theta.length; i++) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      theta[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * secondScale) + eps);
    }
  }
}
