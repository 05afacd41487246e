package org.definetti.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

/** Constructions A, B, C and C' against the functions they are built for. */
class ConstructionsTest {

  private static final double EXACT = 1e-9;
  private static final int LENGTH = 9;

  private static BitSet bits(long word) {
    return BitSet.valueOf(new long[] {word});
  }

  private static void assertComputes(SparseFunction function, SparseNetwork network) {
    for (long word = 0; word < 1 << LENGTH; word++) {
      BitSet bits = bits(word);
      assertEquals(function.value(bits) ? 1 : 0, network.value(bits), EXACT, function::toString);
    }
  }

  @Test
  void functionsLookAtTheirBits() {
    List<Integer> relevant = List.of(1, 4, 6);
    SparseFunction and = SparseFunction.conjunction(LENGTH, relevant);
    SparseFunction odd = SparseFunction.parity(LENGTH, relevant);
    SparseFunction most = SparseFunction.majority(LENGTH, relevant);
    for (long word = 0; word < 1 << LENGTH; word++) {
      long ones = (word >> 1 & 1) + (word >> 4 & 1) + (word >> 6 & 1);
      assertEquals(ones == 3, and.value(bits(word)));
      assertEquals(ones % 2 == 1, odd.value(bits(word)));
      assertEquals(ones >= 2, most.value(bits(word)));
    }
    assertTrue(and.isSymmetric());
    assertFalse(SparseFunction.of(LENGTH, relevant, pattern -> pattern == 1).isSymmetric());
    for (List<Integer> wrong :
        List.of(List.of(4, 1), List.of(1, 1), List.of(-1), List.of(LENGTH), List.<Integer>of())) {
      assertThrows(IllegalArgumentException.class, () -> SparseFunction.parity(LENGTH, wrong));
    }
  }

  @Test
  void theHeadAveragesTheRelevantBits() {
    RandomGenerator rng = Seed.of(91).generator();
    for (int s : new int[] {1, 3, 5}) {
      List<Integer> relevant = SparseFunction.drawPositions(LENGTH, s, rng);
      SparseFunction all = SparseFunction.conjunction(LENGTH, relevant);
      SparseNetwork network = SymmetricNetwork.of(all);
      double beta = SelectionHead.comfortableSharpness(LENGTH, s);
      double leakage = SelectionHead.leakage(LENGTH, s, beta);
      assertEquals(1 / (4.0 * s), leakage, 1e-14);
      assertEquals(1 - leakage, s * SelectionHead.weight(LENGTH, s, beta), 1e-14);
      for (long word = 0; word < 1 << LENGTH; word++) {
        double y = network.attended(bits(word))[0];
        double level = (1 - leakage) * Integer.bitCount(all.pattern(bits(word))) / s;
        assertTrue(y >= level - 1e-14 && y <= level + leakage + 1e-14, "y " + y);
      }
    }
  }

  @Test
  void symmetricFunctionsAreExact() {
    List<Integer> relevant = List.of(0, 3, 5, 8);
    for (int table = 0; table < 1 << 5; table++) {
      int g = table;
      SparseFunction function =
          SparseFunction.symmetric(LENGTH, relevant, count -> (g >> count & 1) == 1);
      SparseNetwork network = SymmetricNetwork.of(function);
      assertComputes(function, network);
      assertTrue(network.network().units() <= 8);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> SymmetricNetwork.of(SparseFunction.of(LENGTH, relevant, pattern -> pattern == 1)));
  }

  /** The free bias: no network behind the head, and the same function. */
  @Test
  void oneScalarTransformerIsEnough() {
    SparseFunction parity = SparseFunction.parity(LENGTH, List.of(2, 3, 7));
    SparseFunction none = SparseFunction.symmetric(LENGTH, List.of(2, 3, 7), count -> count == 0);
    for (SparseFunction function : List.of(parity, none)) {
      ScalarTransformer scalar = SymmetricNetwork.scalar(function);
      AdditiveMap map = AdditiveMap.orthonormal(LENGTH);
      for (long word = 0; word < 1 << LENGTH; word += 5) {
        double expected = function.value(bits(word)) ? 1 : 0;
        assertEquals(expected, scalar.value(map.tokens(bits(word))), EXACT);
        assertEquals(expected, scalar.throughLayer(map.tokens(bits(word))), EXACT);
      }
    }
  }

  @Test
  void generalFunctionsAreExact() {
    RandomGenerator rng = Seed.of(92).generator();
    for (int s = 1; s <= 5; s++) {
      List<Integer> relevant = SparseFunction.drawPositions(LENGTH, s, rng);
      long table = rng.nextLong();
      SparseFunction function =
          SparseFunction.of(LENGTH, relevant, pattern -> (table >> pattern & 1) == 1);
      assertComputes(function, GeneralNetwork.of(function));
      assertComputes(function, PatternDetectors.of(function));
    }
  }

  @Test
  void relevantBitsNeedNotDifferFromAll() {
    SparseFunction all = SparseFunction.parity(3, List.of(0, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> SymmetricNetwork.of(all));
    assertThrows(IllegalArgumentException.class, () -> GeneralNetwork.of(all));
    assertThrows(IllegalArgumentException.class, () -> PatternDetectors.of(all));
  }

  /** Just below the threshold two counts meet; the network refuses to be built there. */
  @Test
  void countsSeparateAtTheThreshold() {
    for (int s : new int[] {1, 2, 3, 5}) {
      double threshold = SelectionHead.threshold(LENGTH, s);
      assertTrue(SelectionHead.levelGap(LENGTH, s, threshold - 0.01) < 0);
      assertTrue(SelectionHead.levelGap(LENGTH, s, threshold + 0.01) > 0);
      SparseFunction parity = SparseFunction.parity(LENGTH, List.of(0, 1, 2, 3, 4).subList(0, s));
      assertThrows(
          IllegalArgumentException.class, () -> SymmetricNetwork.at(parity, threshold - 0.5));
    }
  }

  @Test
  void rampsTakeTheirValues() {
    ReluNetwork ramps =
        ReluNetwork.ramps(
            new double[] {0, 1, 2, 3}, new double[] {0.5, 1.5, 2.5, 3}, new double[] {2, 2, -1, 4});
    assertEquals(4, ramps.units()); // no unit where the value stays
    assertEquals(2, ramps.value(0.2), 1e-15);
    assertEquals(2, ramps.value(1.5), 1e-15);
    assertEquals(-1, ramps.value(2.2), 1e-15);
    assertEquals(4, ramps.value(3), 1e-15);
    assertEquals(0.5, ramps.value(1.75), 1e-15);
    assertThrows(
        IllegalArgumentException.class,
        () -> ReluNetwork.ramps(new double[] {0, 1}, new double[] {1, 2}, new double[] {0, 1}));
  }
}
