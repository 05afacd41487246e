package org.definetti.lab.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SortedMap;
import java.util.TreeMap;
import org.definetti.lab.sparse.CriticalSize.Count;
import org.junit.jupiter.api.Test;

class CriticalSizeTest {

  /** Counts that a logistic curve through 1/2 at m = 60 gives without noise. */
  private static SortedMap<Integer, Count> logistic(double slope) {
    SortedMap<Integer, Count> counts = new TreeMap<>();
    for (int m : new int[] {30, 40, 50, 60, 70, 80, 120}) {
      double p = 1 / (1 + Math.exp(-slope * Math.log(m / 60.0)));
      counts.put(m, new Count(1_000_000, (int) Math.round(1e6 * p)));
    }
    return counts;
  }

  @Test
  void aLogisticCurveIsFound() {
    for (double slope : new double[] {2, 8, 20}) {
      assertEquals(60, CriticalSize.of(logistic(slope), 0.5), 0.01);
      double thirty = 60 * Math.exp(Math.log(0.3 / 0.7) / slope);
      assertEquals(thirty, CriticalSize.of(logistic(slope), 0.3), 0.02);
    }
  }

  @Test
  void separatedCountsGiveASizeBetween() {
    SortedMap<Integer, Count> counts = new TreeMap<>();
    counts.put(20, new Count(10, 0));
    counts.put(30, new Count(10, 0));
    counts.put(40, new Count(10, 10));
    counts.put(50, new Count(10, 10));
    double size = CriticalSize.of(counts, 0.5);
    assertTrue(size > 30 && size < 40, () -> "got " + size);
    assertTrue(CriticalSize.isBracketed(counts, 0.5));
    assertFalse(CriticalSize.isBracketed(counts.tailMap(40), 0.5));
    assertThrows(IllegalArgumentException.class, () -> CriticalSize.of(counts.headMap(30), 0.5));
  }
}
