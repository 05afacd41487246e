package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class DataSourceTest {

  private static final GaussianMean MODEL = GaussianMean.of(2, 1.0, 2.0);

  private static FreshSamples fresh(Lengths lengths) {
    return FreshSamples.of(MODEL, Objective.MASKED, lengths, Seed.of(5)).withBatchSize(10);
  }

  private static FixedDataSet fixed(int count) {
    FixedDataSet.Size size = new FixedDataSet.Size(count, 3);
    return FixedDataSet.draw(MODEL, Objective.SUPERVISED, size, Seed.of(5)).withBatchSize(4);
  }

  @Test
  void anyStepCanBeReplayedAndStepsDiffer() {
    for (DataSource data : new DataSource[] {fresh(Lengths.uniform(4, 9)), fixed(9)}) {
      Batch seventh = data.batch(7);
      Batch third = data.batch(3);
      assertEquals(seventh, data.batch(7));
      assertEquals(third, data.batch(3));
      assertNotEquals(seventh, third);
    }
  }

  @Test
  void partsAreTheWhole() {
    FreshSamples grouped = fresh(Lengths.fixed(6)).withGroupSize(4);
    for (DataSource data : new DataSource[] {fresh(Lengths.fixed(6)), grouped, fixed(9)}) {
      Batch whole = data.batch(2);
      for (int first = 0; first < data.batchSize(); first += 3) {
        int size = Math.min(3, data.batchSize() - first);
        Batch part = Batch.zeros(data.widths(), size, whole.length());
        data.fill(2, first, part);
        Batch copy = Batch.zeros(data.widths(), size, whole.length());
        for (int i = 0; i < size; i++) {
          copy.copySample(i, whole, first + i);
        }
        assertEquals(copy, part);
      }
    }
  }

  /** Every sequence its own length, the same in any part and padding; groups share one. */
  @Test
  void mixedLengthsBelongToTheSequences() {
    FreshSamples mixed = fresh(Lengths.uniform(2, 5)).withMixedLengths().withGroupSize(2);
    FixedDataSet.Size size = new FixedDataSet.Size(40, Lengths.uniform(2, 5));
    FixedDataSet set = FixedDataSet.draw(MODEL, Objective.MASKED, size, Seed.of(5));
    for (DataSource data : new DataSource[] {mixed, set}) {
      TreeSet<Integer> seen = new TreeSet<>();
      for (int step = 0; step < 40; step++) {
        seen.add(data.batch(step).length(0));
      }
      assertEquals("[2, 3, 4, 5]", seen.toString());
      Batch whole = data.batch(3);
      assertEquals(5, whole.length());
      for (int i = 0; i < whole.size(); i++) {
        boolean padded = whole.values(0)[i * 5 + 4] == 0f;
        assertEquals(whole.length(i) < 5, padded);
      }
      Batch part = Batch.zeros(data.widths(), 3, 5);
      data.fill(3, 4, part);
      for (int i = 0; i < 3; i++) {
        assertEquals(whole.length(4 + i), part.length(i));
        assertEquals(whole.values(1)[(4 + i) * 5], part.values(1)[i * 5]);
      }
    }
    assertEquals(mixed.batch(0).length(2), mixed.batch(0).length(3));
    assertNotEquals(mixed.toString(), fresh(Lengths.uniform(2, 5)).withGroupSize(2).toString());
  }

  @Test
  void samplesOfTheUsersOwnAreVisitedLikeDrawnOnes() {
    Batch own = Batch.zeros(new Widths(1, 1, 1), 5, 2, 2);
    for (int i = 0; i < 10; i++) {
      own.targets()[i] = i;
    }
    FixedDataSet data = FixedDataSet.of(own, Seed.of(5));
    assertEquals(5, data.batchSize());
    assertEquals(2, data.rows(2));
    TreeSet<Float> seen = new TreeSet<>();
    for (float target : data.batch(4).targets()) {
      seen.add(target);
    }
    assertEquals(10, seen.size());
    Batch other = Batch.zeros(new Widths(1, 1, 1), 5, 2, 2);
    assertNotEquals(data.toString(), FixedDataSet.of(other, Seed.of(5)).toString());
  }

  @Test
  void lengthsStayInTheirRangeAndReachBothEnds() {
    FreshSamples data = fresh(Lengths.uniform(4, 6));
    TreeSet<Integer> seen = new TreeSet<>();
    for (int step = 0; step < 60; step++) {
      seen.add(data.length(step));
    }
    assertEquals("[4, 5, 6]", seen.toString());
    assertEquals(6, data.maxLength());
    assertEquals(4, fresh(Lengths.fixed(4)).length(8));
  }

  @Test
  void everyEpochVisitsEverySampleOnceInAnotherOrder() {
    FixedDataSet data = fixed(6);
    assertEquals(6, data.count());
    // Twelve visits in three batches of four are two epochs.
    List<Float> order = new ArrayList<>();
    for (int step = 0; step < 3; step++) {
      Batch batch = data.batch(step);
      for (int i = 0; i < 4; i++) {
        order.add(batch.targets()[2 * i]);
      }
    }
    List<Float> first = order.subList(0, 6);
    List<Float> second = order.subList(6, 12);
    assertEquals(6, new TreeSet<>(first).size());
    assertEquals(new TreeSet<>(first), new TreeSet<>(second));
    assertNotEquals(first, second);
  }

  @Test
  void aSmallerDataSetIsAPrefixOfALargerOne() {
    Batch small = Batch.zeros(fixed(2).widths(), 2, 3);
    float least = Float.POSITIVE_INFINITY;
    fixed(2).withBatchSize(2).fill(0, 0, small);
    Batch large = fixed(9).withBatchSize(9).batch(0);
    for (float target : large.targets()) {
      least = Math.min(least, Math.abs(target - small.targets()[0]));
    }
    assertEquals(0f, least);
  }

  @Test
  void textsTellSourcesApart() {
    assertEquals(fresh(Lengths.fixed(4)).toString(), fresh(Lengths.fixed(4)).toString());
    assertNotEquals(fresh(Lengths.fixed(4)).toString(), fresh(Lengths.fixed(5)).toString());
    assertNotEquals(
        fresh(Lengths.fixed(4)).withGroupSize(2).toString(), fresh(Lengths.fixed(4)).toString());
    assertNotEquals(fixed(8).toString(), fixed(9).toString());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> Lengths.uniform(5, 4));
    assertThrows(IllegalArgumentException.class, () -> Lengths.fixed(-1));
    assertThrows(IllegalArgumentException.class, () -> fixed(3).withBatchSize(0));
    assertThrows(IllegalArgumentException.class, () -> new FixedDataSet.Size(0, 1));
    Batch large = Batch.zeros(fixed(3).widths(), 5, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> fixed(3).fill(0, 0, large));
  }
}
