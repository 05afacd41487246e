package org.definetti.latent.special;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against closed forms of d = 1 and 3, and against quadrature over the angle to μ. */
class SphereIntegralsTest {

  private static final double RELATIVE = 1e-12;
  private static final double[] CONCENTRATIONS = {
    1e-9, 1e-4, 0.03, 0.7, 3, 12, 49.9, 50, 51, 90, 700, 1e4, 1e6, 1e9, 1e12
  };

  /**
   * Returns ∫ g(1 - cos φ) e^{κ (cos φ - 1)} sin^{d-2} φ dφ over φ in 0..π, by the midpoint rule in
   * t with {@code φ = π / (1 + exp(-π/2 sinh t) / scale)}: both ends are reached doubly
   * exponentially, so no power of the sine is singular.
   */
  private static double integral(int d, double kappa, DoubleUnaryOperator g) {
    double scale = Math.min(1, 1 / Math.sqrt(kappa)); // where φ is of that size, s is about 0
    int steps = 4000;
    double from = -4.5;
    double to = 4.5;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double t = from + (to - from) * (i + 0.5) / steps;
      double s = Math.PI / 2 * Math.sinh(t);
      double odds = scale * Math.exp(s);
      double angle = Math.PI * odds / (1 + odds);
      double rest = Math.PI / (1 + odds);
      double slope = angle / (1 + odds) * Math.PI / 2 * Math.cosh(t);
      double sine = angle < 1 ? Math.sin(angle) : Math.sin(rest);
      double fall = 2 * Math.sin(angle / 2) * Math.sin(angle / 2);
      sum += g.applyAsDouble(fall) * Math.exp(-kappa * fall) * Math.pow(sine, d - 2) * slope;
    }
    return sum * (to - from) / steps;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8, 16})
  void quadratureAgrees(int d) {
    double uniform = Math.sqrt(Math.PI) * Gamma.gamma((d - 1) / 2.0) / Gamma.gamma(d / 2.0);
    for (double kappa : CONCENTRATIONS) {
      double mass = integral(d, kappa, fall -> 1);
      double shortfall = integral(d, kappa, fall -> fall) / mass;
      double second = integral(d, kappa, fall -> (fall - shortfall) * (fall - shortfall)) / mass;
      String at = "d = " + d + ", κ = " + kappa;
      assertEquals(
          1, SphereIntegrals.shortfall(d, kappa) / shortfall, RELATIVE, "shortfall, " + at);
      double length = SphereIntegrals.meanResultantLength(d, kappa);
      assertEquals(1 - shortfall, length, RELATIVE, "length, " + at);
      double variance = SphereIntegrals.variance(d, kappa);
      double tolerance = Math.max(RELATIVE * second, kappa < 90 ? 1e-14 : 0);
      assertEquals(second, variance, tolerance, "variance, " + at);
      double log = Math.log(mass / uniform);
      double scaled = SphereIntegrals.logScaledNormaliser(d, kappa);
      assertEquals(log, scaled, RELATIVE * Math.max(1e-2, Math.abs(log)), "normaliser, " + at);
      assertEquals(scaled + kappa, SphereIntegrals.logNormaliser(d, kappa), 1e-15 * (20 + kappa));
    }
  }

  @Test
  void closedFormsOfOneAndThreeDimensions() {
    for (double kappa : new double[] {0.1, 1, 7, 49, 60, 300}) {
      assertEquals(Math.tanh(kappa), SphereIntegrals.meanResultantLength(1, kappa), 4e-15);
      double length = 1 / Math.tanh(kappa) - 1 / kappa;
      assertEquals(length, SphereIntegrals.meanResultantLength(3, kappa), 4e-15);
      double log = Math.log(Math.sinh(kappa) / kappa);
      assertEquals(log, SphereIntegrals.logNormaliser(3, kappa), 1e-15 * (10 + kappa));
    }
  }

  /** 1 / A_d = d/κ + A_{d+2} joins neighbours, also across the two methods and for wide vectors. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 30, 150, 400})
  void neighboursObeyTheRecurrence(int d) {
    for (double kappa : CONCENTRATIONS) {
      double left = 1 / SphereIntegrals.meanResultantLength(d, kappa);
      double right = d / kappa + SphereIntegrals.meanResultantLength(d + 2, kappa);
      assertEquals(1, left / right, 1e-14, "d = " + d + ", κ = " + kappa);
    }
  }

  @Test
  void noConcentrationIsTheUniformLaw() {
    assertEquals(0, SphereIntegrals.meanResultantLength(4, 0));
    assertEquals(1, SphereIntegrals.shortfall(4, 0));
    assertEquals(0.25, SphereIntegrals.variance(4, 0));
    assertEquals(0, SphereIntegrals.logNormaliser(4, 0));
    assertEquals(Math.log(2), SphereIntegrals.logArea(1), 1e-15);
    assertEquals(Math.log(2 * Math.PI), SphereIntegrals.logArea(2), 1e-15);
    assertEquals(Math.log(4 * Math.PI), SphereIntegrals.logArea(3), 1e-15);
  }

  @Test
  void wrongArgumentsAreRefusedByName() {
    Exception none =
        assertThrows(IllegalArgumentException.class, () -> SphereIntegrals.variance(0, 1));
    assertEquals("dimension: expected >= 1, got 0", none.getMessage());
    Exception nan =
        assertThrows(IllegalArgumentException.class, () -> SphereIntegrals.variance(2, Double.NaN));
    assertEquals("concentration: expected finite and >= 0, got NaN", nan.getMessage());
  }
}
