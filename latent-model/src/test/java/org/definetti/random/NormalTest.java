package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class NormalTest {

  private static final int COUNT = 1_000_000;

  private static double cumulative(double x) {
    return 0.5 * Erf.erfc(-x / Math.sqrt(2));
  }

  private static double[] draws(String purpose) {
    double[] draws = new double[COUNT];
    Normal.fill(draws, 0, COUNT, Seed.of(20).child(purpose).generator());
    return draws;
  }

  @Test
  void drawsArePinned() {
    RandomGenerator rng = Seed.of(1).generator();
    long[] bits = new long[8];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToLongBits(Normal.draw(rng));
    }
    assertArrayEquals(PINNED, bits);
  }

  private static final long[] PINNED = {
    0xbfcb1de5fdd11980L,
    0x3fd35818249eb2beL,
    0x3fbccfcf59851ac6L,
    0x3fea8d087f18d310L,
    0xbfddf960fb806cc7L,
    0x3fdea02dfe035fa2L,
    0xbfe0a93d49ad477aL,
    0x3ffa6ca822c1d130L
  };

  /** Wedges and tails are rare: a hash of many draws pins them too. */
  @Test
  void manyDrawsArePinned() {
    double[] draws = draws("pinned");
    assertTrue(Arrays.stream(draws).anyMatch(x -> Math.abs(x) > Ziggurat.R));
    long hash = 0;
    for (double draw : draws) {
      hash = hash * 31 + Double.doubleToLongBits(draw);
    }
    assertEquals(0x650cae05f60d3171L, hash);
  }

  @Test
  void fillGivesTheSameBitsAsDraw() {
    double[] filled = new double[1000];
    Normal.fill(filled, 3, 990, Seed.of(4).generator());
    RandomGenerator rng = Seed.of(4).generator();
    for (int i = 0; i < filled.length; i++) {
      assertEquals(i < 3 || i >= 990 ? 0 : Normal.draw(rng), filled[i]);
    }
  }

  @Test
  void fillRefusesARangeOutsideTheArray() {
    RandomGenerator rng = Seed.of(4).generator();
    assertThrows(IndexOutOfBoundsException.class, () -> Normal.fill(new double[3], 1, 4, rng));
    assertThrows(IndexOutOfBoundsException.class, () -> Normal.fill(new double[3], 2, 1, rng));
  }

  /**
   * False alarm 6 · 6e-5: six means, each within 4 standard errors; E x^2k = 1, 3, 15, 105, 945,
   * 10395 for k = 1 ... 6.
   */
  @Test
  void momentsToTheSixthOrder() {
    double[] even = {1, 1, 3, 15, 105, 945, 10395};
    double[] sums = new double[7];
    for (double x : draws("moments")) {
      double power = 1;
      for (int k = 1; k <= 6; k++) {
        power *= x;
        sums[k] += power;
      }
    }
    for (int k = 1; k <= 6; k++) {
      double expected = k % 2 == 0 ? even[k / 2] : 0;
      double error = Math.sqrt((even[k] - expected * expected) / COUNT);
      assertEquals(expected, sums[k] / COUNT, 4 * error, "moment " + k);
    }
  }

  /** False alarm 1e-4 for the Kolmogorov distance, 1e-3 for Anderson-Darling's. */
  @Test
  void distributionIsNormal() {
    double[] draws = draws("distribution");
    assertTrue(
        GoodnessOfFit.kolmogorov(draws, NormalTest::cumulative) < GoodnessOfFit.KOLMOGOROV_1E4);
    assertTrue(
        GoodnessOfFit.andersonDarling(draws, NormalTest::cumulative)
            < GoodnessOfFit.ANDERSON_DARLING_1E3);
  }

  @Test
  void aScaleOffByTwoPercentIsSeen() {
    double[] draws = Arrays.stream(draws("distribution")).map(x -> 1.02 * x).toArray();
    assertTrue(
        GoodnessOfFit.kolmogorov(draws, NormalTest::cumulative) > GoodnessOfFit.KOLMOGOROV_1E4);
    assertTrue(
        GoodnessOfFit.andersonDarling(draws, NormalTest::cumulative)
            > GoodnessOfFit.ANDERSON_DARLING_1E3);
  }

  /**
   * Beyond two layer edges and deeper in the tail; false alarm 4 · 6e-5 by counts within 4 errors.
   */
  @Test
  void tailsHaveTheirFrequencyAndSign() {
    int batches = 20;
    double[] draws = new double[COUNT];
    RandomGenerator rng = Seed.of(20).child("tail").generator();
    double[] edges = {Ziggurat.X[2], Ziggurat.R, Ziggurat.R + 0.5};
    long[] beyond = new long[edges.length];
    long negative = 0;
    for (int batch = 0; batch < batches; batch++) {
      Normal.fill(draws, 0, COUNT, rng);
      for (double x : draws) {
        for (int e = 0; e < edges.length; e++) {
          if (Math.abs(x) > edges[e]) {
            beyond[e]++;
            if (e == 1 && x < 0) {
              negative++;
            }
          }
        }
      }
    }
    for (int e = 0; e < edges.length; e++) {
      double expected = (double) batches * COUNT * Erf.erfc(edges[e] / Math.sqrt(2));
      assertEquals(expected, (double) beyond[e], 4 * Math.sqrt(expected), "beyond " + edges[e]);
    }
    assertEquals((double) beyond[1] / 2, (double) negative, 2 * Math.sqrt((double) beyond[1]));
  }

  /**
   * Chi-square over the layer edges themselves, where a wedge error would sit; false alarm 1e-4.
   */
  @Test
  void layersHaveTheirProbability() {
    int cells = Ziggurat.LAYERS;
    long[] counts = new long[cells];
    double[] probabilities = new double[cells];
    for (int i = 0; i < cells; i++) {
      double outer = i == 0 ? 0 : Erf.erfc(Ziggurat.X[i] / Math.sqrt(2));
      probabilities[i] = Erf.erfc(Ziggurat.X[i + 1] / Math.sqrt(2)) - outer;
    }
    for (double x : draws("layers")) {
      int cell = 0;
      while (Math.abs(x) < Ziggurat.X[cell + 1]) {
        cell++;
      }
      counts[cell]++;
    }
    // 255 degrees of freedom: mean 255, critical value at 1e-4 about 346.
    assertTrue(GoodnessOfFit.chiSquare(counts, probabilities) < 346);
  }

  /**
   * Two draws share 53 bits within a layer: about COUNT² / 2 · 2^-53 · 4e-3 coincide, below 1e-6.
   */
  @Test
  void noDrawRepeatsAndNoneIsZero() {
    double[] draws = draws("repeats");
    Arrays.sort(draws);
    for (int i = 1; i < draws.length; i++) {
      assertTrue(draws[i - 1] < draws[i]);
    }
    assertTrue(Arrays.binarySearch(draws, 0) < 0);
  }

  /** False alarm 6e-5 each: neighbours and their squares are uncorrelated. */
  @Test
  void neighboursAreUncorrelated() {
    double[] draws = draws("neighbours");
    double product = 0;
    double squares = 0;
    for (int i = 1; i < COUNT; i++) {
      product += draws[i] * draws[i - 1];
      squares += (draws[i] * draws[i] - 1) * (draws[i - 1] * draws[i - 1] - 1);
    }
    assertEquals(0, product / COUNT, 4 / Math.sqrt(COUNT));
    assertEquals(0, squares / COUNT, 4 * 2 / Math.sqrt(COUNT));
  }
}
