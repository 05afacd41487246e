package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

final class PooledLeastSquaresTest {

  private static final int FITS = 8_000;
  // Eight comparisons at 4.5 standard errors: a false alarm with probability below 1e-4.
  private static final double STANDARD_ERRORS = 4.5;

  @Test
  void closedFormsAreThoseOfTheTheory() {
    assertEquals(0.3571, PooledLeastSquares.excess(20), 5e-5);
    assertEquals(0.607, PooledLeastSquares.gap(20), 5e-4);
    assertEquals(0.0676, PooledLeastSquares.excess(80), 5e-5);
    assertEquals(0.1301, PooledLeastSquares.gap(80), 5e-5);
  }

  @Test
  void meanErrorsAreTheClosedForms() {
    int[] lengths = {2, 7};
    for (int n : new int[] {12, 20}) {
      SummaryStatistics[] excess = {new SummaryStatistics(), new SummaryStatistics()};
      SummaryStatistics[] gap = {new SummaryStatistics(), new SummaryStatistics()};
      RandomGenerator rng = Seed.of(7).child(n).generator();
      for (int t = 0; t < FITS; t++) {
        PooledLeastSquares.Errors[] errors = PooledLeastSquares.fit(n, lengths, rng);
        for (int i = 0; i < lengths.length; i++) {
          excess[i].addValue(errors[i].excess());
          gap[i].addValue(errors[i].gap());
        }
      }
      for (int i = 0; i < lengths.length; i++) {
        assertMean(PooledLeastSquares.excess(n), excess[i]);
        assertMean(PooledLeastSquares.gap(n), gap[i]);
      }
    }
  }

  private static void assertMean(double expected, SummaryStatistics measured) {
    double error = measured.getStandardDeviation() / Math.sqrt((double) measured.getN());
    assertEquals(expected, measured.getMean(), STANDARD_ERRORS * error);
  }
}
