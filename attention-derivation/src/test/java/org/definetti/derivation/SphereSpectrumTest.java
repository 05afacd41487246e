package org.definetti.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SphereSpectrumTest {

  private static final double TOLERANCE = 1e-12; // relative; the trapezoidal oracle's own error

  @Test
  void meanResultantLengthHasItsClosedForms() {
    for (double kappa : new double[] {1e-3, 0.1, 1, 4, 30, 600}) {
      assertRelative(Math.tanh(kappa), SphereSpectrum.meanResultantLength(1, kappa));
    }
    for (double kappa : new double[] {0.1, 1, 4, 30, 600}) {
      double cothMinusInverse = 1 / Math.tanh(kappa) - 1 / kappa;
      assertRelative(cothMinusInverse, SphereSpectrum.meanResultantLength(3, kappa));
    }
    assertEquals(0.53731, SphereSpectrum.meanResultantLength(3, 2), 5e-6); // theory, C5
  }

  @Test
  void meanResultantLengthHandlesItsEnds() {
    assertEquals(0, SphereSpectrum.meanResultantLength(5, 0));
    assertEquals(1e-200 / 5, SphereSpectrum.meanResultantLength(5, 1e-200));
    assertEquals(2e-8, SphereSpectrum.meanResultantLength(5, 1e-7), 1e-20);
    // For large κ, 1 − (d − 1) / (2κ) + (d − 1)(d − 3) / (8κ²) + O(κ^-3).
    double expected = 1 - 7 / 2e4 + 7 * 5 / 8e8;
    assertEquals(expected, SphereSpectrum.meanResultantLength(8, 1e4), 1e-10);
  }

  @Test
  void agreesWithQuadrature() {
    for (int d : new int[] {2, 3, 5, 8}) {
      for (double kappa : new double[] {0.3, 2, 4, 8, 25}) {
        double normaliser = mean(d, c -> Math.exp(kappa * (c - 1)));
        double length = mean(d, c -> c * Math.exp(kappa * (c - 1))) / normaliser;
        assertRelative(length, SphereSpectrum.meanResultantLength(d, kappa));
        double log = Math.log(normaliser) + kappa;
        assertEquals(log, SphereSpectrum.logNormaliser(d, kappa), TOLERANCE * (1 + kappa));
        double degree2 =
            mean(d, c -> (d * c * c - 1) / (d - 1) * Math.exp(kappa * (c - 1))) / normaliser;
        assertEquals(degree2, SphereSpectrum.eigenvalueRatio(d, 1 / kappa, 2), TOLERANCE);
        assertEquals(1, SphereSpectrum.eigenvalueRatio(d, 1 / kappa, 0));
      }
    }
  }

  @Test
  void normaliserSurvivesBeyondTheLargestDouble() {
    // d = 3: log (sinh κ / κ) = κ − log 2κ + log1p(−e^{−2κ}).
    for (double kappa : new double[] {50, 900, 5000}) {
      double expected = kappa - Math.log(2 * kappa);
      assertEquals(expected, SphereSpectrum.logNormaliser(3, kappa), 1e-12 * kappa);
    }
    assertEquals(0, SphereSpectrum.logNormaliser(3, 0));
  }

  @Test
  void refusesBadArgumentsByName() {
    assertThrows(IllegalArgumentException.class, () -> SphereSpectrum.meanResultantLength(0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> SphereSpectrum.meanResultantLength(3, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SphereSpectrum.eigenvalueRatio(3, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> SphereSpectrum.eigenvalueRatio(3, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> SphereSpectrum.logNormaliser(3, -1));
  }

  /**
   * Returns E[f(q·k)] for k uniform on the sphere in dimension d: in the angle t the density is
   * proportional to sin(t)^(d-2), and Simpson's rule on 20000 panels is exact to rounding.
   */
  private static double mean(int d, DoubleUnaryOperator f) {
    int panels = 20_000;
    double sum = 0;
    double total = 0;
    for (int i = 0; i <= panels; i++) {
      double t = Math.PI * i / panels;
      double simpson = i == 0 || i == panels ? 1 : (i % 2 == 0 ? 2 : 4);
      double density = simpson * Math.pow(Math.sin(t), d - 2);
      total += density;
      sum += density * f.applyAsDouble(Math.cos(t));
    }
    return sum / total;
  }

  private static void assertRelative(double expected, double actual) {
    assertEquals(expected, actual, TOLERANCE * Math.abs(expected));
  }

  @Test
  void theEffectiveDimensionIsTheSumOverDegreesAndBelowItsBound() {
    assertEquals(5.13, SphereSpectrum.effectiveDimension(3, 0.5, 0.1), 0.005);
    assertEquals(14.4, SphereSpectrum.effectiveDimension(3, 0.5, 0.01), 0.05);
    assertEquals(26.6, SphereSpectrum.effectiveDimension(3, 0.5, 0.001), 0.05);
    for (double temperature : new double[] {100, 0.5, 0.01}) {
      double sum = 0;
      for (int degree = 0; degree < 300; degree++) {
        double eigenvalue = SphereSpectrum.eigenvalue(4, temperature, degree);
        sum += SphereSpectrum.multiplicity(4, degree) * eigenvalue / (eigenvalue + 1e-5);
      }
      assertEquals(sum, SphereSpectrum.effectiveDimension(4, temperature, 1e-5), 1e-10 * sum);
      assertTrue(SphereSpectrum.effectiveDimension(4, temperature, 2) <= 0.5);
    }
    assertThrows(
        IllegalArgumentException.class, () -> SphereSpectrum.effectiveDimension(3, 0.5, 0));
  }
}
