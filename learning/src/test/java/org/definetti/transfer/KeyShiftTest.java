package org.definetti.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class KeyShiftTest {

  private static SimpleMatrix moments(int d, String name) {
    double[] numbers = new double[d * d];
    Normal.fill(numbers, 0, numbers.length, Seed.of(5).child(name).generator());
    SimpleMatrix root = new SimpleMatrix(d, d, true, numbers);
    return root.mult(root.transpose());
  }

  private static double ratio(SimpleMatrix delta, SimpleMatrix pre, SimpleMatrix down) {
    return delta.mult(down).mult(delta.transpose()).trace()
        / delta.mult(pre).mult(delta.transpose()).trace();
  }

  @Test
  void boundsEveryErrorAndIsAttained() {
    SimpleMatrix pre = moments(3, "pre");
    SimpleMatrix down = moments(3, "down");
    KeyShift shift = KeyShift.of(pre, down);
    for (int i = 0; i < 200; i++) {
      double[] numbers = new double[6];
      Normal.fill(numbers, 0, numbers.length, Seed.of(5).child("delta").child(i).generator());
      double ratio = ratio(new SimpleMatrix(2, 3, true, numbers), pre, down);
      assertTrue(ratio <= shift.kappa() * (1 + 1e-9));
    }
    assertEquals(shift.kappa(), ratio(shift.worstError(), pre, down), 1e-8 * shift.kappa());
  }

  @Test
  void leastSquaresMeetsTheTrace() {
    SimpleMatrix pre = moments(3, "pre");
    SimpleMatrix down = moments(3, "down");
    // E Δ S Δᵀ for Δ of covariance S_pre⁻¹.
    double expected = pre.invert().mult(down).trace() / 3;
    assertEquals(expected, KeyShift.of(pre, down).kappaEff(), 1e-9 * expected);
  }

  @Test
  void noDesignOfTheSameTraceIsBetterThanTheBest() {
    SimpleMatrix down = moments(4, "down");
    SimpleMatrix best = KeyShift.bestDesign(down, 2);
    assertEquals(2, best.trace(), 1e-12);
    double least = KeyShift.of(best, down).kappa();
    assertEquals(down.trace() / 2, least, 1e-9 * least);
    for (int i = 0; i < 50; i++) {
      SimpleMatrix other = moments(4, "other" + i);
      assertTrue(KeyShift.of(other.scale(2 / other.trace()), down).kappa() > least);
    }
    SimpleMatrix isotropic = SimpleMatrix.identity(4);
    assertEquals(2, KeyShift.of(KeyShift.bestDesign(isotropic, 2), isotropic).kappa(), 1e-12);
  }

  @Test
  void refusesKeysThatDoNotFillTheSpace() {
    SimpleMatrix flat = SimpleMatrix.diag(1, 0);
    assertThrows(
        NotPositiveDefiniteException.class, () -> KeyShift.of(flat, SimpleMatrix.identity(2)));
  }
}
