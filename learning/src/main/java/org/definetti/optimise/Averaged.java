package org.definetti.optimise;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.definetti.engine.Parameters;

/**
 * Any optimiser, whose solution is an average over the points it visited.
 *
 * <pre>{@code
 * n = t - s,   w = max(1 - β, 1 / n),   a ← (1 - w) a + w θ_t        for t > s
 * }</pre>
 *
 * <ul>
 *   <li>Where: θ_t the parameters after step t, s the step the average starts after, β the decay, a
 *       the average. With β = 1 it is the mean of all points since s; with β below 1 the mean at
 *       first, so that the starting point has no weight, then the exponential average.
 *   <li>The steps themselves are the inner optimiser's, to the bit: averaging reads them only.
 *   <li>Edge cases: up to step s the solution is where the optimiser stands.
 *   <li>Accuracy: float32; a point's share below about 6e-8 of the average is lost.
 *   <li>Cost: one pass over the parameters and one more moment, the last, which holds a.
 *   <li>Source: [recalled: Polyak-Juditsky, Ruppert] for the mean; the start of the exponential one
 *       is this library's.
 * </ul>
 *
 * @param inner takes the steps
 * @param decay β, in [0, 1]
 * @param after s, at least 0
 */
public record Averaged(Optimiser inner, double decay, long after) implements Optimiser {

  /**
   * Checks the constants.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Averaged {
    Objects.requireNonNull(inner, "inner");
    if (!(decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException("decay: expected in [0, 1], got " + decay);
    }
    if (after < 0) {
      throw new IllegalArgumentException("after: expected >= 0, got " + after);
    }
  }

  /** Returns the exponential average with decay β, over about the last 1 / (1 - β) points. */
  public static Averaged exponential(Optimiser inner, double decay) {
    return new Averaged(inner, decay, 0);
  }

  /** Returns the mean of all points after step {@code after}. */
  public static Averaged tail(Optimiser inner, long after) {
    return new Averaged(inner, 1.0, after);
  }

  @Override
  public OptimiserState initialState(Parameters parameters) {
    List<Parameters> moments = new ArrayList<>(inner.initialState(parameters).moments());
    moments.add(parameters.copy());
    return OptimiserState.of(0, moments);
  }

  @Override
  public void step(
      Parameters parameters, Parameters gradient, OptimiserState state, double learningRate) {
    OptimiserState ofInner = withoutAverage(state);
    parameters.requireSameLayout(average(state));
    inner.step(parameters, gradient, ofInner, learningRate);
    long n = state.advance() - after;
    if (n < 1) {
      return;
    }
    float weight = (float) Math.max(1.0 - decay, 1.0 / n);
    float keep = 1f - weight;
    float[] theta = parameters.data();
    float[] average = average(state).data();
    for (int i = 0; i < average.length; i++) {
      average[i] = keep * average[i] + weight * theta[i];
    }
  }

  @Override
  public Parameters solution(Parameters parameters, OptimiserState state) {
    return state.steps() > after
        ? average(state)
        : inner.solution(parameters, withoutAverage(state));
  }

  private static Parameters average(OptimiserState state) {
    return state.moments().get(state.moments().size() - 1);
  }

  // Shares the inner optimiser's moments.
  private static OptimiserState withoutAverage(OptimiserState state) {
    int count = state.moments().size();
    if (count == 0) {
      throw new IllegalArgumentException("state: expected at least 1 moment, got 0");
    }
    return OptimiserState.of(state.steps(), state.moments().subList(0, count - 1));
  }
}
