package org.definetti.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Bounds: their reference values, and that nothing random exceeds them. */
class CapacityTest {

  private static SimpleMatrix normal(int rows, int columns, double size, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers).scale(size);
  }

  /** The reference values of the project's notes for s = 3, to one per cent. */
  @Test
  void samplesNeededAreTheReference() {
    double[][] reference = {
      {100, 4.45e12, 4.45e12},
      {1_000, 8.46e12, 4.65e12},
      {10_000, 1.39e13, 4.84e12},
      {1_000_000, 2.96e13, 5.24e12}
    };
    CapacityBound frozen = CapacityBound.ofSelection(100, 3);
    for (double[] row : reference) {
      int length = (int) row[0];
      CapacityBound own = CapacityBound.ofSelection(length, 3);
      assertEquals(1, own.samplesFor(0.1) / row[1], 0.01);
      assertEquals(1, frozen.withLength(length).samplesFor(0.1) / row[2], 0.01);
      assertEquals(0.1, own.gap(own.samplesFor(0.1)), 1e-9);
    }
    assertTrue(frozen.isVacuous(1e6));
    assertFalse(frozen.isVacuous(1e13));
    assertTrue(frozen.withNormaliserConstant(2).gap(1e13) > frozen.gap(1e13));
    assertTrue(frozen.withLoss(2, 1).gap(1e13) > frozen.gap(1e13));
    assertTrue(frozen.withFailure(0.5).gap(1e13) < frozen.gap(1e13));
  }

  @Test
  void wrongNormsAreNamed() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> CapacityBound.of(10, 1, wrong, 1))
              .getMessage();
      assertTrue(message.startsWith("valueNorm: expected finite and > 0, got "), message);
    }
    CapacityBound bound = CapacityBound.of(10, 1, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> bound.withFailure(1));
    assertThrows(IllegalArgumentException.class, () -> bound.samplesFor(0));
    assertThrows(IllegalArgumentException.class, () -> bound.samplesFor(1e-80));
  }

  @Test
  void subsetsAreCounted() {
    assertEquals(Math.log(2300) / Math.log(2), InformationBound.log2Subsets(25, 3), 1e-12);
    assertEquals(0, InformationBound.log2Subsets(7, 7), 1e-12);
    assertEquals(0.5, InformationBound.success(8, 1, 2), 1e-12);
    assertEquals(1, InformationBound.success(8, 1, 5), 0);
    assertThrows(IllegalArgumentException.class, () -> InformationBound.log2Subsets(3, 4));
  }

  /** A stack of every depth moves less than its bound, for each normaliser that has one. */
  @Test
  void stacksMoveLessThanTheirBound() {
    RandomGenerator rng = Seed.of(101).generator();
    for (int depth = 1; depth <= 4; depth++) {
      for (int n : new int[] {2, 17}) {
        List<TransformerHead> layers = new ArrayList<>();
        List<TransformerHead> moved = new ArrayList<>();
        for (int l = 0; l < depth; l++) {
          SimpleMatrix[] maps = new SimpleMatrix[4];
          for (int i = 0; i < 4; i++) {
            maps[i] = normal(8, 8, 0.4, rng);
          }
          TransformerHead head = head(maps);
          for (int i = 0; i < 4; i++) {
            maps[i] = maps[i].plus(normal(8, 8, 1e-3, rng));
          }
          layers.add(head);
          moved.add(head(maps));
        }
        StackPerturbation sides = StackPerturbation.of(layers, moved, normal(n, 8, 1, rng), 1);
        assertTrue(sides.ratio() > 0 && sides.ratio() <= 1, () -> "ratio " + sides.ratio());
        assertThrows(
            IllegalArgumentException.class,
            () -> StackPerturbation.of(layers, List.of(), new SimpleMatrix(1, 8), 1));
      }
    }
  }

  private static TransformerHead head(SimpleMatrix[] maps) {
    return TransformerHead.of(maps[0], maps[1], maps[2]).withOutputMap(maps[3]).withRelu();
  }

  /** The reference values of the notes at n = 11, and the formula against enumeration. */
  @Test
  void fourierGapsAreEnumerated() {
    assertEquals(0.123047, FourierGap.enumerated(11, 2, 0), 5e-7);
    assertEquals(-0.013672, FourierGap.enumerated(11, 2, 10), 5e-7);
    assertEquals(0.005859, FourierGap.enumerated(11, 4, 7), 5e-7);
    for (int n : new int[] {5, 9, 13}) {
      for (int k = 2; k < n; k += 2) {
        assertEquals(FourierGap.majority(n, k - 1) / 2, FourierGap.enumerated(n, k, 1), 1e-15);
        assertEquals(FourierGap.majority(n, k + 1) / 2, FourierGap.enumerated(n, k, n - 1), 1e-15);
      }
    }
    assertEquals(0, FourierGap.gap(11, 6), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> FourierGap.enumerated(10, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> FourierGap.majority(11, 2));
  }
}
