package org.definetti.optimise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.Parameters;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on every optimiser, and what sets each apart. */
class OptimisersTest {

  @Nested
  class OfAdam implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return Adam.withDefaults();
    }
  }

  @Nested
  class OfAdamW implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return AdamW.withDefaults();
    }

    @Test
    void withoutDecayItIsAdam() {
      Parameters decayed = start();
      Parameters plain = start();
      step(AdamW.withDefaults().withDecay(0), decayed, 0.1);
      step(Adam.withDefaults(), plain, 0.1);
      assertEquals(plain, decayed);
    }

    /** By hand: 5 shrinks to 5 (1 - 0.1 · 0.5), and the first step of Adam is the rate. */
    @Test
    void theDecayIsNotPartOfTheMoments() {
      Parameters parameters = start();
      step(AdamW.withDefaults().withDecay(0.5), parameters, 0.1);
      assertEquals(5f * 0.95f - 0.1f, parameters.data()[2], 1e-6f);
    }

    @Test
    void aNegativeDecayIsRefused() {
      assertThrows(IllegalArgumentException.class, () -> AdamW.withDefaults().withDecay(-0.1));
    }
  }

  @Nested
  class OfAnExponentialAverage implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return Averaged.exponential(Adam.withDefaults(), 0.9);
    }

    /** The mean of the first ten points, then 0.9 of the average and a tenth of the point. */
    @Test
    void startsAsTheMeanAndForgetsLater() {
      List<Float> points = new ArrayList<>();
      List<Float> averages = new ArrayList<>();
      visit(optimiser(), points, averages);
      double expected = 0;
      for (int t = 0; t < points.size(); t++) {
        double share = t < 10 ? 1.0 / (t + 1) : 0.1;
        expected = (1 - share) * expected + share * points.get(t);
        assertEquals(expected, averages.get(t), 1e-5);
      }
    }
  }

  @Nested
  class OfATailAverage implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return Averaged.tail(new Momentum(0.5), 5);
    }

    @Test
    void isTheMeanOfThePointsAfterItsStart() {
      List<Float> points = new ArrayList<>();
      List<Float> averages = new ArrayList<>();
      visit(optimiser(), points, averages);
      double sum = 0;
      for (int t = 0; t < points.size(); t++) {
        sum += t < 5 ? 0 : points.get(t);
        double expected = t < 5 ? points.get(t) : sum / (t - 4);
        assertEquals(expected, averages.get(t), 1e-5);
      }
    }

    @Test
    void theStepsAreTheInnerOnesToTheBit() {
      List<Float> points = new ArrayList<>();
      List<Float> inner = new ArrayList<>();
      visit(optimiser(), points, new ArrayList<>());
      visit(new ClippedGradient(new Momentum(0.5), 1e9), inner, new ArrayList<>());
      assertEquals(inner, points);
    }

    @Test
    void aClippedOneIsAveragedToo() {
      List<Float> points = new ArrayList<>();
      List<Float> averages = new ArrayList<>();
      visit(new ClippedGradient(optimiser(), 1.0), points, averages);
      assertEquals(points.subList(0, 5), averages.subList(0, 5));
      assertNotEquals(points.get(20), averages.get(20));
    }

    @Test
    void constantsOutOfRangeAreRefused() {
      Optimiser adam = Adam.withDefaults();
      assertThrows(IllegalArgumentException.class, () -> Averaged.exponential(adam, 1.01));
      assertThrows(IllegalArgumentException.class, () -> Averaged.exponential(adam, Double.NaN));
      assertThrows(IllegalArgumentException.class, () -> Averaged.tail(adam, -1));
    }
  }

  /** One parameter at a time of 40 steps on a gradient that swings, and the solution after each. */
  private static void visit(Optimiser optimiser, List<Float> points, List<Float> solutions) {
    Parameters parameters = start();
    OptimiserState state = optimiser.initialState(parameters);
    for (int t = 0; t < 40; t++) {
      Parameters gradient = parameters.copy();
      gradient.data()[2] += 3 * (float) Math.cos(t);
      optimiser.step(parameters, gradient, state, 0.1);
      points.add(parameters.data()[2]);
      solutions.add(optimiser.solution(parameters, state).data()[2]);
    }
  }

  @Nested
  class OfMomentum implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return Momentum.withDefaults();
    }

    /** By hand, gradient 2 twice: v = 2, then 0.5 · 2 + 2 = 3. */
    @Test
    void velocityAddsUp() {
      Parameters parameters = Parameters.zeros(OptimiserContract.SHAPES);
      Parameters gradient = parameters.zeros();
      gradient.data()[1] = 2f;
      Momentum momentum = new Momentum(0.5);
      OptimiserState state = momentum.initialState(parameters);
      momentum.step(parameters, gradient, state, 0.1);
      momentum.step(parameters, gradient, state, 0.1);
      assertEquals(-0.2f - 0.3f, parameters.data()[1], 1e-6f);
    }

    @Test
    void aMomentumOutOfRangeIsRefused() {
      assertThrows(IllegalArgumentException.class, () -> new Momentum(1));
      assertThrows(IllegalArgumentException.class, () -> new Momentum(Double.NaN));
    }
  }

  @Nested
  class OfClippedGradient implements OptimiserContract {
    @Override
    public Optimiser optimiser() {
      return new ClippedGradient(Momentum.withDefaults(), 3);
    }

    /** Plain descent at rate 1 moves by the clipped gradient: its length is the bound. */
    @Test
    void theStepIsAsLongAsTheBound() {
      Parameters parameters = start();
      Parameters before = parameters.copy();
      step(new ClippedGradient(new Momentum(0), 0.25), parameters, 1);
      double squares = 0;
      for (int i = 0; i < parameters.size(); i++) {
        double moved = parameters.data()[i] - before.data()[i];
        squares += moved * moved;
      }
      assertEquals(0.25, Math.sqrt(squares), 1e-6);
    }

    @Test
    void aShortGradientIsLeftAlone() {
      Parameters clipped = start();
      Parameters plain = start();
      step(new ClippedGradient(new Momentum(0), 1e6), clipped, 0.1);
      step(new Momentum(0), plain, 0.1);
      assertEquals(plain, clipped);
    }

    @Test
    void aGradientThatIsNotFiniteStaysSo() {
      Parameters parameters = start();
      Parameters gradient = parameters.zeros();
      gradient.data()[0] = Float.NaN;
      Optimiser clipped = new ClippedGradient(new Momentum(0), 1);
      clipped.step(parameters, gradient, clipped.initialState(parameters), 0.1);
      assertTrue(Float.isNaN(parameters.data()[0]));
    }

    @Test
    void aBoundThatIsNotPositiveIsRefused() {
      Optimiser inner = Momentum.withDefaults();
      assertThrows(IllegalArgumentException.class, () -> new ClippedGradient(inner, 0));
    }
  }

  private static Parameters start() {
    Parameters parameters = Parameters.zeros(OptimiserContract.SHAPES);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.data()[i] = 3f + i;
    }
    return parameters;
  }

  // Gradient (1, 2, 3, …), so that every coordinate of it is positive.
  private static void step(Optimiser optimiser, Parameters parameters, double rate) {
    Parameters gradient = parameters.zeros();
    for (int i = 0; i < gradient.size(); i++) {
      gradient.data()[i] = 1f + i;
    }
    optimiser.step(parameters, gradient, optimiser.initialState(parameters), rate);
  }
}
