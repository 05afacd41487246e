package org.definetti.latent.special;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class SpecialFunctionsTest {

  // A dozen roundings of terms no larger than the scale below.
  private static final double TOLERANCE = 4e-15;

  @ParameterizedTest
  @CsvFileSource(resources = "special-functions.csv", numLinesToSkip = 2)
  void agreesWithTheReference(String function, double x, double n, double expected) {
    double scale = Math.max(1, Math.abs(expected));
    double actual =
        switch (function) {
          case "digamma" -> SpecialFunctions.digamma(x);
          case "logGamma" -> SpecialFunctions.logGamma(x);
          case "logRising" -> SpecialFunctions.logRising(x, n);
          case "logBeta" -> SpecialFunctions.logBeta(x, n);
          default -> throw new IllegalArgumentException(function);
        };
    assertEquals(expected, actual, TOLERANCE * scale, function);
  }

  @Test
  void refusesWhatIsNotPositive() {
    assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.digamma(0));
    assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.logGamma(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.logRising(2, -2));
  }

  /** Published values of the standard normal distribution function. */
  @Test
  void normalDistributionAgreesWithTables() {
    assertEquals(0.5, SpecialFunctions.normalDistribution(0), 0);
    assertEquals(0.841344746068543, SpecialFunctions.normalDistribution(1), 1e-15);
    assertEquals(0.975, SpecialFunctions.normalDistribution(1.959963984540054), 1e-15);
    assertEquals(2.866515718791945e-7, SpecialFunctions.normalDistribution(-5), 1e-20);
  }
}
