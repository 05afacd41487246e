package org.definetti.experiment;

import java.util.List;

/**
 * A plan and what its cells measured.
 *
 * @param plan the plan
 * @param cells one result for each cell, in plan order
 */
public record Results(Plan plan, List<CellResult> cells) {

  /**
   * Copies the results.
   *
   * @throws IllegalArgumentException if there is not one result for each cell
   */
  public Results {
    cells = List.copyOf(cells);
    if (cells.size() != plan.cells().size()) {
      throw new IllegalArgumentException(
          "cells: expected " + plan.cells().size() + " (as the plan), got " + cells.size());
    }
  }

  /** Returns the result of a cell of the plan, which must be in it. */
  public CellResult get(Cell cell) {
    int index = plan.cells().indexOf(cell);
    if (index < 0) {
      throw new IllegalArgumentException("cell: expected a cell of the plan, got " + cell);
    }
    return cells.get(index);
  }

  /**
   * Returns the curve of every metric and every group of cells that differ only in their seed, in
   * the order in which the plan first names them, metrics sorted by name.
   */
  public List<Curve> curves() {
    return Curves.of(this);
  }
}
