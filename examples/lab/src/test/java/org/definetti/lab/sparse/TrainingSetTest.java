package org.definetti.lab.sparse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;
import org.junit.jupiter.api.Test;

class TrainingSetTest {

  private static BitSet bits(Batch strings, int string) {
    BitSet bits = new BitSet();
    for (int t = 0; t < strings.length(); t++) {
      int at = string * strings.length() + t;
      assertEquals(1f, strings.values(0)[at] + strings.values(1)[at], "one symbol");
      bits.set(t, strings.values(1)[at] == 1f);
    }
    return bits;
  }

  private static int consistent(Batch strings, int length) {
    int consistent = 0;
    for (int i = 0; i < length; i++) {
      for (int j = i + 1; j < length; j++) {
        for (int k = j + 1; k < length; k++) {
          boolean all = true;
          for (int n = 0; n < strings.size(); n++) {
            BitSet bits = bits(strings, n);
            boolean value = bits.get(i) && bits.get(j) && bits.get(k);
            all &= value == strings.targets()[n] > 0.5f;
          }
          consistent += all ? 1 : 0;
        }
      }
    }
    return consistent;
  }

  /** By trying all triples, which shares nothing with the version space. */
  @Test
  void setsHaveOneConsistentTripleAndBalancedLabels() {
    for (int n = 0; n < 5; n++) {
      TrainingSet set = TrainingSet.conjunction(12, 3, 20, Seed.of(n).generator());
      assertEquals(1, consistent(set.strings(), 12));
      double ones = 0;
      for (int i = 0; i < 20; i++) {
        boolean label = set.strings().targets()[i] == 1f;
        assertEquals(set.function().value(bits(set.strings(), i)), label);
        ones += label ? 1 : 0;
      }
      assertTrue(ones >= 8 && ones <= 12, "share of ones");
      assertTrue(set.rejected() >= 0);
    }
  }

  @Test
  void shuffledLabelsAreTheSameLabelsElsewhere() {
    TrainingSet set = TrainingSet.conjunction(12, 3, 40, Seed.of(1).generator());
    TrainingSet shuffled = set.withShuffledLabels(Seed.of(2).generator());
    float[] before = set.strings().targets().clone();
    float[] after = shuffled.strings().targets().clone();
    assertNotEquals(Arrays.toString(before), Arrays.toString(after));
    Arrays.sort(before);
    Arrays.sort(after);
    assertArrayEquals(before, after);
    assertEquals(bits(set.strings(), 7), bits(shuffled.strings(), 7));
  }

  @Test
  void stringsAreLabelledByTheFunctionOrByCoins() {
    SparseFunction parity = SparseFunction.parity(9, List.of(1, 4));
    Batch strings = TrainingSet.strings(parity, 200, 0.5, Seed.of(3).generator());
    for (int i = 0; i < 200; i++) {
      assertEquals(parity.value(bits(strings, i)), strings.targets()[i] == 1f);
    }
    TrainingSet.refill(strings, parity, 0.5, true, Seed.of(4).generator());
    int right = 0;
    for (int i = 0; i < 200; i++) {
      right += parity.value(bits(strings, i)) == (strings.targets()[i] == 1f) ? 1 : 0;
    }
    assertTrue(right > 70 && right < 130, "4 standard deviations around one half");
  }
}
