package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.Belief;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.Sample;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class SoftmaxAsymptoticsTest {

  private static final int LENGTH = 2048;
  private static final int TRIALS = 400;

  private final LinearRegression model = LinearRegression.of(4, 2, 1, 0.1);
  private final SoftmaxAsymptotics limit = SoftmaxAsymptotics.of(model, 0.5);

  /**
   * L times the mean squared distances at one length against their limits. Four standard errors and
   * an allowance of 1 % for the terms of order 1/L: a false alarm in about one seed of 10^4.
   */
  @Test
  void constantsAreWhatSequencesShow() {
    Mean toLimit = new Mean();
    Mean toMap = new Mean();
    Mean toExact = new Mean();
    Mean uncorrected = new Mean();
    double factor = limit.limitFactor();
    Attention attention = SoftmaxAttention.of(0.5);
    for (int trial = 0; trial < TRIALS; trial++) {
      Seed seed = Seed.of(3).child("asymptotics").child(trial);
      Sample<SimpleMatrix> sample = model.sample(LENGTH, seed.child("tokens").generator());
      SimpleMatrix query = model.drawQuery(seed.child("query").generator());
      SimpleMatrix out = attention.attend(query, Context.of(model, sample.tokens()));
      Belief<SimpleMatrix> posterior = model.prior().observe(sample.tokens());
      SimpleMatrix map = query.mult(sample.latent().transpose());
      toLimit.add(LENGTH * squaredDistance(out, map.scale(factor)));
      toMap.add(LENGTH * squaredDistance(out.scale(1 / factor), map));
      SimpleMatrix exact = posterior.predictive(query).mean();
      toExact.add(LENGTH * squaredDistance(out.scale(1 / factor), exact));
      uncorrected.add(squaredDistance(out, map));
    }
    toLimit.assertIs(limit.varianceConstant());
    toMap.assertIs(limit.correctedVarianceConstant());
    toExact.assertIs(limit.gapConstant());
    uncorrected.assertIs(limit.limitGap() + limit.varianceConstant() / LENGTH);
    // The control: without the correction the distance to the exact mean does not shrink.
    assertTrue(LENGTH * uncorrected.mean() > 20 * limit.gapConstant());
  }

  @Test
  void constantsHaveTheirLimits() {
    // At high temperature the softmax is a mean: A → 1/(γ d), R → 1, V → p (t2 + s2).
    SoftmaxAsymptotics hot = SoftmaxAsymptotics.of(model, 1e4);
    assertEquals(1e-4 / 4, hot.limitFactor(), 1e-12);
    assertEquals(1, hot.weightSpread(), 1e-7);
    assertEquals(2.2, hot.varianceConstant(), 1e-6);
    assertEquals(2, hot.limitGap(), 1e-3);
    for (double temperature : new double[] {0.05, 0.25, 1, 10}) {
      SoftmaxAsymptotics any = SoftmaxAsymptotics.of(model, temperature);
      assertTrue(any.gapConstant() > 0 && any.weightSpread() > 1);
    }
  }

  @Test
  void refusesModelsWithTheReason() {
    LinearRegression gaussian = model.withKeys(KeyLaw.GAUSSIAN);
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> SoftmaxAsymptotics.of(gaussian, 0.5))
                .getMessage());
    assertTrue(message.startsWith("model: expected keys on the sphere"), message);
    assertThrows(IllegalArgumentException.class, () -> SoftmaxAsymptotics.of(model, 0));
  }

  private static double squaredDistance(SimpleMatrix a, SimpleMatrix b) {
    double norm = a.minus(b).normF();
    return norm * norm;
  }

  private static final class Mean {
    private double sum;
    private double squares;

    void add(double number) {
      sum += number;
      squares += number * number;
    }

    double mean() {
      return sum / TRIALS;
    }

    void assertIs(double expected) {
      double variance = squares / TRIALS - mean() * mean();
      double allowed = 4 * Math.sqrt(variance / TRIALS) + 0.01 * expected;
      assertEquals(expected, mean(), allowed);
    }
  }
}
