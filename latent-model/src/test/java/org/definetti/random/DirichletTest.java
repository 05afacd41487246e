package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Beta;
import org.junit.jupiter.api.Test;

class DirichletTest {

  private static final int COUNT = 100_000;

  /** Each entry is Beta(a, sum - a), as is a sum of two entries; false alarm 4 · 1e-4. */
  @Test
  void entriesAndTheirSumsAreBeta() {
    double[] concentrations = {0.4, 1, 3.5};
    double total = 4.9;
    RandomGenerator rng = Seed.of(32).child("dirichlet").generator();
    double[][] entries = new double[4][COUNT];
    for (int i = 0; i < COUNT; i++) {
      double[] draw = Dirichlet.draw(concentrations, rng);
      for (int j = 0; j < 3; j++) {
        entries[j][i] = draw[j];
      }
      entries[3][i] = draw[0] + draw[1];
    }
    double[] shapes = {0.4, 1, 3.5, 1.4};
    for (int j = 0; j < 4; j++) {
      double a = shapes[j];
      double distance =
          GoodnessOfFit.kolmogorov(entries[j], x -> Beta.regularizedBeta(x, a, total - a));
      assertTrue(distance < GoodnessOfFit.KOLMOGOROV_1E4, "entry " + j + ": " + distance);
    }
  }

  /** Cov(p1, p2) = -a1 a2 / (A² (A + 1)); within 5 errors, false alarm 1e-6. */
  @Test
  void entriesRepelEachOther() {
    RandomGenerator rng = Seed.of(32).child("covariance").generator();
    double product = 0;
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      double[] draw = Dirichlet.draw(new double[] {2, 3, 5}, rng);
      double term = (draw[0] - 0.2) * (draw[1] - 0.3);
      product += term;
      squares += term * term;
    }
    assertEquals(-6.0 / 1100, product / COUNT, 5 * Math.sqrt(squares) / COUNT);
  }

  @Test
  void tinyConcentrationsGiveACorner() {
    RandomGenerator rng = Seed.of(32).child("tiny").generator();
    for (int i = 0; i < 1000; i++) {
      double[] draw = Dirichlet.draw(new double[] {1e-300, 1e-300, 1e-300}, rng);
      assertEquals(1, draw[0] + draw[1] + draw[2]);
    }
  }

  @Test
  void oneConcentrationGivesOne() {
    assertArrayEquals(new double[] {1}, Dirichlet.draw(new double[] {0.1}, Seed.of(1).generator()));
  }

  @Test
  void otherConcentrationsAreRefusedByName() {
    RandomGenerator rng = Seed.of(1).generator();
    assertEquals(
        "concentrations: expected at least 1, got 0",
        assertThrows(IllegalArgumentException.class, () -> Dirichlet.draw(new double[0], rng))
            .getMessage());
    assertEquals(
        "concentrations[1]: expected finite and >= 1.0E-300, got -2.0",
        assertThrows(
                IllegalArgumentException.class, () -> Dirichlet.draw(new double[] {1, -2}, rng))
            .getMessage());
  }
}
