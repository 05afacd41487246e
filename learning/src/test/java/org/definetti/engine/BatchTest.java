package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BatchTest {

  private static final Widths WIDTHS = new Widths(2, 1, 1);

  @Test
  void storesOneArrayPerCoordinate() {
    Batch batch = Batch.zeros(WIDTHS, 3, 4);
    assertEquals(2, batch.keys().length);
    assertEquals(12, batch.keys(1).length);
    assertEquals(12, batch.values(0).length);
    assertEquals(6, batch.queries().length);
    assertEquals(3, batch.targets().length);
  }

  @Test
  void copiesOneSample() {
    Batch source = Batch.zeros(WIDTHS, 2, 2);
    source.keys(1)[2] = 5f;
    source.values(0)[3] = 6f;
    source.queries()[3] = 7f;
    source.targets()[1] = 8f;
    Batch batch = Batch.zeros(WIDTHS, 3, 2);
    batch.copySample(2, source, 1);
    assertArrayEquals(new float[] {0, 0, 0, 0, 5, 0}, batch.keys(1));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 6}, batch.values(0));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 7}, batch.queries());
    assertArrayEquals(new float[] {0, 0, 8}, batch.targets());
  }

  @Test
  void equalByContent() {
    Batch one = Batch.zeros(WIDTHS, 2, 2);
    Batch two = Batch.zeros(WIDTHS, 2, 2);
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    two.values(0)[0] = 1f;
    assertNotEquals(one, two);
  }

  @Test
  void lengthsAndRowsBelongToTheSamples() {
    Batch source = Batch.zeros(WIDTHS, 2, 4, 3);
    assertEquals(3, source.rows());
    assertEquals(6, source.targets().length);
    assertEquals(4, source.length(1));
    source.setLength(1, 2);
    source.targets()[5] = 9f;
    Batch batch = Batch.zeros(WIDTHS, 3, 4, 3);
    batch.copySample(0, source, 1);
    batch.copyContext(2, 0);
    assertArrayEquals(new float[] {0, 0, 9, 0, 0, 0, 0, 0, 0}, batch.targets());
    assertEquals(2, batch.length(0));
    assertEquals(4, batch.length(1));
    assertEquals(2, batch.length(2));
    Batch shorter = Batch.zeros(WIDTHS, 3, 4, 3);
    shorter.copySample(0, source, 1);
    assertNotEquals(batch, shorter);
    assertThrows(IllegalArgumentException.class, () -> batch.setLength(0, 5));
    assertThrows(IllegalArgumentException.class, () -> batch.setLength(0, -1));
    Batch oneRow = Batch.zeros(WIDTHS, 1, 4);
    assertThrows(IllegalArgumentException.class, () -> oneRow.copySample(0, source, 0));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> new Widths(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Batch.zeros(WIDTHS, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Batch.zeros(WIDTHS, 1, -1));
    Batch longer = Batch.zeros(WIDTHS, 1, 3);
    Batch batch = Batch.zeros(WIDTHS, 1, 2);
    assertThrows(IllegalArgumentException.class, () -> batch.copySample(0, longer, 0));
  }
}
