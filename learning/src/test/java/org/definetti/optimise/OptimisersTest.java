package org.definetti.optimise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
