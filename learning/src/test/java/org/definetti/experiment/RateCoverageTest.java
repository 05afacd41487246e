package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The intervals hold the truth, and true claims are refuted, as often as stated; seeds are fixed.
 */
class RateCoverageTest {

  private static final int TRIALS = 1000;
  private static final double LEVEL = 0.95;

  /**
   * Four standard errors of a share of 0.95 in 1000 trials, 0.028, and a point for the logarithm's
   * bend; a right method fails this for about one root seed in 10 000.
   */
  private static final double TOLERANCE = 0.035;

  private static final List<Double> VALUES = Trial.doubling(8, 6);

  /** Every seed has independent noise of 20 % at every value; the mean is the power law. */
  private static Rate rate(int seeds, int trial, double slope) {
    Seed root = Seed.of(2026).child(seeds).child(trial);
    Curve curve =
        Trial.curve(
            VALUES,
            seeds,
            root,
            (value, rng) -> Math.pow(value, slope) * Math.exp(0.2 * Normal.draw(rng) - 0.02));
    return RateFit.of(RateForm.POWER_LAW, 8, 256).withResamples(400).withSeed(root).fit(curve);
  }

  @ParameterizedTest
  @CsvSource({"3", "5", "20"})
  void intervalsHoldTheTruthAsOftenAsStated(int seeds) {
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      held += rate(seeds, trial, -1).interval().contains(-1) ? 1 : 0;
    }
    assertEquals(LEVEL, (double) held / TRIALS, TOLERANCE);
  }

  @Test
  void claimAtTheEdgeOfItsToleranceIsDecidedWronglyAsSeldomAsStated() {
    int refuted = 0;
    int confirmed = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      // The truth -1 is the edge of both windows: it belongs to the first, hardly to the second.
      Rate rate = rate(5, trial, -1);
      refuted += rate.expect(-1.5, 0.5).outcome() == Outcome.REFUTED ? 1 : 0;
      confirmed += rate.expect(-0.5, 0.5 - 1e-9).outcome() == Outcome.CONFIRMED ? 1 : 0;
    }
    double expected = (1 - LEVEL) / 2;
    assertTrue(refuted <= (expected + 0.02) * TRIALS, "refuted " + refuted);
    assertTrue(confirmed <= (expected + 0.02) * TRIALS, "confirmed " + confirmed);
  }

  /**
   * Normal theory for the slope (standard deviation 0.031, t interval with 4 degrees of freedom)
   * refutes such a claim with probability 3.3e-6, so more than one of 1000 has probability 5e-6;
   * more than 25 bends at the nominal 1 % have probability 2e-5. The one refutation that these
   * seeds give had probability 0.003: with few seeds the bootstrap is somewhat optimistic in the
   * far tail.
   */
  @Test
  void trueClaimsAreHardlyEverRefutedOrCalledBent() {
    int refuted = 0;
    int bent = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Rate rate = rate(5, trial, -1);
      refuted += rate.expect(-1, 0.1).outcome() == Outcome.REFUTED ? 1 : 0;
      bent += rate.lackOfFit().pValue() < LackOfFit.SIGNIFICANCE ? 1 : 0;
    }
    assertTrue(refuted <= 1, "refuted " + refuted + " of 1000");
    assertTrue(bent <= 25, "bent " + bent + " of 1000 at level 0.01");
  }
}
