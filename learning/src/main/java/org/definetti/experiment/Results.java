package org.definetti.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
   * Returns the same numbers with points along another axis of the cells, whose values must be
   * numbers: what was swept tells the cells apart instead.
   *
   * <p>A grid of two axes is measured along one and seen from both.
   *
   * @throws IllegalArgumentException if a cell has no number on that axis
   */
  public Results sweptOver(String axis) {
    Map<Cell, TreeMap<Double, CellPoint>> turned = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = plan.cells().get(i);
      double value = number(axis, cell);
      for (CellPoint point : cells.get(i).points()) {
        turned
            .computeIfAbsent(
                cell.without(axis).with(plan.sweptAxis(), Numbers.text(point.value())),
                key -> new TreeMap<>())
            .put(value, new CellPoint(value, point.metrics()));
      }
    }
    List<CellResult> results =
        turned.values().stream()
            .map(points -> new CellResult(List.copyOf(points.values())))
            .toList();
    Plan other = Plan.of(plan.version(), plan.configuration(), axis, List.copyOf(turned.keySet()));
    return new Results(other, results);
  }

  private static double number(String axis, Cell cell) {
    try {
      return Double.parseDouble(cell.axis(axis));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "axis: expected one with a number in every cell, got " + axis + " and " + cell, e);
    }
  }

  /**
   * Returns the curve of every metric and every group of cells that differ only in their seed, in
   * the order in which the plan first names them, metrics sorted by name.
   */
  public List<Curve> curves() {
    return Curves.of(this);
  }
}
