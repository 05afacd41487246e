package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

  @ParameterizedTest
  @CsvSource({
    "-1.04, -0.96, CONFIRMED",
    "-1.05, -0.95, CONFIRMED",
    "-1.06, -0.96, INCONCLUSIVE",
    "-2, 0, INCONCLUSIVE",
    "-1.2, -1.06, REFUTED",
    "-0.94, -0.9, REFUTED",
    "NaN, NaN, INCONCLUSIVE",
  })
  void wholeIntervalDecides(double low, double high, Outcome outcome) {
    Prediction prediction = new Prediction(Prediction.Kind.NEAR, -1, 0.05);
    assertEquals(outcome, Verdict.of(-1, new Interval(low, high), prediction).outcome());
  }

  @Test
  void boundsAreOneSided() {
    Prediction bound = Prediction.atMost(1e-12);
    assertEquals(Outcome.CONFIRMED, Verdict.exact(1e-12, bound).outcome());
    assertEquals(Outcome.CONFIRMED, Verdict.exact(0, bound).outcome());
    assertEquals(Outcome.REFUTED, Verdict.exact(1.1e-12, bound).outcome());
    assertEquals(Outcome.REFUTED, Verdict.exact(Double.POSITIVE_INFINITY, bound).outcome());
    assertEquals(Outcome.REFUTED, Verdict.exact(Double.NaN, bound).outcome());
    assertEquals(Outcome.REFUTED, Verdict.exact(0.009, Prediction.atLeast(0.01)).outcome());
    assertEquals(
        Outcome.INCONCLUSIVE, Verdict.of(0, new Interval(-1, 1), Prediction.atLeast(0)).outcome());
  }

  @Test
  void predictionsPrintAsTheyAreMeant() {
    assertEquals("-1 ± 0.05", Prediction.near(-1, 0.05).toString());
    assertEquals("<= 1.0E-12", Prediction.atMost(1e-12).toString());
    assertEquals(">= 0.01", Prediction.atLeast(0.01).toString());
  }

  @Test
  void notANumberIsNoPrediction() {
    assertThrows(IllegalArgumentException.class, () -> Prediction.near(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> Prediction.near(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1));
  }

  @Test
  void onlyConfirmedIsWeakened() {
    Verdict refuted = Verdict.exact(2, Prediction.atMost(1));
    assertEquals(Outcome.REFUTED, refuted.notConfirmedBecause("bends").outcome());
    Verdict confirmed = Verdict.exact(0, Prediction.atMost(1));
    assertEquals(Outcome.INCONCLUSIVE, confirmed.notConfirmedBecause("bends").outcome());
  }
}
