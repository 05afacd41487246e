package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ConvolutionStackTest {

  private static final int D = 3;

  /** Sums of a dozen terms of order one. */
  private static final double TOLERANCE = 1e-13;

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static Map<String, SimpleMatrix> parameters(ConvolutionShape shape) {
    RandomGenerator rng = Seed.of(3).generator();
    Map<String, SimpleMatrix> all = new LinkedHashMap<>();
    for (int r = 0; r < shape.depth(); r++) {
      all.put("layer." + r + ".map", normal(D, shape.taps() * D, rng).scale(0.5));
      all.put("layer." + r + ".bias", normal(1, D, rng));
    }
    return all;
  }

  private static ConvolutionStack stack(ConvolutionShape shape, boolean residual) {
    return ConvolutionStack.of(parameters(shape), shape, Activation.GELU, residual);
  }

  /** Returns which outputs change when a row is replaced, exactly. */
  private static boolean[] changed(ConvolutionShape shape, int n, int replaced) {
    SimpleMatrix rows = normal(n, D, Seed.of(4).generator());
    double[] other = rows.getDDRM().data.clone();
    for (int j = 0; j < D; j++) {
      other[replaced * D + j] += 1;
    }
    SimpleMatrix before = stack(shape, false).transform(rows);
    SimpleMatrix after = stack(shape, false).transform(new SimpleMatrix(n, D, true, other));
    boolean[] changed = new boolean[n];
    for (int i = 0; i < n; i++) {
      changed[i] = before.rows(i, i + 1).minus(after.rows(i, i + 1)).elementMaxAbs() > 0;
    }
    return changed;
  }

  private static void assertReach(ConvolutionShape shape, int back, int forward) {
    assertEquals(back, shape.back());
    assertEquals(forward, shape.forward());
    boolean[] changed = changed(shape, 21, 10);
    for (int i = 0; i < 21; i++) {
      // Output i sees from i - back to i + forward.
      assertEquals(i <= 10 + back && i >= 10 - forward, changed[i], shape + " output " + i);
    }
  }

  /** Undilated or with dilations whose sums leave no gap: everything inside the field shows. */
  @Test
  void anOutputSeesItsFieldAndNothingElse() {
    assertReach(ConvolutionShape.centred(3, List.of(1)), 1, 1);
    assertReach(ConvolutionShape.centred(3, List.of(1, 1, 1)), 3, 3);
    assertReach(ConvolutionShape.centred(5, List.of(1, 1)), 4, 4);
    assertReach(ConvolutionShape.causal(3, List.of(1, 1)), 4, 0);
    assertReach(ConvolutionShape.causal(2, ConvolutionShape.doubling(3)), 7, 0);
    assertReach(ConvolutionShape.causal(3, ConvolutionShape.doubling(2)), 6, 0);
  }

  /** Against sums written out: one layer of kernel 2 and one of kernel 3 with zeros beyond. */
  @Test
  void oneLayerIsItsSum() {
    for (ConvolutionShape shape :
        List.of(ConvolutionShape.causal(2, List.of(3)), ConvolutionShape.centred(3, List.of(2)))) {
      int n = 6;
      SimpleMatrix rows = normal(n, D, Seed.of(5).generator());
      SimpleMatrix map = parameters(shape).get("layer.0.map");
      SimpleMatrix bias = parameters(shape).get("layer.0.bias");
      SimpleMatrix found = stack(shape, true).transform(rows);
      int[] steps = shape.causal() ? new int[] {-3, 0} : new int[] {-2, 0, 2};
      for (int i = 0; i < n; i++) {
        for (int o = 0; o < D; o++) {
          double sum = bias.get(0, o);
          for (int t = 0; t < steps.length; t++) {
            int from = i + steps[t];
            for (int j = 0; from >= 0 && from < n && j < D; j++) {
              sum += map.get(o, t * D + j) * rows.get(from, j);
            }
          }
          double expected = Activation.GELU.value(sum) + rows.get(i, o);
          assertEquals(expected, found.get(i, o), TOLERANCE);
        }
      }
    }
  }

  @Test
  void onARingItCommutesWithShiftsAndOtherwiseNot() {
    int n = 7;
    SimpleMatrix rows = normal(n, D, Seed.of(6).generator());
    SimpleMatrix shifted = rows.rows(2, n).concatRows(rows.rows(0, 2));
    ConvolutionShape padded = ConvolutionShape.centred(3, List.of(1, 2));
    for (boolean ring : new boolean[] {true, false}) {
      ConvolutionStack stack = stack(ring ? padded.withCircularPadding() : padded, false);
      SimpleMatrix out = stack.transform(rows);
      SimpleMatrix expected = out.rows(2, n).concatRows(out.rows(0, 2));
      double error = stack.transform(shifted).minus(expected).elementMaxAbs();
      assertEquals(ring, error < TOLERANCE, "ring " + ring + ": " + error);
    }
  }

  /** On a grid of 4 columns, place 9 is row 2, column 1; the last row is not whole. */
  @Test
  void aGridSeesItsNeighbours() {
    boolean[] changed = changed(ConvolutionShape.grid(3, List.of(1), 4), 14, 9);
    for (int i = 0; i < 14; i++) {
      boolean near = Math.abs(i / 4 - 2) <= 1 && Math.abs(i % 4 - 1) <= 1;
      assertEquals(near, changed[i], "place " + i);
    }
    // The last of a row and the first of the next are no neighbours.
    assertFalse(changed(ConvolutionShape.grid(3, List.of(1), 4), 14, 7)[8]);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ConvolutionShape.centred(2, List.of(1)));
    assertThrows(IllegalArgumentException.class, () -> ConvolutionShape.causal(0, List.of(1)));
    assertThrows(IllegalArgumentException.class, () -> ConvolutionShape.causal(2, List.of()));
    assertThrows(IllegalArgumentException.class, () -> ConvolutionShape.causal(2, List.of(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ConvolutionShape.grid(3, List.of(1), 4).withCircularPadding());
    ConvolutionShape shape = ConvolutionShape.causal(2, List.of(1));
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConvolutionStack.of(Map.of(), shape, Activation.RELU, false));
    assertTrue(String.valueOf(error.getMessage()).contains("layer.0.map"), error.getMessage());
  }
}
