package org.definetti.optimise;

import java.util.Objects;
import org.definetti.engine.Parameters;
import org.definetti.latent.Check;

/**
 * Adam with decoupled weight decay: the weights shrink by themselves, not through the moments.
 *
 * <pre>{@code
 * θ ← θ - η λ θ,   then a step of Adam on the gradient of the loss alone
 * }</pre>
 *
 * <ul>
 *   <li>Where: η learning rate of the step, λ decay. Decay zero is {@link Adam}, to the bit.
 *   <li>Cost: that of Adam and one more pass over the parameters.
 *   <li>Source: [recalled: Loshchilov-Hutter].
 * </ul>
 *
 * @param adam the moments' constants
 * @param decay λ, finite and not negative
 */
public record AdamW(Adam adam, double decay) implements Optimiser {

  /**
   * Checks the decay.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public AdamW {
    Objects.requireNonNull(adam, "adam");
    Check.notNegative("decay", decay);
  }

  /** Returns the default Adam with decay 0.01. */
  public static AdamW withDefaults() {
    return new AdamW(Adam.withDefaults(), 0.01);
  }

  /** Returns this optimiser with another decay. */
  public AdamW withDecay(double newDecay) {
    return new AdamW(adam, newDecay);
  }

  @Override
  public OptimiserState initialState(Parameters parameters) {
    return adam.initialState(parameters);
  }

  @Override
  public void step(
      Parameters parameters, Parameters gradient, OptimiserState state, double learningRate) {
    state.check(2, parameters, gradient, learningRate);
    float keep = (float) (1.0 - learningRate * decay);
    float[] theta = parameters.data();
    for (int i = 0; i < theta.length; i++) {
      theta[i] *= keep;
    }
    adam.step(parameters, gradient, state, learningRate);
  }
}
