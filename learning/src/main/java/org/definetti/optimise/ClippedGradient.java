package org.definetti.optimise;

import java.util.Objects;
import org.definetti.engine.Parameters;
import org.definetti.latent.Check;

/**
 * Any optimiser on gradients whose norm is bounded.
 *
 * <pre>{@code  g ← g · min(1, c / ‖g‖)  }</pre>
 *
 * <ul>
 *   <li>Where: ‖g‖ the Euclidean norm over all parameters together, summed in double precision in
 *       storage order; c the largest norm.
 *   <li>Edge cases: a gradient within the bound goes through as it is, to the bit; one that is not
 *       finite too, so that whoever watches the loss still sees it.
 *   <li>Cost: one pass over the gradient; a copy of it in the steps that clip.
 *   <li>Source: [recalled: Pascanu-Mikolov-Bengio].
 * </ul>
 *
 * @param inner takes the step
 * @param norm c, finite and above zero
 */
public record ClippedGradient(Optimiser inner, double norm) implements Optimiser {

  /**
   * Checks the bound.
   *
   * @throws IllegalArgumentException unless the norm is finite and above zero
   */
  public ClippedGradient {
    Objects.requireNonNull(inner, "inner");
    Check.positive("norm", norm);
  }

  @Override
  public OptimiserState initialState(Parameters parameters) {
    return inner.initialState(parameters);
  }

  @Override
  public void step(
      Parameters parameters, Parameters gradient, OptimiserState state, double learningRate) {
    inner.step(parameters, clipped(gradient), state, learningRate);
  }

  @Override
  public Parameters solution(Parameters parameters, OptimiserState state) {
    return inner.solution(parameters, state);
  }

  private Parameters clipped(Parameters gradient) {
    double squares = 0;
    for (float number : gradient.data()) {
      squares += (double) number * number;
    }
    double length = Math.sqrt(squares);
    if (!(length > norm) || !Double.isFinite(length)) {
      return gradient;
    }
    Parameters shorter = gradient.copy();
    float[] g = shorter.data();
    float factor = (float) (norm / length);
    for (int i = 0; i < g.length; i++) {
      g[i] *= factor;
    }
    return shorter;
  }
}
