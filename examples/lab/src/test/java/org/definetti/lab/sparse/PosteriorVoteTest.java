package org.definetti.lab.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;
import org.junit.jupiter.api.Test;

class PosteriorVoteTest {

  private static final SparseFunction FUNCTION = SparseFunction.conjunction(7, List.of(1, 4, 6));
  private static final Batch HELD_OUT =
      TrainingSet.strings(FUNCTION, 300, 0.79, Seed.of(2).generator());

  private static Batch train(int count) {
    return TrainingSet.strings(FUNCTION, count, 0.79, Seed.of(1).generator());
  }

  /** Counts all 35 triples by hand. */
  private static double byEnumeration(Batch train, Batch heldOut) {
    int wrong = 0;
    for (int i = 0; i < heldOut.size(); i++) {
      int left = 0;
      int ones = 0;
      for (int code = 0; code < 1 << 7; code++) {
        boolean explains = Integer.bitCount(code) == 3;
        for (int l = 0; l < train.size() && explains; l++) {
          explains = conjunction(code, train, l) == train.targets()[l] > 0.5f;
        }
        left += explains ? 1 : 0;
        ones += explains && conjunction(code, heldOut, i) ? 1 : 0;
      }
      wrong += 2 * ones > left == heldOut.targets()[i] > 0.5f ? 0 : 1;
    }
    return (double) wrong / heldOut.size();
  }

  private static boolean conjunction(int code, Batch strings, int string) {
    boolean all = true;
    for (int t = 0; t < 7; t++) {
      all &= (code >> t & 1) == 0 || strings.values(1)[string * 7 + t] > 0.5f;
    }
    return all;
  }

  @Test
  void theVoteIsThatOfAllTriplesLeft() {
    for (int count : new int[] {1, 4, 9, 40}) {
      Batch train = train(count);
      assertEquals(byEnumeration(train, HELD_OUT), PosteriorVote.error(train, HELD_OUT, 3), 1e-12);
    }
    assertEquals(0, PosteriorVote.error(train(200), HELD_OUT, 3));
  }

  @Test
  void whoBelievesInTwoBitsErrsForEver() {
    assertTrue(PosteriorVote.errorBelieving(train(400), HELD_OUT, 2, 0.05) > 0.05);
    assertEquals(0, PosteriorVote.errorBelieving(train(400), HELD_OUT, 3, 0.05));
  }
}
