package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResultsTest {

  @Test
  void gridSeenAlongTheOtherAxisHasTheSameNumbers() {
    Results rows = grid();
    Results columns = rows.sweptOver("width");
    assertEquals("width", columns.plan().sweptAxis());
    assertEquals(3, columns.cells().size());
    for (CellResult column : columns.cells()) {
      assertEquals(List.of(2.0, 10.0), column.points().stream().map(CellPoint::value).toList());
    }
    Cell third = Cell.of("model", "m").with("length", "64").with(Cell.SEED, "0");
    assertEquals(10 + 64, columns.get(third).points().get(1).metrics().get("sum").mean(), 0);
    Results back = columns.sweptOver("length");
    for (Cell cell : back.plan().cells()) {
      assertEquals(rows.get(cell), back.get(cell));
    }
  }

  @Test
  void axisWithoutNumbersIsRefused() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> grid().sweptOver("model"));
    assertTrue(error.getMessage().startsWith("axis: expected one with a number in every cell"));
  }

  /** Widths 10 and 2, lengths 4, 8 and 64; each cell holds the sum of the two. */
  private static Results grid() {
    List<Cell> cells = new ArrayList<>();
    List<CellResult> results = new ArrayList<>();
    for (int width : new int[] {10, 2}) {
      cells.add(Cell.of("model", "m").with("width", String.valueOf(width)).with(Cell.SEED, "0"));
      List<CellPoint> points = new ArrayList<>();
      for (int length : new int[] {4, 8, 64}) {
        points.add(new CellPoint(length, Map.of("sum", Estimate.exact(width + length))));
      }
      results.add(new CellResult(points));
    }
    return new Results(Plan.of("test", Map.of(), "length", cells), results);
  }
}
