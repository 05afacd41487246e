package org.definetti.optimise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.junit.jupiter.api.Test;

/** What every optimiser must satisfy, as tests. */
interface OptimiserContract {

  /** Two matrices, so that an offset cannot hide. */
  List<ParameterShape> SHAPES =
      List.of(new ParameterShape("a", 2, 3), new ParameterShape("b", 1, 2));

  /** Returns the optimiser that is tested. */
  Optimiser optimiser();

  // The minimum of the quadratic Σ w_i (θ_i - i)², with unequal curvatures w_i in 1..3.
  private static Parameters gradient(Parameters at) {
    Parameters gradient = at.zeros();
    for (int i = 0; i < at.size(); i++) {
      gradient.data()[i] = 2 * (1 + i % 3) * (at.data()[i] - i);
    }
    return gradient;
  }

  private void steps(Parameters parameters, OptimiserState state, int count, double rate) {
    for (int t = 0; t < count; t++) {
      optimiser().step(parameters, gradient(parameters), state, rate);
    }
  }

  @Test
  default void comesNearTheMinimumOfAQuadratic() {
    Parameters parameters = Parameters.zeros(SHAPES);
    OptimiserState state = optimiser().initialState(parameters);
    Schedule schedule = Schedule.warmupCosine(0.05, 10, 2000);
    for (int t = 0; t < 2000; t++) {
      optimiser().step(parameters, gradient(parameters), state, schedule.learningRate(t));
    }
    for (int i = 0; i < parameters.size(); i++) {
      assertEquals(i, parameters.data()[i], 0.1, "parameter " + i);
    }
    assertEquals(2000, state.steps());
  }

  @Test
  default void aRateOfZeroMovesNothing() {
    Parameters parameters = Parameters.zeros(SHAPES);
    parameters.data()[3] = 7f;
    Parameters before = parameters.copy();
    steps(parameters, optimiser().initialState(parameters), 3, 0);
    assertEquals(before, parameters);
  }

  @Test
  default void theGradientIsNotModified() {
    Parameters parameters = Parameters.zeros(SHAPES);
    Parameters gradient = gradient(parameters);
    Parameters before = gradient.copy();
    optimiser().step(parameters, gradient, optimiser().initialState(parameters), 0.1);
    assertEquals(before, gradient);
    assertNotEquals(parameters.zeros(), parameters);
  }

  @Test
  default void aCopiedStateContinuesToTheSameBits() {
    Parameters through = Parameters.zeros(SHAPES);
    OptimiserState state = optimiser().initialState(through);
    steps(through, state, 7, 0.02);
    Parameters resumed = through.copy();
    OptimiserState copy = OptimiserState.of(state.steps(), state.copy().moments());
    steps(through, state, 5, 0.02);
    steps(resumed, copy, 5, 0.02);
    assertEquals(through, resumed);
    assertEquals(state, copy);
  }

  @Test
  default void whatDoesNotFitIsRefusedBeforeAnythingMoves() {
    Parameters parameters = Parameters.zeros(SHAPES);
    Parameters gradient = gradient(parameters);
    OptimiserState state = optimiser().initialState(parameters);
    Parameters other = Parameters.zeros(List.of(new ParameterShape("a", 2, 4)));
    OptimiserState many = OptimiserState.of(0, List.of(other, other, other));
    assertThrows(
        IllegalArgumentException.class, () -> optimiser().step(parameters, other, state, 0.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> optimiser().step(parameters, gradient, state, Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> optimiser().step(parameters, gradient, state, -1));
    assertThrows(
        IllegalArgumentException.class, () -> optimiser().step(parameters, gradient, many, 0.1));
    assertEquals(parameters.zeros(), parameters);
    assertEquals(optimiser().initialState(parameters), state);
  }

  /** A checkpoint's configuration is this text. */
  @Test
  default void theTextSaysWhatItIs() {
    assertEquals(optimiser().toString(), optimiser().toString());
    assertTrue(optimiser().toString().startsWith(optimiser().getClass().getSimpleName() + "["));
  }
}
