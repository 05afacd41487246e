package org.definetti.optimise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.junit.jupiter.api.Test;

class AdamTest {

  private static final List<ParameterShape> SHAPES = List.of(new ParameterShape("x", 1, 2));

  @Test
  void theFirstStepIsTheLearningRateAgainstTheSign() {
    Parameters parameters = Parameters.zeros(SHAPES);
    Parameters gradient = parameters.zeros();
    gradient.data()[0] = 3f;
    gradient.data()[1] = -0.02f;
    Adam adam = Adam.withDefaults();
    adam.step(parameters, gradient, adam.initialState(parameters), 0.1);
    assertEquals(-0.1f, parameters.data()[0], 1e-6f);
    assertEquals(0.1f, parameters.data()[1], 1e-6f);
  }

  /** Against the recursion written in double precision; float32 rounding over twenty steps. */
  @Test
  void followsTheRecursion() {
    Adam adam = new Adam(0.8, 0.9, 1e-3);
    Parameters parameters = Parameters.zeros(SHAPES);
    OptimiserState state = adam.initialState(parameters);
    double theta = 0.0;
    double m = 0.0;
    double v = 0.0;
    for (int t = 1; t <= 20; t++) {
      double g = Math.sin(t) + 2 * theta;
      m = 0.8 * m + 0.2 * g;
      v = 0.9 * v + 0.1 * g * g;
      theta -= 0.05 * (m / (1 - Math.pow(0.8, t))) / (Math.sqrt(v / (1 - Math.pow(0.9, t))) + 1e-3);
      Parameters gradient = parameters.zeros();
      gradient.data()[0] = (float) (Math.sin(t) + 2 * parameters.data()[0]);
      adam.step(parameters, gradient, state, 0.05);
    }
    assertEquals(theta, parameters.data()[0], 1e-5);
    assertEquals(20, state.steps());
  }

  @Test
  void findsTheMinimumOfAQuadratic() {
    Adam adam = Adam.withDefaults();
    Parameters parameters = Parameters.zeros(SHAPES);
    OptimiserState state = adam.initialState(parameters);
    Schedule schedule = Schedule.warmupCosine(0.1, 10, 400);
    for (int t = 0; t < 400; t++) {
      Parameters gradient = parameters.zeros();
      gradient.data()[0] = 2 * (parameters.data()[0] - 3f);
      gradient.data()[1] = 200 * (parameters.data()[1] + 1f);
      adam.step(parameters, gradient, state, schedule.learningRate(t));
    }
    assertEquals(3f, parameters.data()[0], 1e-2f);
    assertEquals(-1f, parameters.data()[1], 1e-2f);
  }

  @Test
  void copiesOfAStateGoTheirOwnWay() {
    Adam adam = Adam.withDefaults();
    Parameters parameters = Parameters.zeros(SHAPES);
    OptimiserState state = adam.initialState(parameters);
    OptimiserState copy = state.copy();
    assertEquals(state, copy);
    assertEquals(state.hashCode(), copy.hashCode());
    Parameters gradient = parameters.zeros();
    gradient.data()[0] = 1f;
    adam.step(parameters, gradient, state, 0.1);
    assertTrue(!state.equals(copy));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> new Adam(1.0, 0.9, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new Adam(0.9, Double.NaN, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new Adam(0.9, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> OptimiserState.of(-1, List.of()));
    Adam adam = Adam.withDefaults().withBeta2(0.99);
    Parameters parameters = Parameters.zeros(SHAPES);
    OptimiserState state = adam.initialState(parameters);
    Parameters other = Parameters.zeros(List.of(new ParameterShape("y", 1, 2)));
    assertThrows(IllegalArgumentException.class, () -> adam.step(parameters, other, state, 0.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> adam.step(parameters, parameters.zeros(), state, Double.NaN));
    OptimiserState empty = OptimiserState.of(0, List.of());
    assertThrows(
        IllegalArgumentException.class,
        () -> adam.step(parameters, parameters.zeros(), empty, 0.1));
  }
}
