package org.definetti.experiment;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.latent.Check;

/**
 * What a run is going to do, fixed before it starts: which cells, in which order, under which
 * configuration.
 *
 * <p>Results may be resumed, compared or pooled only within one plan, which is what {@link #hash}
 * decides. So everything that changes a number belongs into the configuration: the seed, the
 * numbers of sequences and steps, the parameters of the model. What changes no number (threads,
 * directories) stays out.
 *
 * @param version the version of the code that computes the cells
 * @param configuration settings that all cells share, sorted by name
 * @param sweptAxis the axis along which every cell has points, for example {@code length}
 * @param cells the cells in plan order; not empty, no cell twice
 */
public record Plan(
    String version, Map<String, String> configuration, String sweptAxis, List<Cell> cells) {

  private static final int HASH_HEX_DIGITS = 16;

  /**
   * Copies the parts.
   *
   * @throws IllegalArgumentException if there is no cell, two are the same, or a cell already has a
   *     value on the swept axis
   */
  public Plan {
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
    cells = List.copyOf(cells);
    Check.atLeast("cells", 1, cells.size());
    Map<String, Cell> byKey = new HashMap<>();
    for (Cell cell : cells) {
      Cell other = byKey.put(cell.key(), cell);
      if (other != null) {
        throw new IllegalArgumentException("cells: expected each once, got twice: " + cell);
      }
      if (cell.axes().containsKey(sweptAxis)) {
        throw new IllegalArgumentException(
            "cells: expected no value on the swept axis " + sweptAxis + ", got " + cell);
      }
    }
  }

  /** Returns the plan of these cells. */
  public static Plan of(
      String version, Map<String, String> configuration, String sweptAxis, List<Cell> cells) {
    return new Plan(version, configuration, sweptAxis, cells);
  }

  /** Returns the plan of these cells, computed by this version of the library. */
  public static Plan of(Map<String, String> configuration, String sweptAxis, List<Cell> cells) {
    return new Plan(Version.current(), configuration, sweptAxis, cells);
  }

  /**
   * Returns the identity of this plan as 16 hexadecimal digits: the start of SHA-256 over the
   * version, the configuration, the swept axis and the keys of the cells in order.
   */
  public String hash() {
    ContentHash hash = new ContentHash().add(version).add(Integer.toString(configuration.size()));
    configuration.forEach((name, value) -> hash.add(name).add(value));
    hash.add(sweptAxis);
    cells.forEach(cell -> hash.add(cell.key()));
    return hash.hex(HASH_HEX_DIGITS);
  }
}
