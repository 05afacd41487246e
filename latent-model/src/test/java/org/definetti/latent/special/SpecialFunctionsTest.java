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
}
