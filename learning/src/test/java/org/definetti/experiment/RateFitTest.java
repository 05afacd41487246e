package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class RateFitTest {

  /** Sums of a dozen logarithms, each within an ulp. */
  private static final double ROUNDING = 1e-12;

  /** Where the search for the floor stops: relative change of the sum of squares. */
  private static final double SEARCH = 1e-6;

  private static final List<Double> VALUES = Trial.doubling(16, 6);
  private static final RateFit POWER = RateFit.of(RateForm.POWER_LAW, 16, 512);

  private static Curve noisy(int seeds, long trial, Trial.ErrorAt error) {
    return Trial.curve(VALUES, seeds, Seed.of(11).child("noisy").child(trial), error);
  }

  @Test
  void slopeOfThreePointsByHand() {
    // Errors 4, 2, 2 at 1, 2, 4: log2 errors 2, 1, 1 at 0, 1, 2; slope -1/2, κ = (1/2)/log 2.
    Curve curve =
        Trial.curve(List.of(1.0, 2.0, 4.0), 1, Seed.of(1), (value, rng) -> value == 1 ? 4.0 : 2.0);
    Rate rate = RateFit.of(RateForm.POWER_LAW, 1, 4).fit(curve);
    assertEquals(-0.5, rate.slope(), ROUNDING);
    assertEquals(Math.pow(2, 11.0 / 6), rate.at(1), ROUNDING * 10);
    assertEquals(-1, rate.localSlopes().get(0).slope(), ROUNDING);
    assertEquals(0, rate.localSlopes().get(1).slope(), ROUNDING);
    assertEquals(0.5 / Math.log(2), rate.lackOfFit().curvature(), ROUNDING);
    assertEquals(-1.5, rate.lackOfFit().slopes().low(), ROUNDING);
    assertEquals(0.5, rate.lackOfFit().slopes().high(), ROUNDING);
  }

  @Test
  void exactPowerLawIsRecovered() {
    Rate rate = POWER.fit(noisy(3, 0, (value, rng) -> 5 * Math.pow(value, -1.25)));
    assertEquals(-1.25, rate.slope(), ROUNDING);
    assertEquals(5, rate.at(1), ROUNDING * 10);
    assertEquals(Outcome.CONFIRMED, rate.expect(-1.25, 0.01).outcome());
    assertEquals(Outcome.REFUTED, rate.expect(-1, 0.05).outcome());
  }

  @Test
  void exactFloorIsRecovered() {
    RateFit fit = RateFit.of(RateForm.POWER_LAW_WITH_FLOOR, 16, 512);
    Rate rate = fit.fit(noisy(3, 0, (value, rng) -> 5 / value + 0.02));
    assertEquals(-1, rate.slope(), SEARCH);
    assertEquals(0.02, rate.floor(), SEARCH);
    assertEquals(5.0 / 100 + 0.02, rate.at(100), SEARCH);
    assertEquals(Outcome.CONFIRMED, rate.expect(-1, 0.05).outcome());
    assertNotEquals(
        Outcome.CONFIRMED,
        POWER.fit(noisy(3, 0, (value, rng) -> 5 / value + 0.02)).expect(-1, 0.05).outcome());
  }

  @Test
  void floorIsZeroWithoutOne() {
    RateFit fit = RateFit.of(RateForm.POWER_LAW_WITH_FLOOR, 16, 512);
    Rate rate = fit.fit(noisy(3, 0, (value, rng) -> 5 / value));
    assertEquals(-1, rate.slope(), 1e-4);
    assertEquals(0, rate.floor(), 1e-5);
  }

  @Test
  void exactExponentialIsRecovered() {
    RateFit fit = RateFit.of(RateForm.EXPONENTIAL, 0, 40);
    Curve curve =
        Trial.curve(
            List.of(0.0, 10.0, 20.0, 40.0),
            3,
            Seed.of(1),
            (value, rng) -> 3 * Math.exp(-0.3 * value));
    assertEquals(-0.3, fit.fit(curve).slope(), ROUNDING);
    assertEquals(3, fit.fit(curve).at(0), ROUNDING * 10);
  }

  @Test
  void sameSeedSameBitsOtherSeedOtherBits() {
    Curve curve = noisy(5, 1, (value, rng) -> Math.exp(0.2 * Normal.draw(rng)) / value);
    assertEquals(POWER.fit(curve), POWER.fit(curve));
    assertNotEquals(POWER.fit(curve).interval(), POWER.withSeed(Seed.of(9)).fit(curve).interval());
  }

  @Test
  void oneSeedIsInconclusive() {
    Rate rate = POWER.fit(noisy(1, 0, (value, rng) -> 1 / value));
    assertFalse(rate.interval().isKnown());
    Verdict verdict = rate.expect(-1, 0.5);
    assertEquals(Outcome.INCONCLUSIVE, verdict.outcome());
    assertEquals("no interval: one seed", verdict.reason());
  }

  @Test
  void errorThatIsZeroHasNoSlope() {
    Rate rate = POWER.fit(noisy(3, 0, (value, rng) -> value < 100 ? 1 / value : 0));
    assertTrue(Double.isNaN(rate.slope()));
    Verdict verdict = rate.expect(-1, 0.5);
    assertEquals(Outcome.INCONCLUSIVE, verdict.outcome());
    assertEquals(
        "no slope: squared-gap at length = 128 is not finite and above zero", verdict.reason());
  }

  @Test
  void bentCurveIsNotConfirmed() {
    // The straight fit has slope -1 exactly; the local slope runs from -0.5 to -1.5.
    double middle = Math.log(16 * Math.sqrt(32));
    Curve curve =
        noisy(
            10,
            2,
            (value, rng) -> {
              double u = Math.log(value) - middle;
              return Math.exp(-u - 0.3 * u * u + 0.02 * Normal.draw(rng));
            });
    Rate rate = POWER.fit(curve);
    assertTrue(Interval.around(-1, 0.05).contains(rate.interval()), rate.toString());
    Verdict verdict = rate.expect(-1, 0.05);
    assertEquals(Outcome.INCONCLUSIVE, verdict.outcome());
    assertTrue(verdict.reason().startsWith("bends: slope between -"), verdict.reason());
  }

  @Test
  void twoValuesSayThatABendWouldNotShow() {
    Trial.ErrorAt error = (value, rng) -> Math.exp(0.02 * Normal.draw(rng)) / value;
    List<Double> two = List.of(16.0, 512.0);
    Verdict verdict = POWER.fit(Trial.curve(two, 10, Seed.of(2), error)).expect(-1, 0.05);
    assertEquals(Outcome.CONFIRMED, verdict.outcome());
    assertEquals("too few values in the range for a bend to show", verdict.reason());
    List<Double> three = List.of(16.0, 128.0, 512.0);
    assertEquals(
        "", POWER.fit(Trial.curve(three, 10, Seed.of(2), error)).expect(-1, 0.05).reason());
  }

  @Test
  void straightCurveWithTheSameNoiseIsConfirmed() {
    Curve curve = noisy(10, 2, (value, rng) -> Math.exp(0.02 * Normal.draw(rng)) / value);
    assertEquals(Outcome.CONFIRMED, POWER.fit(curve).expect(-1, 0.05).outcome());
  }

  @Test
  void tooFewValuesInTheRangeAreRefused() {
    Curve curve = noisy(3, 0, (value, rng) -> 1 / value);
    assertThrows(
        IllegalArgumentException.class, () -> RateFit.of(RateForm.POWER_LAW, 17, 33).fit(curve));
  }

  @Test
  void badSettingsAreRefused() {
    assertEquals(
        "to: expected finite and > 4.0, got NaN",
        assertThrows(
                IllegalArgumentException.class, () -> RateFit.of(RateForm.POWER_LAW, 4, Double.NaN))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> RateFit.of(RateForm.POWER_LAW, 0, 8));
    assertThrows(IllegalArgumentException.class, () -> POWER.withLevel(1));
    assertThrows(IllegalArgumentException.class, () -> POWER.withResamples(99));
  }
}
