package org.definetti.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

final class UniformRanksTest {

  private static final int MOST = 19;

  /** γ of ranks in 0..19 by Commons Math, which shares no code with what it checks. */
  private static double gamma(int... ranks) {
    double smallest = 1;
    for (int k = 1; k < 20; k++) {
      int below = 0;
      for (int rank : ranks) {
        below += rank < k ? 1 : 0;
      }
      BinomialDistribution law = new BinomialDistribution(null, ranks.length, k / 20.0);
      double upTo = law.cumulativeProbability(below);
      double from = 1 - law.cumulativeProbability(below - 1);
      smallest = Math.min(smallest, 2 * Math.min(upTo, from));
    }
    return smallest;
  }

  @Test
  void pValueIsTheShareOfAllRanksThatAreAsExtreme() {
    double[] gammas = new double[20 * 20 * 20];
    for (int i = 0; i < gammas.length; i++) {
      gammas[i] = gamma(i % 20, i / 20 % 20, i / 400);
    }
    UniformRanks three = UniformRanks.of(3);
    for (int[] ranks : new int[][] {{0, 1, 0}, {19, 19, 19}, {3, 9, 15}, {0, 19, 10}, {7, 7, 8}}) {
      double observed = gamma(ranks);
      int asExtreme = 0;
      for (double one : gammas) {
        asExtreme += one <= observed * (1 + 1e-9) ? 1 : 0;
      }
      assertEquals((double) asExtreme / gammas.length, three.pValue(ranks, MOST), 1e-9);
    }
  }

  @Test
  void uniformRanksAreCalledWrongAtTheLevelAndLeaveTheBandAtTheLevel() {
    int n = 300;
    int repetitions = 2000;
    UniformRanks uniform = UniformRanks.of(n);
    UniformRanks.Band band = uniform.band(0.05);
    int alarms = 0;
    int outside = 0;
    for (int r = 0; r < repetitions; r++) {
      RandomGenerator rng = Seed.of(r).child("ranks").generator();
      int[] ranks = new int[n];
      for (int i = 0; i < n; i++) {
        ranks[i] = (int) rng.nextLong(100);
      }
      alarms += uniform.pValue(ranks, 99) <= 0.05 ? 1 : 0;
      double[] shares = uniform.shares(ranks, 99);
      boolean inside = true;
      for (int k = 0; k <= UniformRanks.POINTS; k++) {
        inside &= band.lower(k) <= shares[k] && shares[k] <= band.upper(k);
      }
      outside += inside ? 0 : 1;
    }
    // Five standard deviations of a binomial at 5 %: a false alarm of this test has 6e-7.
    assertEquals(100, alarms, 5 * Math.sqrt(2000 * 0.05 * 0.95));
    assertEquals(alarms, outside, 3);
  }

  @Test
  void ranksOfATooNarrowLawAreCalledWrong() {
    int[] extremes = new int[300];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 99 : i % 100;
    }
    UniformRanks uniform = UniformRanks.of(300);
    assertTrue(uniform.pValue(extremes, 99) < 1e-6);
    assertTrue(uniform.distance(extremes, 99) > 0.2);
  }

  @Test
  void refusesWhatAreNoRanks() {
    UniformRanks two = UniformRanks.of(2);
    assertThrows(IllegalArgumentException.class, () -> two.pValue(new int[] {0}, 99));
    assertThrows(IllegalArgumentException.class, () -> two.pValue(new int[] {0, 1}, 98));
    assertThrows(IllegalArgumentException.class, () -> two.pValue(new int[] {0, 100}, 99));
    assertThrows(IllegalArgumentException.class, () -> UniformRanks.of(0));
  }
}
